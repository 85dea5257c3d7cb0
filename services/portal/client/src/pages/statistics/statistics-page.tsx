import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Choice } from '../../design/field.tsx'
import { Answered } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { EventsDialog } from './events-dialog.tsx'
import { FigureSections } from './figure-sections.tsx'
import { monthName } from './month-name.ts'
import { addMonths, monthAt, monthsBetween } from './months.ts'
import { type Behind, statisticsQuery } from './statistics-data.ts'
import { statisticsWords } from './statistics-words.ts'
import styles from './statistics.module.css'

const PRESETS = { month: 1, quarter: 3, half: 6, year: 12 } as const
const MONTHS_BACK = 36

type Period = { from: string; until: string }

/** What is asked of others in the territory, what comes of it, how long it takes; and the events behind each figure. */
export function StatisticsPage() {
  const words = useWords(statisticsWords)
  const now = monthAt(useNow())
  const [period, setPeriod] = useState<Period>(() => ({ from: addMonths(now, -5), until: now }))
  const [recipient, setRecipient] = useState<string>()
  const [behind, setBehind] = useState<Behind>()
  const asked = { from: period.from, to: addMonths(period.until, 1), ...(recipient === undefined ? {} : { recipient }) }
  const query = useQuery(statisticsQuery(asked, 'month'))
  return (
    <div className={styles.page}>
      <header className="stack">
        <h1>{words.title}</h1>
        <PeriodChoice now={now} period={period} onChange={setPeriod} />
        {recipient !== undefined && (
          <p className="row">
            {words.of} :{' '}
            <strong>
              <RecipientName id={recipient} />
            </strong>
            <Button onPress={() => setRecipient(undefined)}>{words.everybody}</Button>
          </p>
        )}
        <p className="soft">{words.counted}</p>
      </header>
      <Answered query={query}>
        {(statistics) => (
          <FigureSections
            statistics={statistics}
            asked={asked}
            onShow={setBehind}
            onChoose={recipient === undefined ? setRecipient : undefined}
          />
        )}
      </Answered>
      {behind && <EventsDialog behind={behind} onClose={() => setBehind(undefined)} />}
    </div>
  )
}

function PeriodChoice({ now, period, onChange }: { now: string; period: Period; onChange: (period: Period) => void }) {
  const words = useWords(statisticsWords)
  const { language } = useLanguage()
  const months = monthsBetween(addMonths(now, -MONTHS_BACK), addMonths(now, 1)).toReversed()
  const options = months.map((month) => ({ value: month, label: monthName(month, language, 'long') }))
  return (
    <fieldset className={`${styles.period} unprinted`}>
      <legend>{words.period}</legend>
      <div className="row">
        {(['month', 'quarter', 'half', 'year'] as const).map((preset) => (
          <Button key={preset} onPress={() => onChange({ from: addMonths(now, 1 - PRESETS[preset]), until: now })}>
            {words.presets[preset]}
          </Button>
        ))}
      </div>
      <div className={styles.months}>
        <Choice
          label={words.from}
          value={period.from}
          options={options}
          onChange={(from) => onChange({ from, until: from > period.until ? from : period.until })}
        />
        <Choice
          label={words.to}
          value={period.until}
          options={options}
          onChange={(until) => onChange({ until, from: until < period.from ? until : period.from })}
        />
      </div>
    </fieldset>
  )
}
