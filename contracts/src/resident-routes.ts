import { createRoute, z } from '@hono/zod-openapi'
import { Finess } from './directory.ts'
import { ImportedResidents } from './import-routes.ts'
import { Instant, PatientId } from './primitives.ts'
import { DoubtReason, MatchGround, ResidentId, ResidentIdentity, Room, Trait } from './residents.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'

const Warned = z.object({ warnings: z.array(z.enum(['insNotKept'])) })
const warned = { 200: json(Warned, 'On the register; `relais-position` says from where on'), default: problems }
const done = { 204: { description: 'On the register' }, default: problems }

const StrictIdentity = ResidentIdentity.strict()
export const enterResident = createRoute({
  method: 'post',
  path: '/residents',
  summary: 'Enter a resident into the register of one’s own EHPAD',
  security: bearer,
  request: body(
    z.strictObject({
      residentId: ResidentId,
      identity: StrictIdentity,
      room: Room.optional(),
      enteredAt: Instant,
    }),
  ),
  responses: warned,
})

const Page = z.strictObject({
  /** `next` of the page before. */
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

const ResidentView = z.object({
  residentId: ResidentId,
  identity: ResidentIdentity,
  room: Room.optional(),
  enteredAt: Instant,
  matches: z.array(z.object({ patientId: PatientId, ground: MatchGround })),
})
export const listResidents = createRoute({
  method: 'get',
  path: '/residents',
  summary: 'Who lives in one’s own EHPAD',
  security: bearer,
  request: { query: Page, headers: PositionHeaders },
  responses: {
    200: json(z.object({ residents: z.array(ResidentView), next: z.string().optional() }), 'A page of the register'),
    default: problems,
  },
})

const resident = z.strictObject({ residentId: ResidentId })
export const changeIdentity = createRoute({
  method: 'put',
  path: '/residents/{residentId}/identity',
  summary: 'Correct who a resident is; what was said before stays on record',
  security: bearer,
  request: { params: resident, ...body(StrictIdentity) },
  responses: warned,
})

export const moveResident = createRoute({
  method: 'post',
  path: '/residents/{residentId}/room',
  summary: 'A resident changes rooms',
  security: bearer,
  request: { params: resident, ...body(z.strictObject({ room: Room, movedAt: Instant })) },
  responses: done,
})

const left = body(z.strictObject({ leftAt: Instant }))
export const recordExit = createRoute({
  method: 'post',
  path: '/residents/{residentId}/exit',
  summary: 'A resident leaves for good. A stay in hospital is no exit',
  security: bearer,
  request: { params: resident, ...left },
  responses: done,
})

export const recordDeath = createRoute({
  method: 'post',
  path: '/residents/{residentId}/death',
  summary: 'A resident has died',
  security: bearer,
  request: { params: resident, ...left },
  responses: done,
})

export const importResidents = createRoute({
  method: 'post',
  path: '/residents/import',
  summary: 'Residents of one’s own EHPAD, one a line; known ones are brought up to date',
  security: bearer,
  request: { body: { required: true, content: { 'text/csv': { schema: z.string() } } } },
  responses: { 200: json(ImportedResidents, 'What came of it, refused lines by name'), default: problems },
})

const DoubtView = z.object({
  residentId: ResidentId,
  reason: DoubtReason,
  /** Who it may be, for doubts about a patient. */
  patientId: PatientId.optional(),
  /** Where the same person is registered as well, for `presentTwice`. */
  otherEhpad: Finess.optional(),
  differing: z.array(Trait),
  doubtedAt: Instant,
})
export const listDoubts = createRoute({
  method: 'get',
  path: '/residents/matches',
  summary: 'Doubts that wait for a person, oldest first',
  security: bearer,
  request: { query: Page, headers: PositionHeaders },
  responses: {
    200: json(z.object({ doubts: z.array(DoubtView), next: z.string().optional() }), 'A page of the worklist'),
    default: problems,
  },
})

const judged = body(z.strictObject({ patientId: PatientId }))
export const matchResident = createRoute({
  method: 'post',
  path: '/residents/{residentId}/match',
  summary: 'A person looked: this resident is this patient. Of those on the worklist only',
  security: bearer,
  request: { params: resident, ...judged },
  responses: done,
})

export const unmatchResident = createRoute({
  method: 'post',
  path: '/residents/{residentId}/unmatch',
  summary: 'A person looked: this resident is not this patient. No later message says otherwise',
  security: bearer,
  request: { params: resident, ...judged },
  responses: done,
})

export const residentRoutes = [
  enterResident,
  listResidents,
  changeIdentity,
  moveResident,
  recordExit,
  recordDeath,
  importResidents,
  listDoubts,
  matchResident,
  unmatchResident,
] as const
