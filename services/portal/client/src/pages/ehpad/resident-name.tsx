import type { EhpadBoardRow } from '@relais/contracts/boards'
import { useWords } from '../../messages/language.tsx'
import { nameOf, PatientName } from '../../people/people.tsx'
import type { Resident } from './ehpad-data.ts'
import { ehpadWords } from './ehpad-words.ts'
import styles from './ehpad.module.css'

type Named = { row: Pick<EhpadBoardRow, 'room' | 'patientId'>; identity: Resident['identity'] | undefined }

/** The room, then who lives there, as the house knows them. */
export function ResidentName({ row, identity }: Named) {
  const words = useWords(ehpadWords)
  return (
    <span className={styles.resident}>
      <span className={styles.room}>{row.room === undefined ? words.noRoom : words.room(row.room)}</span>{' '}
      {identity ? <strong>{residentName(identity)}</strong> : <PatientName patientId={row.patientId} brief />}
    </span>
  )
}

export function residentName({ usedName, birthName, givenNames }: Resident['identity']): string {
  return nameOf({ usedName, birthName, givenName: givenNames })
}
