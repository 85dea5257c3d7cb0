import { getPathway } from '@relais/contracts/http'
import type { Database } from '@relais/database/database'
import type { Keyring } from '@relais/events/sealing'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { pathwayView } from '../domain/pathway-view.ts'
import type { PathwayTables } from '../projections/pathway.ts'
import { seenPathway } from './person-access.ts'

export type PathwayRoutesDeps = HttpAppDeps & {
  keyring: Keyring
  database: Database<PathwayTables>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  now: () => string
}

export const patientUnknown = {
  code: 'patientUnknown',
  status: 404,
  title: 'No such patient here, or not yours to see',
} as const

/** The pathway of a person, whichever of his or her ids is asked for, for those who take part in the care. */
export function pathwayRoutes({ keyring, database, epoch, reaches, now, ...deps }: PathwayRoutesDeps) {
  const app = httpApp(deps)
  app.use(getPathway.path.replace('{patientId}', ':patientId'), requireScope('pathway:read'))
  app.openapi(getPathway, async (c) => {
    const { patientId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    const asked = { actor: c.get('actor'), patientId, kind: 'pathway' } as const
    const seen = await seenPathway({ db: database.db, keyring, now, log: deps.log }, asked)
    if (!seen) return problem(c, patientUnknown)
    const exchanges = seen.exchanges.map(({ entry }) => entry)
    return c.json(pathwayView(seen.patientId, { ...seen, exchanges }), 200)
  })
  return app
}
