import type { EhpadBoardRow } from '@relais/contracts/boards'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { memo } from 'react'
import { Moment } from '../../design/moment.tsx'
import { Loading } from '../../design/states.tsx'
import { platformTime, useNow } from '../../live/now.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { timeOfDay } from '../../messages/times.ts'
import { facilityQuery, initialsOf } from '../../people/people.tsx'
import { sectionsOf } from './board-sections.ts'
import { boardQuery, type Resident, useHouseLive, useIdentities } from './ehpad-data.ts'
import { ehpadWords } from './ehpad-words.ts'
import { useNightlyReload, useScreenOn } from './unattended.ts'
import styles from './wall.module.css'

const REFRESH_MILLISECONDS = 60_000
/** Three attempts missed: what hangs on a wall is believed, so it says what it no longer knows. */
const STALE_MILLISECONDS = 3 * REFRESH_MILLISECONDS

/** For everybody who passes by: rooms and initials, who is away and when they come back. Never why, never where. */
export function EhpadWallPage() {
  const { finess } = useParams({ from: '/ehpad/$finess/wall' })
  const words = useWords(ehpadWords)
  const { language } = useLanguage()
  const query = useQuery({ ...boardQuery(finess), refetchInterval: REFRESH_MILLISECONDS, retry: false })
  useHouseLive(finess)
  const now = useNow()
  const shownAt = platformTime(query.dataUpdatedAt)
  const isStale = query.data !== undefined && now - shownAt > STALE_MILLISECONDS
  useNightlyReload(query.data !== undefined && !isStale)
  useScreenOn()
  const { data: facility } = useQuery(facilityQuery(finess))
  if (query.data === undefined)
    return query.error ? (
      <div className={styles.stale} role="alert">
        <h1>{words.wallNever}</h1>
      </div>
    ) : (
      <Loading isPage />
    )
  const at = timeOfDay(shownAt, language)
  return (
    <div className={styles.wall}>
      <header className={styles.head}>
        <h1>{facility?.name ?? words.wallTitle}</h1>
        <p className={styles.clock}>
          <time>{timeOfDay(now, language)}</time>
        </p>
      </header>
      {isStale && (
        <p className={styles.stale} role="alert">
          {words.wallStale(at)}
        </p>
      )}
      <Rooms rows={query.data} finess={finess} />
      <footer className={styles.foot}>
        <span>{!isStale && words.wallFresh(at)}</span>
        <Link to="/ehpad/$finess" params={{ finess }}>
          {words.leaveWall}
        </Link>
      </footer>
    </div>
  )
}

const Rooms = memo(function Rooms({ rows, finess }: { rows: readonly EhpadBoardRow[]; finess: string }) {
  const words = useWords(ehpadWords)
  const identities = useIdentities(finess)
  const { away, leaving, present } = sectionsOf(rows)
  const here = [...present, ...leaving]
  return (
    <>
      <section aria-label={words.wallTitle}>
        <h2>
          {words.wallTitle} ({away.length})
        </h2>
        {away.length === 0 ? (
          <p className={styles.all}>{words.wallAllPresent}</p>
        ) : (
          <ul className={styles.tiles}>
            {away.map((row) => (
              <li key={row.residentId} className={styles.tile}>
                <Initials row={row} identity={identities.get(row.residentId)} />
                {/* The emergency department is a unit of the hospital: not told here. */}
                <span>{row.place === 'onLeave' ? words.wallLeave : words.wallAway}</span>
                {row.expectedBackAt !== undefined && (
                  <span>
                    {words.wallBack} <Moment at={row.expectedBackAt} only="absolute" />
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-label={words.present}>
        <h2>{words.wallPresent(here.length)}</h2>
        <ul className={styles.here}>
          {here.map((row) => (
            <li key={row.residentId}>
              <Initials row={row} identity={identities.get(row.residentId)} />
            </li>
          ))}
        </ul>
      </section>
    </>
  )
})

function Initials({ row, identity }: { row: EhpadBoardRow; identity: Resident['identity'] | undefined }) {
  return (
    <span className={styles.who}>
      <strong>{row.room ?? '—'}</strong> {identity && initialsOf({ ...identity, givenName: identity.givenNames })}
    </span>
  )
}
