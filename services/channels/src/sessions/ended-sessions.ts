import type { Instant } from '@relais/contracts/primitives'
import { SessionId } from '@relais/contracts/sessions'
import type { Database } from '@relais/database/database'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { SessionTables } from './session-tables.ts'

/** Longer than tokens live: those of the built-in issuer have a day at most. */
const REMEMBERED_MILLISECONDS = 7 * 86_400_000

/** Our id of what the issuer calls `sid`: the same on every gateway, and no way back. */
export const sessionIdOf = (sid: string): SessionId => SessionId.parse(derivedUuid('session', sid))

/** Until when a sign-in that ended then is refused. */
export const rememberedUntil = (endedAt: Instant): Instant =>
  new Date(Date.parse(endedAt) + REMEMBERED_MILLISECONDS).toISOString()

type Ended = { sessionId: string; until: Instant }

/** The sign-ins that are over, the same for every gateway of a database. */
export function endedSessions({ db }: Database<SessionTables>) {
  async function among(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set()
    const rows = await db.selectFrom('ended_session').select('session_id').where('session_id', 'in', ids).execute()
    return new Set(rows.map(({ session_id }) => session_id))
  }
  return {
    among,
    has: async (sessionId: string) => (await among([sessionId])).size > 0,
    /** With the tickets that were given to them. */
    async remember(ended: readonly Ended[]): Promise<void> {
      if (ended.length === 0) return
      const rows = ended.map(({ sessionId, until }) => ({ session_id: sessionId, remembered_until: until }))
      const ids = ended.map(({ sessionId }) => sessionId)
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('ended_session')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute()
        await transaction.deleteFrom('channel_ticket').where('session_id', 'in', ids).execute()
      })
    },
  }
}
