import { createRoute, z } from '@hono/zod-openapi'
import { EhpadBoardRow, InboxItem, WardBoardRow } from './boards.ts'
import { Finess } from './directory.ts'
import { MisdirectionOutcome, NoticeAction, NoticeId } from './notices.ts'
import { CircleRole } from './patients.ts'
import { Authority, Instant, PatientId, ProfessionalId, StayId, Ward, Recipient } from './primitives.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'

const notice = z.strictObject({ noticeId: NoticeId })
const done = (description: string) => ({ 204: { description }, default: problems })

/** Where the next page begins: opaque, and of one list only. */
const PageCursor = z.string().min(1).max(300)
const page = { after: PageCursor.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }
const next = { next: PageCursor.optional().describe('Give it back as `after`; absent on the last page') }

export const ReceiptBody = z.discriminatedUnion('receipt', [
  z.strictObject({ receipt: z.literal('delivered') }),
  z.strictObject({ receipt: z.literal('read') }),
  z.strictObject({ receipt: z.literal('acted'), action: NoticeAction }),
])
export const recordReceipt = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/receipts',
  summary: 'Say that a notice reached a device, was read, or was acted upon; each is a fact of its own',
  security: bearer,
  request: { params: notice, ...body(ReceiptBody) },
  responses: done('On record; the header `relais-position` says from where on'),
})

export const returnNotice = createRoute({
  method: 'post',
  path: '/notices/{noticeId}/return',
  summary: 'Not my patient: the recipient’s access ends at once, and the sender has a misdirection to look at',
  security: bearer,
  request: { params: notice, ...body(z.strictObject({ reason: z.literal('notMyPatient') })) },
  responses: done('Returned'),
})

export const Misdirection = z.object({
  noticeId: NoticeId,
  patientId: PatientId,
  stayId: StayId,
  recipient: Recipient,
  role: CircleRole,
  facility: Authority,
  wards: z.array(Ward),
  by: ProfessionalId,
  returnedAt: Instant,
  closed: z.object({ by: ProfessionalId, at: Instant, outcome: MisdirectionOutcome }).optional(),
})
export type Misdirection = z.infer<typeof Misdirection>
export const listMisdirections = createRoute({
  method: 'get',
  path: '/misdirections',
  summary: 'What was sent to the wrong person by the wards of who asks, the last one first',
  security: bearer,
  request: {
    query: z.strictObject({ status: z.enum(['open', 'closed']).default('open'), ...page }),
    headers: PositionHeaders,
  },
  responses: { 200: json(z.object({ misdirections: z.array(Misdirection), ...next }), 'A page'), default: problems },
})

export const closeMisdirection = createRoute({
  method: 'post',
  path: '/misdirections/{noticeId}/close',
  summary: 'Say what came of a misdirection',
  security: bearer,
  request: { params: notice, ...body(z.strictObject({ outcome: MisdirectionOutcome })) },
  responses: done('Closed'),
})

export const getInbox = createRoute({
  method: 'get',
  path: '/inbox',
  summary:
    'What the actor, or a queue of the actor, is told and asked: one item for each stay, referral and step, what is due first',
  security: bearer,
  request: {
    query: z.strictObject({ status: z.enum(['open', 'done']).default('open'), ...page }),
    headers: PositionHeaders,
  },
  responses: { 200: json(z.object({ items: z.array(InboxItem), ...next }), 'A page'), default: problems },
})

export const getWardBoard = createRoute({
  method: 'get',
  path: '/boards/ward/{code}',
  summary: 'The patients of a ward of the actor’s own organisation, and who was told of them',
  security: bearer,
  request: {
    params: z.strictObject({ code: z.string().min(1).max(30) }),
    query: z.strictObject(page),
    headers: PositionHeaders,
  },
  responses: { 200: json(z.object({ rows: z.array(WardBoardRow), ...next }), 'A page'), default: problems },
})

export const getEhpadBoard = createRoute({
  method: 'get',
  path: '/boards/ehpad/{finess}',
  summary: 'The residents of the EHPAD where the actor works: present, at the emergency department, in hospital',
  security: bearer,
  request: { params: z.strictObject({ finess: Finess }), query: z.strictObject(page), headers: PositionHeaders },
  responses: { 200: json(z.object({ rows: z.array(EhpadBoardRow), ...next }), 'A page'), default: problems },
})
