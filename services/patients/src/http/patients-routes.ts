import { decideAccess, decisionInstant } from '@relais/access/decide'
import { loadAccessFacts, type AccessTables } from '@relais/access/facts'
import type { Actor } from '@relais/contracts/actor'
import { declareMember, lookUpPatient, readCircle, readIdentities, removeMember } from '@relais/contracts/http'
import { ReportedIdentity } from '@relais/contracts/patients'
import { PatientId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import type { CommandContext } from '@relais/event-store/command-handler'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { setPosition, waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import type { Vault } from '@relais/vault/vault'
import type { CircleCommand, CircleMember, CircleRejection } from '../domain/circle.ts'

export type PatientsTables = AccessTables & { patient_identity: { patient_id: string; document_id: string } }

const problems = {
  patientUnknown: { code: 'patientUnknown', status: 404, title: 'No such patient here, or not yours to see' },
  authorityAmbiguous: {
    code: 'authorityAmbiguous',
    status: 409,
    title: 'Several authorities bear this name: use the universal id',
  },
  ownMembership: { code: 'ownMembership', status: 403, title: 'Nobody lets himself or herself into a care circle' },
  memberUnknown: { code: 'memberUnknown', status: 404, title: 'This professional never belonged to this circle' },
} as const satisfies Record<
  CircleRejection['code'] | 'patientUnknown' | 'authorityAmbiguous' | 'ownMembership',
  ProblemKind
>

type PatientsRoutesDeps = HttpAppDeps & {
  vault: Vault
  database: Database<PatientsTables>
  epoch: string
  reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
  loadCircle: (patientId: PatientId) => Promise<readonly CircleMember[]>
  handleCircle: (
    id: string,
    command: CircleCommand,
    context: CommandContext,
  ) => Promise<{ accepted: true; position: number | undefined } | { accepted: false; rejection: CircleRejection }>
  /** In a demonstration, whoever operates it may also declare relations. */
  operatorCoordinates: boolean
  now: () => string
}

/** Who a patient is and who takes part in the care. A patient one may not see is a patient one does not know. */
export function patientsRoutes(deps: PatientsRoutesDeps) {
  const { epoch, reaches, now } = deps
  const app = httpApp(deps)
  app.use('/patients/lookup', requireScope('pathway:read'))
  app.use('/patients/identities', requireScope('pathway:read'))
  app.use('/patients/:patientId/circle', requireScope('pathway:read'))
  app.on(
    ['POST', 'DELETE'],
    ['/patients/:patientId/circle', '/patients/:patientId/circle/*'],
    requireScope('circle:write'),
  )

  app.openapi(lookUpPatient, async (c) => {
    const found = await resolvePatient(deps.vault, c.req.valid('json'))
    if (found === 'ambiguous') return problem(c, problems.authorityAmbiguous)
    if (found === undefined || !(await mayCoordinate(deps, c.get('actor'), found)))
      return problem(c, problems.patientUnknown)
    return c.json({ patientId: found }, 200)
  })
  app.openapi(readIdentities, async (c) => {
    const actor = c.get('actor')
    const identities = []
    for (const patientId of c.req.valid('json').patientIds) {
      const identity = (await decide(deps, { actor, patientId, purpose: 'care' }))
        ? await readIdentity(deps, patientId)
        : undefined
      if (identity) identities.push({ patientId, identity })
    }
    return c.json({ identities }, 200)
  })
  app.openapi(readCircle, async (c) => {
    const { patientId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    if (!(await mayCoordinate(deps, c.get('actor'), patientId))) return problem(c, problems.patientUnknown)
    return c.json({ members: (await deps.loadCircle(patientId)).map(shown) }, 200)
  })
  app.openapi(declareMember, async (c) => {
    const { patientId } = c.req.valid('param')
    const { id } = c.get('actor')
    if (!(await mayCoordinate(deps, c.get('actor'), patientId))) return problem(c, problems.patientUnknown)
    if (c.req.valid('json').memberId === id) return problem(c, problems.ownMembership)
    const command = { type: 'DeclareMember' as const, patientId, ...c.req.valid('json'), at: now() }
    const result = await deps.handleCircle(patientId, command, commandContext(c))
    if (!result.accepted) return problem(c, problems[result.rejection.code])
    setPosition(c, epoch, result.position)
    return c.body(null, 204)
  })
  app.openapi(removeMember, async (c) => {
    const named = c.req.valid('param')
    if (!(await mayCoordinate(deps, c.get('actor'), named.patientId))) return problem(c, problems.patientUnknown)
    const result = await deps.handleCircle(
      named.patientId,
      { type: 'RemoveMember', ...named, at: now() },
      commandContext(c),
    )
    if (!result.accepted) return problem(c, problems[result.rejection.code])
    setPosition(c, epoch, result.position)
    return c.body(null, 204)
  })
  return app
}

/** An authority is named by its universal id, or by a namespace that only one authority uses. */
async function resolvePatient(
  vault: Vault,
  { authority, number }: { authority: string; number: string },
): Promise<PatientId | 'ambiguous' | undefined> {
  const named = await vault.authoritiesNamed(authority)
  if (named.length > 1) return 'ambiguous'
  const known = await vault.resolve('patient', { authority: named[0] ?? authority, number })
  return known === undefined ? undefined : PatientId.parse(known)
}

function shown({ memberId, role, ground, source, joinedAt, leftAt }: CircleMember) {
  return { memberId, role, ground, source, joinedAt, ...(leftAt === undefined ? {} : { leftAt }) }
}

type Question = { actor: Actor; patientId: PatientId; purpose: 'care' | 'coordination' }

async function decide(deps: PatientsRoutesDeps, { actor, patientId, purpose }: Question): Promise<boolean> {
  const facts = await loadAccessFacts(deps.database.db, patientId)
  const decision = decideAccess({ actor, facts, purpose, at: decisionInstant(facts, deps.now()) })
  const outcome = decision.granted ? decision.ground : decision.reason
  deps.log.info({ actorId: actor.id, patientId, kind: purpose, outcome }, 'access decided')
  // The facts about a forgotten patient stay in the view until it is built again.
  return decision.granted && (await deps.vault.openingKey(patientId)) !== undefined
}

async function mayCoordinate(deps: PatientsRoutesDeps, actor: Actor, patientId: PatientId): Promise<boolean> {
  if (deps.operatorCoordinates && actor.role === 'operateur') return true
  return decide(deps, { actor, patientId, purpose: 'coordination' })
}

async function readIdentity({ database, vault }: PatientsRoutesDeps, patientId: PatientId) {
  const row = await database.db
    .selectFrom('patient_identity')
    .select('document_id')
    .where('patient_id', '=', patientId)
    .executeTakeFirst()
  const document = row && (await vault.get(row.document_id))
  if (!document || document === 'forgotten') return undefined
  return ReportedIdentity.parse(JSON.parse(new TextDecoder().decode(document.bytes)))
}
