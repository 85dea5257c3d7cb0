import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Moment } from '../../design/moment.tsx'
import { useWords } from '../../messages/language.tsx'
import { EntryDetails, useEntryWord } from '../patient/entry-text.tsx'
import type { EntryLine } from '../patient/pathway-lines.ts'
import { pathwayQuery } from '../patient/patient-queries.ts'
import styles from './thread.module.css'
import { threadWords } from './thread-words.ts'

/** A line of the pathway inside a message, as it is now, for those who may see it: a quote opens nothing. */
export function QuotedLine({ patientId, entryId }: { patientId: string; entryId: string }) {
  const words = useWords(threadWords)
  const { data, isPending } = useQuery(pathwayQuery(patientId))
  const entry = data?.entries.find((one) => one.entryId === entryId)
  if (!entry) return <p className={styles.quote}>{isPending ? '…' : words.quoteUnknown}</p>
  return (
    <p className={styles.quote}>
      <Link to="/patients/$patientId" params={{ patientId }} search={{ entry: entryId }}>
        <Moment at={entry.happenedAt} only="absolute" />
      </Link>{' '}
      <EntrySaid entry={entry} />
    </p>
  )
}

export function EntrySaid({ entry }: Pick<EntryLine, 'entry'>) {
  const word = useEntryWord(entry)
  const said = (
    <>
      <strong>{word}</strong> <EntryDetails entry={entry} />
    </>
  )
  return entry.state === 'current' ? said : <del>{said}</del>
}
