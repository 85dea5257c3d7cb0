import { z } from 'zod'
import { event, type EventFamily, Instant } from './primitives.ts'

/** One sign-in of one person, as an id of ours: derived from what the issuer calls it (`sid`), which no log holds. */
export const SessionId = z.uuid().lowercase().brand<'SessionId'>()
export type SessionId = z.infer<typeof SessionId>

/** Says nothing of anybody: one key for all of it, so that nothing is special about its events. */
export const SESSIONS_KEY = 'sessions' as const

export const SessionEvent = z.discriminatedUnion('type', [
  /** Signed out: sockets of this sign-in are closed, and none is opened any more. */
  event('SessionEnded', { keyOwner: z.literal(SESSIONS_KEY), sessionId: SessionId, endedAt: Instant }),
])
export type SessionEvent = z.infer<typeof SessionEvent>

/** No other event names a session. */
export function isSessionEvent(event: { type: string; data: object }): event is SessionEvent {
  return 'sessionId' in event.data
}

/** Nothing is left to seal: every field is needed to find whom to close. */
export const sessionEvents = {
  category: 'session',
  routing: ['keyOwner', 'sessionId', 'endedAt'],
  sealedBy: 'keyOwner',
  schema: SessionEvent,
  versions: { SessionEnded: 1 },
  upcasts: {},
} satisfies EventFamily<SessionEvent>
