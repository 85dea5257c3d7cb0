import type { Person } from '@relais/access/links'
import { declareMember, lookUpPatient, readCircle, readIdentities, removeMember } from '@relais/contracts/http'
import { PatientId } from '@relais/contracts/primitives'
import { answerCommand } from '@relais/http/answer-command'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { waitForPosition } from '@relais/http/position'
import { problem, type ProblemKind } from '@relais/http/problems'
import { commandContext } from '@relais/http/request-context'
import type { Vault } from '@relais/vault/vault'
import type { CircleMember, CircleRejection } from '../domain/circle.ts'
import { identitiesOf } from '../known-identities.ts'
import type { personCircle } from '../person-circle.ts'
import {
  coordinatedPerson,
  foundPerson,
  identifiedPerson,
  type PatientAccessDeps,
  patientUnknown,
} from './patient-access.ts'

const problems = {
  patientUnknown,
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

type PatientsRoutesDeps = HttpAppDeps &
  PatientAccessDeps & {
    epoch: string
    reaches: (position: number, timeoutMilliseconds: number) => Promise<boolean>
    circles: ReturnType<typeof personCircle>
  }

/** Who a patient is and who takes part in the care. A patient one may not see is a patient one does not know. */
export function patientsRoutes(deps: PatientsRoutesDeps) {
  const { epoch, reaches, circles, now } = deps
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
    const person = found && (await foundPerson(deps, c.get('actor'), found))
    if (!person) return problem(c, patientUnknown)
    return c.json({ patientId: PatientId.parse(person.canonicalId) }, 200)
  })
  app.openapi(readIdentities, async (c) => {
    const actor = c.get('actor')
    const identities = []
    for (const patientId of c.req.valid('json').patientIds) {
      const known = await identifiedPerson(deps, { actor, patientId })
      const identity = known && (await readIdentity(deps, known.person))
      if (identity) identities.push({ patientId, identity, pathway: known.pathway })
    }
    return c.json({ identities }, 200)
  })
  app.openapi(readCircle, async (c) => {
    const { patientId } = c.req.valid('param')
    await waitForPosition(c, epoch, reaches)
    const person = await coordinatedPerson(deps, c.get('actor'), patientId)
    if (!person) return problem(c, patientUnknown)
    return c.json({ members: (await circles.read(person.ids)).map(shown) }, 200)
  })
  app.openapi(declareMember, async (c) => {
    const { patientId } = c.req.valid('param')
    const { id } = c.get('actor')
    const person = await coordinatedPerson(deps, c.get('actor'), patientId)
    if (!person) return problem(c, patientUnknown)
    if (c.req.valid('json').memberId === id) return problem(c, problems.ownMembership)
    const member = { patientId, ...c.req.valid('json'), at: now() }
    const result = await circles.declare(person.ids, member, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
  })
  app.openapi(removeMember, async (c) => {
    const named = c.req.valid('param')
    const person = await coordinatedPerson(deps, c.get('actor'), named.patientId)
    if (!person) return problem(c, patientUnknown)
    const result = await circles.remove(person.ids, { ...named, at: now() }, commandContext(c))
    return answerCommand(c, epoch, { result, problems: problems })
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

/** That of the id which stands for the person, else what was last reported of another one. */
async function readIdentity(deps: PatientsRoutesDeps, { canonicalId, ids }: Person) {
  const [own] = await identitiesOf(deps, [canonicalId])
  const [known = own] = own ? [own] : await identitiesOf(deps, ids)
  return known?.identity
}
