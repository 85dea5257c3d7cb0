import type { EhpadBoardRow, StayItem } from '@relais/contracts/boards'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Answered, Empty } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { capital } from '../../messages/domain.ts'
import { type Language, useLanguage, useWords } from '../../messages/language.tsx'
import { day } from '../../messages/times.ts'
import { AwayCard } from './away-card.tsx'
import { returnsByDay, startOfDay, withoutReturn } from './board-sections.ts'
import { useBoard, toldQuery, useHouseLive, useIdentities } from './ehpad-data.ts'
import { EhpadHead } from './ehpad-head.tsx'
import { ehpadWords } from './ehpad-words.ts'
import { isStayItem } from './left-lately.ts'
import styles from './ehpad.module.css'

/** Who comes back on which day, and whether everything is ready. */
export function EhpadReturnsPage() {
  const { finess } = useParams({ from: '/ehpad/$finess/returns' })
  const query = useBoard(finess)
  useHouseLive(finess)
  return (
    <Answered query={query} isPage>
      {(rows) => <Returns rows={rows} finess={finess} />}
    </Answered>
  )
}

function Returns({ rows, finess }: { rows: readonly EhpadBoardRow[]; finess: string }) {
  const words = useWords(ehpadWords)
  const now = useNow()
  const { language } = useLanguage()
  const { data: told } = useQuery(toldQuery(finess))
  const items = new Map<string | undefined, StayItem>(told?.filter(isStayItem).map((item) => [item.stayId, item]))
  const identities = useIdentities(finess)
  const days = returnsByDay(rows, now)
  const undated = withoutReturn(rows)
  const cards = (of: readonly EhpadBoardRow[]) => (
    <ul className={styles.cards}>
      {of.map((row) => (
        <AwayCard
          key={row.residentId}
          {...{ row, finess, identity: identities.get(row.residentId), item: items.get(row.stayId) }}
        />
      ))}
    </ul>
  )
  return (
    <div className={styles.page}>
      <EhpadHead finess={finess} title={words.returnsTitle} />
      {days.length === 0 && (
        <Empty title={words.noReturns}>
          <p>{words.noReturnsHelp}</p>
        </Empty>
      )}
      {days.map(({ day: at, rows: ofDay }) => (
        <section key={at} className={styles.section} aria-labelledby={`day-${at}`}>
          <h2 id={`day-${at}`}>
            {dayName(at, now, { language, today: words.today, tomorrow: words.tomorrow })}{' '}
            <span className="soft">({ofDay.length})</span>
          </h2>
          {cards(ofDay)}
        </section>
      ))}
      {undated.length > 0 && (
        <section className={styles.section} aria-labelledby="undated">
          <h2 id="undated">
            {words.withoutDate} <span className="soft">({undated.length})</span>
          </h2>
          {cards(undated)}
        </section>
      )}
    </div>
  )
}

type DayWords = { language: Language; today: string; tomorrow: string }

function dayName(at: number, now: number, { language, today, tomorrow }: DayWords): string {
  const name = day(new Date(at).toISOString(), now, language)
  const days = Math.round((at - startOfDay(now)) / 86_400_000)
  if (days === 0) return `${today}, ${name}`
  return days === 1 ? `${tomorrow}, ${name}` : capital(name)
}
