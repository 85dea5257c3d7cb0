import { decideAccess, decideStayAccess, decisionInstant } from '@relais/access/decide'
import { loadFactsOf } from '@relais/access/facts'
import { rememberedPersonOf } from '@relais/access/links'
import { getPathway } from '@relais/contracts/http'
import { PatientId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import type { Keyring } from '@relais/events/sealing'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { waitForPosition } from '@relais/http/position'
import { problem } from '@relais/http/problems'
import { pathwayView } from '../domain/pathway-view.ts'
import { type PathwayTables, readPathway } from '../projections/pathway.ts'

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

/** The pathway of a person, whichever of his or her ids is asked for, for those who take part in the care. */
export function pathwayRoutes({ keyring, database, epoch, reaches, now, ...deps }: PathwayRoutesDeps) {
  const app = httpApp(deps)
  app.use(getPathway.path.replace('{patientId}', ':patientId'), requireScope('pathway:read'))
  app.openapi(getPathway, async (c) => {
    const { patientId } = c.req.valid('param')
    const actor = c.get('actor')
    await waitForPosition(c, epoch, reaches)
    // The rows of a forgotten patient stay in the view until it is built again.
    const person = await rememberedPersonOf({ db: database.db, keyring }, patientId)
    const facts = await loadFactsOf(database.db, person?.ids ?? [patientId])
    const question = { actor, facts, purpose: 'care', at: decisionInstant(facts, now()) } as const
    const decision = decideAccess(question)
    const outcome = decision.granted ? decision.ground : decision.reason
    deps.log.info({ actorId: actor.id, patientId, kind: 'pathway', outcome }, 'access decided')
    if (!decision.granted || !person) return problem(c, patientUnknown)
    const canonicalId = PatientId.parse(person.canonicalId)
    const known = await readPathway(database.db, person.ids)
    const maySee = ({ stayId }: { stayId?: string | undefined }) => decideStayAccess(question, stayId).granted
    const seen = { entries: known.entries.filter(maySee), stays: known.stays.filter(maySee) }
    return c.json(pathwayView(canonicalId, seen), 200)
  })
  return app
}
