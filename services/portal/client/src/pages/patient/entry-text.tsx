import { Moment } from '../../design/moment.tsx'
import { capital, domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { facilityQuery, RecipientName, WardName } from '../../people/people.tsx'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ShownEntry } from './pathway-lines.ts'
import styles from './parts.module.css'
import { pathwayWords } from './pathway-words.ts'
import { patientWords } from './patient-words.ts'

/** A code that a contract leaves open is shown as it is where no words are known for it. */
export const wordFor = (words: Readonly<Record<string, string>>, code: string) => words[code] ?? code

/** What a row says first: `Sortie`, `Correction : sortie`. */
export function useEntryWord(entry: ShownEntry): string {
  const { entry: words } = useWords(domainWords)
  const { colon } = useWords(pathwayWords)
  const { kind, movementKind } = entry
  const isAbout = kind === 'correction' || kind === 'withdrawal'
  return capital(isAbout && movementKind ? `${words[kind]}${colon}${words[movementKind]}` : words[kind])
}

/** The rest of a row about a stay or the circle, part by part. */
export function EntryDetails({ entry }: { entry: ShownEntry }) {
  const words = useWords(pathwayWords)
  const { fact, doubt, circleRole } = useWords(domainWords)
  const { kind, member, wards, changed = [], flags } = entry
  const facts: Readonly<Record<string, string>> = fact
  const parts: ReactNode[] = [
    kind === 'correction' &&
      (changed.length === 0
        ? words.unchanged
        : `${words.changed} ${[...new Set(changed.map((name) => facts[factOf(name)] ?? name))].join(', ')}`),
    member && <RecipientName id={member.memberId} />,
    member && circleRole[member.role],
    ...wards.map((ward) => <WardName key={`${ward.facility} ${ward.code}`} {...ward} />),
    wards.length === 0 && entry.facility && <FacilityName authority={entry.facility} />,
    <Place key="place" entry={entry} />,
    <Exit key="exit" entry={entry} />,
    entry.attendingPhysician && <RecipientName id={entry.attendingPhysician} />,
    <Plan key="plan" entry={entry} />,
    flags.length > 0 && `${words.doubts} ${flags.map(({ code }) => doubt[code]).join(', ')}`,
  ]
  return <Parts parts={parts} />
}

export function Parts({ parts }: { parts: readonly ReactNode[] }) {
  return parts.map((part, place) =>
    // A row's parts are always in the same order.
    part ? (
      <span key={place} className={styles.part}>
        {part}
      </span>
    ) : null,
  )
}

/** Fields of a movement, as facts of a standing are called. */
function factOf(name: string): string {
  if (name === 'medicalWard' || name === 'careWard') return 'wards'
  return name === 'plannedAt' || name === 'plannedWard' ? 'plannedTransfer' : name
}

function FacilityName({ authority }: { authority: string }) {
  const { data } = useQuery(facilityQuery(authority))
  return <span>{data?.name ?? authority}</span>
}

function Place({ entry: { room, bed } }: { entry: ShownEntry }) {
  const words = useWords(patientWords)
  if (room === undefined) return bed === undefined ? null : words.bed(bed)
  return words.room(room, bed)
}

function Exit({ entry: { discharge } }: { entry: ShownEntry }) {
  const { exitMode, destination, circumstances } = useWords(domainWords)
  if (!discharge) return null
  const { exitMode: mode, destinationKind, destinationFacility, circumstances: why } = discharge
  const whys: Readonly<Record<string, string>> = circumstances
  const said = [
    mode && wordFor(exitMode, mode),
    destinationKind && wordFor(destination, destinationKind),
    why && whys[why],
  ]
  return (
    <>
      {said.filter(Boolean).join(', ')}
      {destinationFacility !== undefined && (
        <>
          {' → '}
          <FacilityName authority={destinationFacility} />
        </>
      )}
    </>
  )
}

function Plan({ entry: { plannedAt, plannedWard, expectedDischargeAt, kind } }: { entry: ShownEntry }) {
  const words = useWords(pathwayWords)
  const { fact } = useWords(domainWords)
  return (
    <>
      {plannedAt !== undefined && (
        <>
          {`${words.plannedFor} `}
          <Moment at={plannedAt} only="absolute" />
        </>
      )}
      {plannedWard && (
        <>
          {' → '}
          <WardName {...plannedWard} />
        </>
      )}
      {expectedDischargeAt !== undefined && kind !== 'discharge' && (
        <>
          {`${plannedAt === undefined ? '' : ' · '}${fact.expectedDischargeAt} `}
          <Moment at={expectedDischargeAt} only="absolute" />
        </>
      )}
    </>
  )
}
