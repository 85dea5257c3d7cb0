import { createRoute, z } from '@hono/zod-openapi'
import { FieldProblem, RepairEdit } from './messages.ts'
import { Instant, MessageId } from './primitives.ts'
import { bearer, body, json, PositionHeaders, problems } from './route-parts.ts'

export const QuarantineStatus = z.enum(['waiting', 'awaitingMovement', 'repaired', 'resolved'])
const QuarantineSummary = z.object({
  messageId: MessageId,
  senderId: z.string(),
  receivedAt: Instant,
  trigger: z.string(),
  status: QuarantineStatus,
  problems: z.array(FieldProblem),
})
export type QuarantineSummary = z.infer<typeof QuarantineSummary>

export const listQuarantine = createRoute({
  method: 'get',
  path: '/quarantine',
  summary: 'Messages that wait for a repair or for what they refer to, oldest first',
  security: bearer,
  request: {
    query: z.strictObject({
      status: QuarantineStatus.optional(),
      after: MessageId.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    headers: PositionHeaders,
  },
  responses: { 200: json(z.object({ messages: z.array(QuarantineSummary) }), 'A page'), default: problems },
})

const MaskedField = z.object({
  path: z.string(),
  value: z.string(),
  masked: z.boolean(),
  problem: z.string().optional(),
})
const ShownValue = MaskedField.pick({ value: true, masked: true })
/** What an edit of a repair made of its field: nothing was there before one is inserted, nor is after it is removed. */
const EditedField = z.object({
  op: z.enum(['set', 'removeField', 'insertField']),
  path: z.string(),
  from: ShownValue.optional(),
  to: ShownValue.optional(),
})
export const showQuarantined = createRoute({
  method: 'get',
  path: '/quarantine/{messageId}',
  summary: 'One message field by field, values masked; each view is recorded',
  security: bearer,
  request: { params: z.strictObject({ messageId: MessageId }), headers: PositionHeaders },
  responses: {
    200: json(
      QuarantineSummary.extend({
        segments: z.array(z.object({ name: z.string(), fields: z.array(MaskedField) })),
        history: z.array(
          z.object({
            at: Instant,
            what: z.enum(['quarantined', 'repaired', 'replayed', 'viewed']),
            by: z.string(),
            /** Of a repair: in their order, each of what the ones before it left of the original. */
            edits: z.array(EditedField).optional(),
          }),
        ),
      }),
      'The message',
    ),
    default: problems,
  },
})

export const repairQuarantined = createRoute({
  method: 'post',
  path: '/quarantine/{messageId}/repairs',
  summary: 'Edit a quarantined message. The original bytes stay; the edits and their author are on record',
  security: bearer,
  request: {
    params: z.strictObject({ messageId: MessageId }),
    ...body(z.strictObject({ edits: z.array(RepairEdit).min(1).max(50) })),
  },
  responses: {
    200: json(z.object({ problems: z.array(FieldProblem) }), 'What would still be refused after this repair'),
    default: problems,
  },
})

export const replayQuarantined = createRoute({
  method: 'post',
  path: '/quarantine/{messageId}/replays',
  summary: 'Process the message again, as repaired',
  security: bearer,
  request: {
    params: z.strictObject({ messageId: MessageId }),
    ...body(z.strictObject({ cause: z.literal('person') })),
  },
  responses: {
    200: json(
      z.object({
        outcome: z.enum(['accepted', 'quarantined']),
        problems: z.array(FieldProblem),
      }),
      'What came of it',
    ),
    default: problems,
  },
})
