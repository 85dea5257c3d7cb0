import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Tick } from '../../design/field.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { useWords } from '../../messages/language.tsx'
import { linesOf } from '../patient/pathway-lines.ts'
import { pathwayQuery } from '../patient/patient-queries.ts'
import { titlesOf } from '../patient/titles.ts'
import styles from './composer.module.css'
import { EntrySaid, ExchangeSaid } from './quoted-line.tsx'
import { threadWords } from './thread-words.ts'

const MOST_OFFERED = 60

type QuoteProps = {
  patientId: string
  isOpen: boolean
  quoted: readonly string[]
  onClose: () => void
  onQuote: (eventId: string, isOn: boolean) => void
}

export function QuoteDialog(props: QuoteProps) {
  const words = useWords(threadWords)
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

/** What happened last, the last line first; conversations are not quoted in one another. */
function Offered({ patientId, quoted, onQuote }: QuoteProps) {
  const words = useWords(threadWords)
  const query = useQuery(pathwayQuery(patientId))
  const lines = useMemo(() => {
    const all = query.data ? linesOf(query.data).filter(({ kind }) => kind !== 'thread') : []
    return all.slice(-MOST_OFFERED).toReversed()
  }, [query.data])
  const titles = useMemo(() => titlesOf(query.data?.exchanges ?? []), [query.data])
  return (
    <Answered query={query}>
      {() =>
        lines.length === 0 ? (
          <p>{words.quoteNone}</p>
        ) : (
          <ul className={styles.offered}>
            {lines.map((line) => (
              <li key={line.id}>
                <Tick isOn={quoted.includes(line.id)} onChange={(isOn) => onQuote(line.id, isOn)}>
                  <Moment at={line.at} only="absolute" />{' '}
                  {line.type === 'entry' ? (
                    <EntrySaid entry={line.entry} />
                  ) : (
                    <ExchangeSaid exchange={line.exchange} titles={titles} />
                  )}
                </Tick>
              </li>
            ))}
          </ul>
        )
      }
    </Answered>
  )
}
