import { createRoute, z } from '@hono/zod-openapi'
import { Authority, MessageId } from './primitives.ts'
import { bearer, json, PositionHeaders, problems } from './route-parts.ts'

const Count = z.int().nonnegative()

export const SenderReport = z.object({
  senderId: z.string(),
  /** Of UTC, by when Relais learned of a message. */
  day: z.iso.date(),
  /** Messages, each once however often it came, those answered AR included. */
  received: Count,
  /** Facts: at once, or later. */
  accepted: Count,
  /** Of these, the ones that said again, under another control id, what was on record. */
  repeated: Count,
  /** Of these, the ones that a person repaired first. */
  repaired: Count,
  /** In quarantine until somebody, or the movement that they refer to, comes. */
  waiting: Count,
  /** Of an event that is none of ours. */
  ignored: Count,
  /** Answered AR, and not sent again since under the same control id: nothing of them was kept. */
  refused: Count,
  /** Of these, the ones too broken to tell even their control id. */
  unreadable: Count,
  /** Movements that messages refer to and that never came. */
  missingMovements: z.array(
    z.object({
      authority: Authority,
      number: z.string(),
      messages: z.array(MessageId),
      controlIds: z.array(z.string()),
    }),
  ),
  /** Runs of control ids that never came between two that did; only where the sender counts them one by one. */
  missingControlIds: z.array(z.object({ from: z.string(), to: z.string(), count: z.int().positive() })),
})
export type SenderReport = z.infer<typeof SenderReport>

export const readSenderReport = createRoute({
  method: 'get',
  path: '/senders/{senderId}/report',
  summary: 'What a sender sent on a day, what became of it, and what is missing',
  security: bearer,
  request: {
    params: z.strictObject({ senderId: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/) }),
    query: z.strictObject({ day: z.iso.date().optional().describe('Today unless given') }),
    headers: PositionHeaders,
  },
  responses: { 200: json(SenderReport, 'The report'), default: problems },
})
