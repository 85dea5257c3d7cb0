import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Tick } from '../../design/field.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { useWords } from '../../messages/language.tsx'
import { pathwayQuery } from '../patient/patient-queries.ts'
import styles from './composer.module.css'
import { EntrySaid } from './quoted-line.tsx'
import { writingWords } from './writing-words.ts'

const MOST_OFFERED = 60

type QuoteProps = {
  patientId: string
  isOpen: boolean
  quoted: readonly string[]
  onClose: () => void
  onQuote: (eventId: string, isOn: boolean) => void
}

export function QuoteDialog(props: QuoteProps) {
  const words = useWords(writingWords)
  return (
    <Dialog title={words.quoteTitle} isOpen={props.isOpen} onClose={props.onClose}>
      <Offered {...props} />
      <div>
        <Button kind="primary" onPress={props.onClose}>
          {words.quoteAdd}
        </Button>
      </div>
    </Dialog>
  )
}

/** What happened last, the last line first. What people asked of each other is not quoted. */
function Offered({ patientId, quoted, onQuote }: QuoteProps) {
  const words = useWords(writingWords)
  const query = useQuery(pathwayQuery(patientId))
  const lines = useMemo(() => {
    const entries = query.data?.entries ?? []
    return entries.slice(-MOST_OFFERED).toReversed()
  }, [query.data])
  return (
    <Answered query={query}>
      {() =>
        lines.length === 0 ? (
          <p>{words.quoteNone}</p>
        ) : (
          <ul className={styles.offered}>
            {lines.map((entry) => (
              <li key={entry.entryId}>
                <Tick isOn={quoted.includes(entry.entryId)} onChange={(isOn) => onQuote(entry.entryId, isOn)}>
                  <Moment at={entry.happenedAt} only="absolute" /> <EntrySaid entry={entry} />
                </Tick>
              </li>
            ))}
          </ul>
        )
      }
    </Answered>
  )
}
