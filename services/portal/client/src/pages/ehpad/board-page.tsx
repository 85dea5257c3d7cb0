import type { EhpadBoardRow, StayItem } from '@relais/contracts/boards'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { memo, type ReactNode, useMemo } from 'react'
import { hasScope, usePerson } from '../../api/session.ts'
import { Moment } from '../../design/moment.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { useWords } from '../../messages/language.tsx'
import { AwayCard, LeftCard, LeftLine } from './away-card.tsx'
import { returnsByDay, sectionsOf, startOfDay } from './board-sections.ts'
import { useBoard, doubtsQuery, type Resident, toldQuery, useHouseLive, useIdentities } from './ehpad-data.ts'
import { EhpadHead } from './ehpad-head.tsx'
import { ehpadWords } from './ehpad-words.ts'
import { isStayItem, leftLately } from './left-lately.ts'
import { ResidentName } from './resident-name.tsx'
import styles from './ehpad.module.css'

/** Where the residents are: who is away first, and what the house has to do about it. */
export function EhpadBoardPage() {
  const { finess } = useParams({ from: '/ehpad/$finess' })
  const query = useBoard(finess)
  useHouseLive(finess)
  return (
    <Answered query={query} isPage>
      {(rows) => <Board rows={rows} finess={finess} />}
    </Answered>
  )
}

function Board({ rows, finess }: { rows: readonly EhpadBoardRow[]; finess: string }) {
  const words = useWords(ehpadWords)
  const now = useNow()
  const identities = useIdentities(finess)
  const { data: told } = useQuery(toldQuery(finess))
  const sections = useMemo(() => sectionsOf(rows), [rows])
  const items = useMemo(() => lastTold(told?.filter(isStayItem) ?? []), [told])
  const { recent, unconfirmed } = leftLately(rows, told ?? [], now)
  const [soonest] = returnsByDay(rows, now)
  const back = soonest?.day === startOfDay(now) ? soonest.rows.length : 0
  const emergency = sections.away.filter(({ place }) => place === 'emergency').length
  const identityOf = (row: EhpadBoardRow) => identities.get(row.residentId)
  return (
    <div className={styles.page}>
      <EhpadHead finess={finess} title={words.title}>
        <p className={styles.summary}>
          {words.summary({ all: rows.length - sections.deceased.length, emergency, away: sections.away.length, back })}
        </p>
        <ToSettle finess={finess} rows={rows} />
      </EhpadHead>
      <Section title={words.away} count={sections.away.length}>
        {sections.away.length === 0 ? (
          <Empty title={words.nobodyAway} />
        ) : (
          <ul className={styles.cards}>
            {sections.away.map((row) => (
              <AwayCard
                key={row.residentId}
                {...{ row, finess, identity: identityOf(row), item: items.get(row.stayId ?? '') }}
              />
            ))}
          </ul>
        )}
      </Section>
      {recent.length + unconfirmed.length > 0 && (
        <Section title={words.left} count={recent.length} help={words.leftHelp}>
          <ul className={styles.cards}>
            {recent.map(({ row, item }) => (
              <LeftCard key={item.stayId} {...{ row, item, finess, identity: identityOf(row) }} />
            ))}
          </ul>
          {unconfirmed.length > 0 && (
            <details>
              <summary className={styles.summaryLine}>{words.unconfirmed(unconfirmed.length)}</summary>
              <ul className={styles.unconfirmed}>
                {unconfirmed.map(({ row, item }) => (
                  <LeftLine key={item.stayId} {...{ row, item, identity: identityOf(row) }} />
                ))}
              </ul>
            </details>
          )}
        </Section>
      )}
      {sections.deceased.length > 0 && (
        <Section title={words.deceased} count={sections.deceased.length} help={words.deceasedHelp}>
          <ResidentList rows={sections.deceased} identities={identities} />
        </Section>
      )}
      {sections.leaving.length > 0 && (
        <Section title={words.leaving} count={sections.leaving.length}>
          <ResidentList rows={sections.leaving} identities={identities} />
        </Section>
      )}
      <Section title={words.present} count={sections.present.length}>
        <ResidentList rows={sections.present} identities={identities} />
      </Section>
    </div>
  )
}

/** The last thing said of each stay. */
function lastTold(items: readonly StayItem[]): ReadonlyMap<string, StayItem> {
  return new Map(items.map((item) => [item.stayId, item]))
}

type SectionOf = { title: string; count: number; help?: string; children: ReactNode }

function Section({ title, count, help, children }: SectionOf) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2>
        {title} <span className="soft">({count})</span>
      </h2>
      {help !== undefined && <p className="soft">{help}</p>}
      {children}
    </section>
  )
}

type Listed = { rows: readonly EhpadBoardRow[]; identities: ReadonlyMap<string, Resident['identity']> }

function ResidentList({ rows, identities }: Listed) {
  return (
    <ul className={styles.residents}>
      {rows.map((row) => (
        <ResidentLine key={row.residentId} row={row} identity={identities.get(row.residentId)} />
      ))}
    </ul>
  )
}

/** MUST stay memoised: fifty entries a second change one line each, of two hundred. */
const ResidentLine = memo(function ResidentLine({
  row,
  identity,
}: {
  row: EhpadBoardRow
  identity: Resident['identity'] | undefined
}) {
  const words = useWords(ehpadWords)
  return (
    <li>
      <ResidentName row={row} identity={identity} />
      {row.expectedAt !== undefined && row.place === 'present' && (
        <span className="soft">
          {`${words.admissionOn} `}
          <Moment at={row.expectedAt} />
        </span>
      )}
      {row.place === 'deceased' && row.since !== undefined && (
        <span className="soft">
          {`${words.diedAt} `}
          <Moment at={row.since} only="absolute" />
        </span>
      )}
      {row.patientId === undefined && (
        <span className={styles.unmatched} role="img" aria-label={words.unmatched} title={words.unmatched} />
      )}
    </li>
  )
})

function ToSettle({ finess, rows }: { finess: string; rows: readonly EhpadBoardRow[] }) {
  const words = useWords(ehpadWords)
  const keepsRegister = hasScope(usePerson(), 'resident:write')
  const { data: doubts = [] } = useQuery({ ...doubtsQuery(finess), enabled: keepsRegister })
  const unmatched = rows.filter(({ patientId }) => patientId === undefined).length
  return (
    <>
      {doubts.length > 0 && (
        <p>
          <Link to="/ehpad/$finess/register" params={{ finess }} hash="doubts">
            {words.doubtsToSettle(doubts.length)}
          </Link>
        </p>
      )}
      {unmatched > 0 && <p className="soft">○ {words.unmatchedCount(unmatched)}</p>}
    </>
  )
}
