import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { memo, useMemo, useState } from 'react'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Field } from '../../design/field.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { birthDate } from '../../messages/times.ts'
import { byRoom } from './board-sections.ts'
import { Doubts } from './doubts.tsx'
import { registerQuery, type Resident, useHouseLive } from './ehpad-data.ts'
import { EhpadHead } from './ehpad-head.tsx'
import { CorrectionDialog, EntryDialog } from './entry-dialog.tsx'
import { ImportResidents } from './import-residents.tsx'
import { LeaveDialog, MoveDialog } from './register-dialogs.tsx'
import { registerWords } from './register-words.ts'
import { residentName } from './resident-name.tsx'
import styles from './register.module.css'

/** Who lives in the house: entries, rooms, departures, identities to check, and the file of another program. */
export function EhpadRegisterPage() {
  const { finess } = useParams({ from: '/ehpad/$finess/register' })
  const words = useWords(registerWords)
  const query = useQuery(registerQuery(finess))
  const [isEntering, setEntering] = useState(false)
  const [isImporting, setImporting] = useState(false)
  useHouseLive(finess)
  return (
    <div className={styles.page}>
      <EhpadHead finess={finess} title={words.title}>
        <div className="row unprinted">
          <Button kind="primary" onPress={() => setEntering(true)}>
            {words.enter}
          </Button>
          <Button onPress={() => setImporting(true)}>{words.importFile}</Button>
        </div>
      </EhpadHead>
      <Answered query={query}>
        {(residents) => (
          <>
            <Doubts finess={finess} residents={residents} />
            <Residents finess={finess} residents={residents} />
          </>
        )}
      </Answered>
      {isEntering && <EntryDialog finess={finess} onClose={() => setEntering(false)} />}
      {isImporting && <ImportResidents finess={finess} onClose={() => setImporting(false)} />}
    </div>
  )
}

type Act = 'move' | 'leave' | 'correct'

function Residents({ finess, residents }: { finess: string; residents: readonly Resident[] }) {
  const words = useWords(registerWords)
  const [text, setText] = useState('')
  const [open, setOpen] = useState<{ act: Act; resident: Resident }>()
  const sorted = useMemo(() => residents.toSorted(byRoom), [residents])
  const found = sorted.filter((resident) => matches(resident, text))
  const close = () => setOpen(undefined)
  return (
    <section className={styles.section} aria-labelledby="residents">
      <h2 id="residents">
        {words.list} <span className="soft">({words.count(residents.length)})</span>
      </h2>
      {residents.length === 0 ? (
        <Empty title={words.empty}>
          <p>{words.emptyHelp}</p>
        </Empty>
      ) : (
        <div className="unprinted">
          <Field type="search" label={words.search} help={words.searchHelp} value={text} onChange={setText} />
        </div>
      )}
      {residents.length > 0 && found.length === 0 && <Empty title={words.nobody} />}
      {found.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{words.room}</th>
              <th scope="col">{words.name}</th>
              <th scope="col">{words.born}</th>
              <th scope="col">{words.identity}</th>
              <th scope="col">{words.hospital}</th>
              <th scope="col" className="unprinted">
                {words.acts}
              </th>
            </tr>
          </thead>
          <tbody>
            {found.map((resident) => (
              <ResidentRow key={resident.residentId} resident={resident} onOpen={setOpen} />
            ))}
          </tbody>
        </table>
      )}
      {open?.act === 'move' && <MoveDialog finess={finess} resident={open.resident} onClose={close} />}
      {open?.act === 'leave' && <LeaveDialog finess={finess} resident={open.resident} onClose={close} />}
      {open?.act === 'correct' && <CorrectionDialog finess={finess} resident={open.resident} onClose={close} />}
    </section>
  )
}

type Row = { resident: Resident; onOpen: (open: { act: Act; resident: Resident }) => void }

const ResidentRow = memo(function ResidentRow({ resident, onOpen }: Row) {
  const words = useWords(registerWords)
  const { language } = useLanguage()
  const { identityStatus } = useWords(domainWords)
  const { identity, room, matches: known } = resident
  const name = residentName(identity)
  return (
    <tr>
      <td data-label={words.room}>{room ?? words.noRoom}</td>
      <th scope="row">{name}</th>
      <td data-label={words.born}>{birthDate(identity.birthDate, language)}</td>
      <td data-label={words.identity}>{identityStatus[identity.status]}</td>
      <td data-label={words.hospital}>
        <Badge tone={known.length > 0 ? 'done' : 'plain'}>{known.length > 0 ? words.matched : words.notMatched}</Badge>
      </td>
      <td className="unprinted">
        <div className={styles.acts}>
          {(['move', 'leave', 'correct'] as const).map((act) => (
            <Button key={act} kind="quiet" label={`${words[act]} : ${name}`} onPress={() => onOpen({ act, resident })}>
              {words[act]}
            </Button>
          ))}
        </div>
      </td>
    </tr>
  )
})

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

function matches({ identity, room = '' }: Resident, text: string): boolean {
  const { birthName, usedName = '', givenNames } = identity
  const known = folded(`${room} ${usedName} ${birthName} ${givenNames}`)
  return folded(text)
    .split(/\s+/)
    .every((word) => known.includes(word))
}
