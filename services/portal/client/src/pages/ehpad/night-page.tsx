import type { EhpadBoardRow, InboxItem } from '@relais/contracts/boards'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Badge } from '../../design/badge.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { capital, domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { applyTheme } from '../../messages/theme.ts'
import { timeOfDay } from '../../messages/times.ts'
import { useBoard, type Resident, toldQuery, useHouseLive, useIdentities } from './ehpad-data.ts'
import { EhpadHead } from './ehpad-head.tsx'
import { ehpadWords } from './ehpad-words.ts'
import { isStayItem } from './left-lately.ts'
import { NoticeAct } from './notice-act.tsx'
import { StepDone } from './readiness-list.tsx'
import { nameIn } from './away-card.tsx'
import { NightNumbers } from './night-numbers.tsx'
import { ResidentName } from './resident-name.tsx'
import { type Change, changesSince, type Night as NightTimes, nightOf, tonightOf } from './tonight.ts'
import { WardCall, WhereOf } from './ward-call.tsx'
import styles from './night.module.css'

const DAY_MILLISECONDS = 86_400_000

/** What matters tonight, and nothing else: large, and dark by itself. */
export function EhpadNightPage() {
  const { finess } = useParams({ from: '/ehpad/$finess/night' })
  const query = useBoard(finess)
  useHouseLive(finess)
  useEffect(() => {
    document.documentElement.dataset['theme'] = 'dark'
    return applyTheme
  }, [])
  return (
    <Answered query={query} isPage>
      {(rows) => <Night rows={rows} finess={finess} />}
    </Answered>
  )
}

function Night({ rows, finess }: { rows: readonly EhpadBoardRow[]; finess: string }) {
  const words = useWords(ehpadWords)
  const { language } = useLanguage()
  const night = nightOf(useNow())
  const identities = useIdentities(finess)
  const { data: told = [] } = useQuery(toldQuery(finess))
  const { emergency, returning, elsewhere } = tonightOf(rows, night)
  const changes = changesSince({ rows, items: told.filter(isStayItem), since: night.since })
  const toDo = dueBefore(told, night)
  const since = timeOfDay(night.since, language)
  const isQuiet = emergency.length + returning.length + toDo.length === 0
  return (
    <div className={styles.night}>
      <EhpadHead finess={finess} title={words.nightTitle}>
        {isQuiet && <p>{words.quietNight}</p>}
      </EhpadHead>
      {emergency.length > 0 && <Residents title={words.atEmergency} rows={emergency} identities={identities} />}
      {returning.length > 0 && <Residents title={words.returningTonight} rows={returning} identities={identities} />}
      {toDo.length > 0 && (
        <section aria-labelledby="to-do">
          <h2 id="to-do">{words.toDoTonight}</h2>
          <ul className={styles.lines}>
            {toDo.map((item) => (
              <TaskLine key={keyOf(item)} {...{ item, finess, rows, identities }} />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="changed">
        <h2 id="changed">{words.changed(since)}</h2>
        {changes.length === 0 ? (
          <p className="soft">{words.nothingChanged(since)}</p>
        ) : (
          <ul className={styles.lines}>
            {changes.map((change) => (
              <ChangeLine key={`${change.residentId} ${change.nature}`} change={change} identities={identities} />
            ))}
          </ul>
        )}
      </section>
      <NightNumbers finess={finess} rows={[...emergency, ...returning, ...elsewhere]} />
      {elsewhere.length > 0 && (
        <section aria-labelledby="elsewhere">
          <h2 id="elsewhere">
            {words.elsewhere} <span className="soft">({elsewhere.length})</span>
          </h2>
          <ul className={styles.names}>
            {elsewhere.map((row) => (
              <li key={row.residentId}>
                <ResidentName row={row} identity={identities.get(row.residentId)} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

type Identities = ReadonlyMap<string, Resident['identity']>

function Residents({
  title,
  rows,
  identities,
}: {
  title: string
  rows: readonly EhpadBoardRow[]
  identities: Identities
}) {
  const words = useWords(ehpadWords)
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul className={styles.lines}>
        {rows.map((row) => (
          <li key={row.residentId} className={styles.line}>
            <ResidentName row={row} identity={identities.get(row.residentId)} />
            {row.standing && (
              <span>
                <WhereOf standing={row.standing} />
                {row.since !== undefined && (
                  <>
                    {`, ${words.since} `}
                    <Moment at={row.since} />
                  </>
                )}
              </span>
            )}
            {row.expectedBackAt !== undefined && (
              <span>
                {words.back} <Moment at={row.expectedBackAt} />
              </span>
            )}
            {row.standing && <WardCall standing={row.standing} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What the house is asked for before the morning, or late with; of returns to confirm, those of that day. */
function dueBefore(told: readonly InboxItem[], { since, until }: NightTimes): InboxItem[] {
  return told.filter((item) => {
    const dueAt = dueOf(item)
    if (item.status !== 'open' || dueAt === undefined) return false
    const isOld = Date.parse(dueAt) < since - DAY_MILLISECONDS / 2
    return Date.parse(dueAt) < until && !(isOld && item.kind === 'stay' && item.standing.status === 'discharged')
  })
}

const dueOf = (item: InboxItem) => (item.kind === 'stay' ? item.expected.dueAt : item.work.expected.dueAt)
const keyOf = (item: InboxItem) => (item.kind === 'stay' ? item.stayId : JSON.stringify(item.work.subject))

type Task = { item: InboxItem; finess: string; rows: readonly EhpadBoardRow[]; identities: Identities }

function TaskLine({ item, finess, rows, identities }: Task) {
  const words = useWords(ehpadWords)
  const domain = useWords(domainWords)
  const now = useNow()
  const row = rows.find(({ patientId }) => patientId !== undefined && patientId === item.patientId)
  const identity = row && identities.get(row.residentId)
  const dueAt = dueOf(item)
  const isHome = item.kind === 'stay' && item.standing.status === 'discharged'
  return (
    <li className={styles.line}>
      <strong>
        {isHome
          ? words.confirmBack
          : item.kind === 'stay'
            ? capital(domain.expected[item.expected.action])
            : item.work.title}
      </strong>
      {row && <ResidentName row={row} identity={identity} />}
      {dueAt !== undefined && (
        <span>
          {isHome ? words.leftAt : words.by} <Moment at={dueAt} />{' '}
          {!isHome && Date.parse(dueAt) < now && <Badge tone="alert">{words.late}</Badge>}
        </span>
      )}
      {item.kind === 'stay' && isHome && <WardCall standing={item.standing} />}
      {item.kind === 'stay' && <NoticeAct item={item} name={nameIn(identity, row)} />}
      {item.kind === 'work' && item.work.subject.kind === 'step' && (
        <StepDone line={{ ...item.work.subject, title: item.work.title }} patientId={item.patientId} finess={finess} />
      )}
    </li>
  )
}

function ChangeLine({ change: { at, nature, row, item }, identities }: { change: Change; identities: Identities }) {
  const words = useWords(ehpadWords)
  const { notice } = useWords(domainWords)
  return (
    <li className={styles.line}>
      <span>
        <Moment at={at} only="absolute" />{' '}
        <strong>{capital(nature === 'entered' ? words.entered : notice[nature])}</strong>
      </span>
      <ResidentName row={row ?? { patientId: item?.patientId }} identity={row && identities.get(row.residentId)} />
      {item && item.standing.status !== 'withdrawn' && (
        <span className="soft">
          <WhereOf standing={item.standing} />
        </span>
      )}
    </li>
  )
}
