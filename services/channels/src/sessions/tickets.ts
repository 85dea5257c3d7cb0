import { createHash, randomBytes } from 'node:crypto'
import type { Verified } from '@relais/channels/credentials'
import { Actor } from '@relais/contracts/actor'
import type { IssuedTicket } from '@relais/contracts/channel-routes'
import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import type { SessionTables } from './session-tables.ts'

const TICKET_BYTES = 32
const TICKET_MILLISECONDS = 30_000
/** What nobody came back for is thrown away with the first ticket after so long. */
const SWEEP_MILLISECONDS = 30_000

/** Single-use stand-ins for tokens, the same on every gateway of a database. `now` is the time that tokens know. */
export function tickets({ database: { db }, now }: { database: Database<SessionTables>; now: () => Instant }) {
  let sweptAt = 0

  async function sweep(at: Instant): Promise<void> {
    if (Date.parse(at) - sweptAt < SWEEP_MILLISECONDS) return
    sweptAt = Date.parse(at)
    await db.deleteFrom('channel_ticket').where('good_until', '<=', at).execute()
    await db.deleteFrom('ended_session').where('remembered_until', '<=', at).execute()
  }

  return {
    /** What the token said goes into the row: the ticket outlives neither its half minute nor the token. */
    async issue({ actor, expiresAt, signIn }: Verified): Promise<IssuedTicket> {
      const at = now()
      await sweep(at)
      const ticket = randomBytes(TICKET_BYTES).toString('base64url')
      const inHalfAMinute = new Date(Date.parse(at) + TICKET_MILLISECONDS).toISOString()
      const goodUntil = expiresAt < inHalfAMinute ? expiresAt : inHalfAMinute
      const row = {
        ticket_hash: hashOf(ticket),
        actor: JSON.stringify(actor),
        token_expires_at: expiresAt,
        session_id: signIn ?? null,
        good_until: goodUntil,
      }
      await db.insertInto('channel_ticket').values(row).execute()
      return { ticket, expiresAt: goodUntil }
    },
    /** MUST stay one statement because of two who come with one ticket, on two gateways, exactly one is to have it. */
    async redeem(ticket: string): Promise<Verified | undefined> {
      const row = await db
        .deleteFrom('channel_ticket')
        .where('ticket_hash', '=', hashOf(ticket))
        .where('good_until', '>', now())
        .where(({ not, exists, selectFrom }) => {
          const over = selectFrom('ended_session').select('ended_session.session_id')
          return not(exists(over.whereRef('ended_session.session_id', '=', 'channel_ticket.session_id')))
        })
        .returning(['actor', 'token_expires_at', 'session_id'])
        .executeTakeFirst()
      if (!row) return undefined
      const actor = Actor.parse(JSON.parse(row.actor))
      return { actor, expiresAt: row.token_expires_at, signIn: row.session_id ?? undefined }
    },
  }
}

const hashOf = (ticket: string) => createHash('sha256').update(ticket).digest('base64url')
