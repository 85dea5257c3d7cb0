import { memo, useState } from 'react'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { day, fullMoment, timeOfDay } from '../../messages/times.ts'
import { EntryDetails, useEntryWord } from './entry-text.tsx'
import { ExchangeDetails, useExchangeWord } from './exchange-text.tsx'
import { Explanation } from './explanation.tsx'
import type { EntryLine, ExchangeLine, LeavesLine, Line } from './pathway-lines.ts'
import { pathwayWords } from './pathway-words.ts'
import styles from './pathway.module.css'
import type { Titles } from './titles.ts'

/** Learned so much later than it happened, it is said. */
const LATE_MILLISECONDS = 15 * 60_000

export type RowContext = { patientId: string; titles: Titles; pointedAt: string | undefined; show(id: string): void }

/** One line of a pathway. It shows no time that passes, so that a thousand of them cost nothing while they stand. */
export const Row = memo(function Row({ line, context }: { line: Line; context: RowContext }) {
  switch (line.type) {
    case 'entry':
      return <EntryRow line={line} context={context} />
    case 'exchange':
      return <ExchangeRow line={line} context={context} />
    case 'leaves':
      return <LeavesRow line={line} context={context} />
  }
})

export const rowId = (entryId: string) => `line-${entryId}`

function EntryRow({ line: { id, entry, at, recordedAt }, context }: { line: EntryLine; context: RowContext }) {
  const words = useWords(pathwayWords)
  const word = useEntryWord(entry)
  const { state, supersededBy } = entry
  const isPast = state !== 'current'
  const said = (
    <>
      <strong>{word}</strong> <EntryDetails entry={entry} />
    </>
  )
  return (
    <li id={rowId(id)} className={styles.row} data-state={state} data-pointed={context.pointedAt === id || undefined}>
      <RowTime at={at} recordedAt={recordedAt} />
      <div className={styles.body}>
        <p className={styles.said}>{isPast ? <del className={styles.past}>{said}</del> : said}</p>
        {isPast && (
          <p className={styles.followed}>
            <Badge tone={state === 'withdrawn' ? 'alert' : 'warn'}>
              {state === 'withdrawn' ? words.withdrawn : words.corrected}
            </Badge>
            {supersededBy !== undefined && (
              <span className="unprinted">
                <Button kind="quiet" onPress={() => context.show(supersededBy)}>
                  {words.seeWhatFollowed}
                </Button>
              </span>
            )}
          </p>
        )}
        <Why id={id} word={word} context={context} />
      </div>
    </li>
  )
}

function ExchangeRow({ line: { id, exchange, at, recordedAt }, context }: { line: ExchangeLine; context: RowContext }) {
  const word = useExchangeWord(exchange)
  return (
    <li
      id={rowId(id)}
      className={styles.row}
      data-kind={exchange.kind}
      data-pointed={context.pointedAt === id || undefined}
    >
      <RowTime at={at} recordedAt={recordedAt} />
      <div className={styles.body}>
        <p className={styles.said}>
          <strong>{word}</strong> <ExchangeDetails exchange={exchange} titles={context.titles} />
        </p>
        <Why id={id} word={word} context={context} />
      </div>
    </li>
  )
}

function LeavesRow({ line: { id, lines, at, recordedAt }, context }: { line: LeavesLine; context: RowContext }) {
  const words = useWords(pathwayWords)
  const { language } = useLanguage()
  const [isOpen, setOpen] = useState(false)
  const count = lines.filter(({ entry }) => entry.kind === 'leave').length
  const [first] = lines
  return (
    <li id={rowId(id)} className={styles.row}>
      <RowTime at={at} recordedAt={recordedAt} />
      <details className={styles.body} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <strong>{words.leaves(Math.max(1, count))}</strong>
          {first && `${words.leavesFrom} ${fullMoment(first.at, language)}`}
        </summary>
        {isOpen && (
          <ol className={styles.rows}>
            {lines.toReversed().map((line) => (
              <Row key={line.id} line={line} context={context} />
            ))}
          </ol>
        )}
      </details>
    </li>
  )
}

function RowTime({ at, recordedAt }: { at: string; recordedAt: string }) {
  const words = useWords(pathwayWords)
  const { language } = useLanguage()
  const isLate = Date.parse(recordedAt) - Date.parse(at) > LATE_MILLISECONDS
  const isOtherDay = new Date(at).toDateString() !== new Date(recordedAt).toDateString()
  // The year is said where it is another than that of the entry.
  const learned = `${isOtherDay ? `${day(recordedAt, Date.parse(at), language)} ` : ''}${timeOfDay(recordedAt, language)}`
  return (
    <p className={styles.when}>
      <time dateTime={at} title={fullMoment(at, language)}>
        {timeOfDay(at, language)}
      </time>
      {isLate && <small title={fullMoment(recordedAt, language)}>{words.learned(learned)}</small>}
    </p>
  )
}

function Why({ id, word, context: { patientId, show } }: { id: string; word: string; context: RowContext }) {
  const words = useWords(pathwayWords)
  const [isOpen, setOpen] = useState(false)
  return (
    <details className={styles.why} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span aria-hidden="true">{words.why}</span>
        <span className="aside">{words.whyOf(word)}</span>
      </summary>
      {isOpen && <Explanation patientId={patientId} entryId={id} onShow={show} />}
    </details>
  )
}
