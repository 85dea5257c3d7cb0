import { z } from 'zod'
import { ChannelEntry, StateEntry } from './channel-entries.ts'
import { Instant } from './primitives.ts'

export const SUBPROTOCOL = 'relais.v1'

/** Close codes; `docs/channels.md` says when each is sent. */
export const CloseCode = {
  goingAway: 1001,
  unreadable: 4400,
  unauthorised: 4401,
  signedOut: 4403,
  helloTimeout: 4408,
  duplicateSubscription: 4409,
  slowConsumer: 4413,
  tooManySubscriptions: 4429,
  internal: 4500,
} as const

const patient = 'patient/[0-9a-f-]{36}'
const ward = 'ward/[A-Za-z0-9._-]{1,30}'
const ofSomeone = '(circle|inbox)/[a-z][a-z0-9-]{0,31}:[A-Za-z0-9._/-]{1,64}'
const ehpad = 'ehpad/[A-Za-z0-9]{9}'
const loop = '(referral|run|thread)/[0-9a-f-]{36}'

/**
 * `patient/{id}`, `ward/{code}` (in the actor's own organisation), `circle/{professional}` (the actor's own patients),
 * `inbox/{recipient}` (the actor's own, or a queue of where the actor works), `ehpad/{finess}`, or `referral/{id}`,
 * `run/{id}` and `thread/{id}` (for those who take part).
 */
export const ChannelName = z
  .string()
  .max(120)
  .regex(new RegExp(`^(${patient}|${ward}|${ofSomeone}|${ehpad}|${loop})$`))
export type ChannelName = z.infer<typeof ChannelName>

const SubscriptionId = z.string().min(1).max(64)
const Cursor = z.string().min(1).max(100)

/** Opaque: good once, for a page that never sees a token. */
export const ChannelTicket = z.string().min(1).max(100)
export type ChannelTicket = z.infer<typeof ChannelTicket>

const Hello = z
  .strictObject({
    type: z.literal('hello'),
    token: z.string().min(1).max(8192).optional(),
    ticket: ChannelTicket.optional(),
  })
  .refine(({ token, ticket }) => (token === undefined) !== (ticket === undefined))
  .describe('Exactly one of `token` and `ticket`')

export const ClientFrame = z.discriminatedUnion('type', [
  Hello,
  z.strictObject({ type: z.literal('renew'), ticket: ChannelTicket }),
  z.strictObject({ type: z.literal('subscribe'), id: SubscriptionId, channel: ChannelName, after: Cursor.optional() }),
  z.strictObject({ type: z.literal('unsubscribe'), id: SubscriptionId }),
  /** On an inbox: everything up to this cursor has reached the device. */
  z.strictObject({ type: z.literal('ack'), id: SubscriptionId, cursor: Cursor }),
  z.strictObject({ type: z.literal('ping') }),
])
export type ClientFrame = z.infer<typeof ClientFrame>

export const EndedReason = z.enum(['forbidden', 'accessEnded', 'cursorUnknown', 'unsubscribed'])
export type EndedReason = z.infer<typeof EndedReason>

/** Until when the session lasts, and how long that is from now, for who has another clock. */
const lasting = { expiresAt: Instant, expiresInSeconds: z.int().nonnegative().optional() }

export const ServerFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), sessionId: z.uuid(), ...lasting }),
  z.object({ type: z.literal('renewed'), ...lasting }),
  z.object({
    type: z.literal('entry'),
    id: SubscriptionId,
    cursor: Cursor,
    entry: ChannelEntry,
    /** On joining a care circle: the entries of the open stay, so that nobody joins blind. */
    state: z.array(StateEntry).optional(),
  }),
  z.object({ type: z.literal('caughtUp'), id: SubscriptionId, cursor: Cursor.optional() }),
  z.object({ type: z.literal('ended'), id: SubscriptionId, reason: EndedReason }),
  z.object({ type: z.literal('pong') }),
])
export type ServerFrame = z.infer<typeof ServerFrame>
