import type { Verifier } from '@relais/channels/credentials'
import type { AttachedChannels } from '@relais/channels/ws-adapter'
import { type SessionEvent, sessionEvents } from '@relais/contracts/sessions'
import type { Decoded } from '@relais/event-store/codec'
import { commandHandler } from '@relais/event-store/command-handler'
import type { Adapters } from '@relais/runtime/adapters'
import { session } from './domain/session.ts'
import type { FeedEvent } from './projections/channel-feed.ts'
import { endedSessions, rememberedUntil, sessionIdOf } from './sessions/ended-sessions.ts'
import { sessionMigration, type SessionTables } from './sessions/session-tables.ts'
import { tickets } from './sessions/tickets.ts'

/** Of all gateways of a database, whatever view each of them keeps. */
const SCHEMA = 'channel_sessions'

export type Sessions = Awaited<ReturnType<typeof openSessions>>

/** Who may open sockets, and whose are closed: tickets, the sign-ins that are over, and what the log says of them. */
export async function openSessions({ openViews, codecOf, store, verifier, clock, now, newId }: Adapters) {
  const database = await openViews<SessionTables>(SCHEMA)
  await database.migrate({ '0001-sessions': sessionMigration(database.kind) })
  // Tokens know the machine's time only.
  const { machineNow } = clock
  const ended = endedSessions(database)
  const given = tickets({ database, now: machineNow })
  const handleSession = commandHandler(session, { store, codec: codecOf<SessionEvent>(sessionEvents), now, newId })

  const gateways: AttachedChannels[] = []
  const cut = (signIns: ReadonlySet<string>) => {
    for (const gateway of gateways) gateway.signedOut(signIns)
  }

  const ofSockets: Verifier = {
    async verify(token) {
      const { actor, expiresAt, sid } = await verifier.verify(token)
      const signIn = sid === undefined ? undefined : sessionIdOf(sid)
      const isOver = signIn !== undefined && (await ended.has(signIn))
      return isOver ? undefined : { actor, expiresAt, signIn }
    },
    redeem: given.redeem,
  }
  return {
    verifier: ofSockets,
    tickets: given,
    ended,
    handleSession,
    machineNow,
    attached(gateway: AttachedChannels): AttachedChannels {
      gateways.push(gateway)
      return gateway
    },
    /** Closes at once; and again once all know it, whoever came in between with what was good before. */
    async onCommitted(decoded: readonly Decoded<FeedEvent>[]) {
      const facts = decoded.flatMap(({ event }) => (event?.type === 'SessionEnded' ? [event.data] : []))
      if (facts.length === 0) return
      const signIns = new Set<string>(facts.map(({ sessionId }) => sessionId))
      cut(signIns)
      const known = facts.map(({ sessionId, endedAt }) => ({ sessionId, until: rememberedUntil(endedAt) }))
      await ended.remember(known.filter(({ until }) => until > machineNow()))
      cut(signIns)
    },
    /** Another process heard of some in the place of this one. */
    async onOvertaken() {
      const open = gateways.flatMap((gateway) => [...gateway.signIns()])
      cut(await ended.among(open))
    },
  }
}
