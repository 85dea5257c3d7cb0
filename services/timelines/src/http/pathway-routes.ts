import { decideAccess, decisionInstant } from '@relais/access/decide'
import { loadAccessFacts } from '@relais/access/facts'
import { getPathway } from '@relais/contracts/http'
import { PathwayEntry } from '@relais/contracts/pathway'
import type { PatientId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import type { Keyring } from '@relais/events/sealing'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { pathwayView } from '../domain/pathway-view.ts'
import type { PathwayTables } from '../projections/pathway.ts'

type PathwayRoutesDeps = HttpAppDeps & {
  keyring: Keyring
  database: Database<PathwayTables>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  now: () => string
}

const patientUnknown = {
  code: 'patientUnknown',
  status: 404,
  title: 'No such patient here, or not yours to see',
} as const

/** The pathway of a patient, for those who take part in the care. */
export function pathwayRoutes({ keyring, database, epoch, reaches, now, ...deps }: PathwayRoutesDeps) {
  const app = httpApp(deps)
  app.use(getPathway.path.replace('{patientId}', ':patientId'), requireScope('pathway:read'))
  app.openapi(getPathway, async (c) => {
    const { patientId } = c.req.valid('param')
    const actor = c.get('actor')
    await waitForPosition(c, epoch, reaches)
    const facts = await loadAccessFacts(database.db, patientId)
    const decision = decideAccess({ actor, facts, purpose: 'care', at: decisionInstant(facts, now()) })
    const outcome = decision.granted ? decision.ground : decision.reason
    deps.log.info({ actorId: actor.id, patientId, kind: 'pathway', outcome }, 'access decided')
    // The rows of a forgotten patient stay in the view until it is built again.
    if (!decision.granted || (await keyring.openingKey(patientId)) === undefined) return problem(c, patientUnknown)
    return c.json(pathwayView(patientId, await readEntries(database, patientId)), 200)
  })
  return app
}

async function readEntries({ db }: Database<PathwayTables>, patientId: PatientId): Promise<PathwayEntry[]> {
  const rows = await db
    .selectFrom('pathway_entry')
    .select('entry')
    .where('patient_id', '=', patientId)
    .orderBy('position')
    .execute()
  return rows.map(({ entry }) => PathwayEntry.parse(JSON.parse(entry)))
}
