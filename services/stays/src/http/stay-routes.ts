import { giveToPatient, reportIdentity } from '@relais/contracts/stay-patient-routes'
import {
  correctMovement,
  openStay,
  putConfidentiality,
  readStay,
  recordMovement,
  withdrawMovement,
} from '@relais/contracts/stay-routes'
import { httpApp, type HttpAppDeps } from '@relais/http/app'
import { requireScope } from '@relais/http/auth'
import { setPosition } from '@relais/http/position'
import { type ProblemKind, problem } from '@relais/http/problems'
import { commandContext, type RequestEnv } from '@relais/http/request-context'
import type { Context } from 'hono'
import type { StayDesk } from '../stay-desk.ts'
import type { Refusal, Writing } from '../writing.ts'

const problems = {
  stayUnknown: { code: 'stayUnknown', status: 404, title: 'No such stay here, or not yours to see' },
  movementUnknown: { code: 'movementUnknown', status: 404, title: 'This stay has no such movement' },
  movementIdReused: { code: 'movementIdReused', status: 409, title: 'This number belongs to another movement' },
  movementWithdrawn: { code: 'movementWithdrawn', status: 409, title: 'The movement was withdrawn' },
  triggerMismatch: { code: 'triggerMismatch', status: 409, title: 'The movement is of another kind' },
  patientMismatch: { code: 'patientMismatch', status: 409, title: 'This visit number belongs to another patient' },
  historyIncomplete: { code: 'historyIncomplete', status: 409, title: 'The stay keeps changing, try again' },
  establishmentMissing: { code: 'establishmentMissing', status: 403, title: 'The token names no establishment' },
  notYourWard: { code: 'notYourWard', status: 403, title: 'None of the wards named is one of yours' },
  identityNotAllowedHere: {
    code: 'identityNotAllowedHere',
    status: 422,
    title: 'A real identity in a demonstration, or a test in production; nothing was kept',
  },
} as const satisfies Record<Refusal['code'], ProblemKind>

type StayRoutesDeps = HttpAppDeps & { desk: StayDesk; epoch: string }

/** What messages say of a stay, in JSON, for the wards of an establishment without an HL7 feed. */
export function stayRoutes({ desk, epoch, ...deps }: StayRoutesDeps) {
  const app = httpApp(deps)
  app.use('/stays', requireScope('stay:write'))
  app.use('/stays/*', requireScope('stay:write'))
  app.openapi(openStay, async (c) => {
    const opened = await desk.open(c.req.valid('json'), writing(c))
    if ('refusal' in opened) return problem(c, problems[opened.refusal.code])
    const { position, ...answer } = opened
    setPosition(c, epoch, position)
    return c.json(answer, 201)
  })
  app.openapi(readStay, async (c) => {
    const actor = c.get('actor')
    const found = await desk.read(c.req.valid('param').stayId, actor)
    const outcome = 'refusal' in found ? 'noRelation' : 'establishmentTeam'
    const { stayId } = c.req.valid('param')
    deps.log.info({ actorId: actor.id, stayId, kind: 'stay', outcome }, 'access decided')
    if ('refusal' in found) return problem(c, problems[found.refusal.code])
    setPosition(c, epoch, found.position)
    return c.json(found.stay, 200)
  })
  app.openapi(recordMovement, async (c) => {
    const recorded = await desk.move(c.req.valid('param').stayId, c.req.valid('json'), writing(c))
    if ('refusal' in recorded) return problem(c, problems[recorded.refusal.code])
    const { position, ...answer } = recorded
    setPosition(c, epoch, position)
    return c.json(answer, 201)
  })
  app.openapi(correctMovement, async (c) => {
    const recorded = await desk.correct(c.req.valid('param'), c.req.valid('json'), writing(c))
    if ('refusal' in recorded) return problem(c, problems[recorded.refusal.code])
    setPosition(c, epoch, recorded.position)
    return c.json({ flags: recorded.flags }, 200)
  })
  app.openapi(withdrawMovement, async (c) => {
    const recorded = await desk.withdraw(c.req.valid('param'), c.req.valid('json'), writing(c))
    if ('refusal' in recorded) return problem(c, problems[recorded.refusal.code])
    setPosition(c, epoch, recorded.position)
    return c.json({ flags: recorded.flags }, 200)
  })
  app.openapi(putConfidentiality, async (c) => {
    const changed = await desk.protect(c.req.valid('param').stayId, c.req.valid('json'), writing(c))
    if ('refusal' in changed) return problem(c, problems[changed.refusal.code])
    setPosition(c, epoch, changed.position)
    return c.body(null, 204)
  })
  app.openapi(reportIdentity, async (c) => {
    const recorded = await desk.identify(c.req.valid('param').stayId, c.req.valid('json'), writing(c))
    if ('refusal' in recorded) return problem(c, problems[recorded.refusal.code])
    setPosition(c, epoch, recorded.position)
    return c.json({ flags: recorded.flags }, 200)
  })
  app.openapi(giveToPatient, async (c) => {
    const given = await desk.give(c.req.valid('param').stayId, c.req.valid('json'), writing(c))
    if ('refusal' in given) return problem(c, problems[given.refusal.code])
    const { position, ...answer } = given
    setPosition(c, epoch, position)
    return c.json(answer, 200)
  })
  return app
}

function writing(c: Context<RequestEnv>): Writing {
  return { actor: c.get('actor'), context: commandContext(c) }
}
