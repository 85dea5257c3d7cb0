import { platformProblems } from '@relais/contracts/documents/problem-codes'
import type { Instant } from '@relais/contracts/primitives'
import { listFigureEvents, readReferralStatistics } from '@relais/contracts/referral-routes'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { pageCursor, pageKeys } from '@relais/http/page'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import type { Kysely } from 'kysely'
import { readBehind, readStatistics } from '../projections/statistics.ts'
import type { StatisticsTables } from '../projections/statistics-rows.ts'

type StatisticsDeps = HttpAppDeps & {
  db: Kysely<StatisticsTables>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  now: () => Instant
}

/** Figures of referrals, and what is behind each of them. They name professionals and teams, and no patient. */
export function statisticsRoutes({ db, epoch, reaches, now, ...deps }: StatisticsDeps) {
  const app = httpApp(deps)
  app.on('GET', ['/referrals/statistics', '/referrals/statistics/*'], requireScope('statistics:read'))
  app.openapi(readReferralStatistics, async (c) => {
    await waitForPosition(c, epoch, reaches)
    return c.json(await readStatistics(db, c.req.valid('query'), now()), 200)
  })
  app.openapi(listFigureEvents, async (c) => {
    const { after, ...asked } = c.req.valid('query')
    await waitForPosition(c, epoch, reaches)
    const keys = after === undefined ? [] : pageKeys(after)
    if (keys === undefined) return problem(c, platformProblems.invalidQuery)
    const rows = await readBehind(db, { ...asked, keys })
    const last = rows.length === asked.limit ? rows.at(-1) : undefined
    const events = rows.map(({ event }) => event)
    return c.json({ events, ...(last ? { next: pageCursor(...last.place) } : {}) }, 200)
  })
  return app
}
