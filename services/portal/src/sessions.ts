import type { Actor } from '@relais/contracts/actor'
import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { TokenRejected, type TokenVerifier } from '@relais/identity/tokens'
import type { Logger } from '@relais/telemetry/logger'
import type { PortalConfig } from './config.ts'
import { type Issuer, IssuerRefused, IssuerUnavailable } from './issuer.ts'
import { type Display, SealedSession, type Tokens } from './sealed-session.ts'
import { hashOf, isSecret, newSecret, sealingFor } from './secrets.ts'
import type { PortalTables } from './session-tables.ts'
import { renewals } from './renewals.ts'

export type SignedIn = {
  actor: Actor
  display: Display
  tokens: Tokens
  /** Unless something is asked again before. */
  expiresAt: Instant
}

export type Sessions = {
  /** Answers the value of the cookie. @throws TokenRejected, KeysUnavailable */
  begin(tokens: Tokens, display: Display): Promise<{ secret: string; actor: Actor }>
  /**
   * Who is signed in with this cookie, with an access token that is good for a while; asking is activity.
   * @throws IssuerUnavailable, KeysUnavailable
   */
  find(secret: string | undefined): Promise<SignedIn | undefined>
  /** Answers the tokens of the session that was ended, if there was one. */
  end(secret: string | undefined): Promise<Tokens | undefined>
}

export type SessionsDeps = {
  database: Database<PortalTables>
  issuer: Issuer
  verifier: TokenVerifier
  siteKey: Buffer
  config: Pick<PortalConfig, 'idleMilliseconds' | 'sessionMilliseconds'>
  /** That of the machine: the dates of tokens are compared with it. */
  now: () => Instant
  log: Logger
}

/** An access token is renewed this long before its end, so that what is asked with it is answered in time. */
const AHEAD_MILLISECONDS = 60_000
/** Activity is written down this often at most. */
const SEEN_MILLISECONDS = 20_000

/** Those who are signed in, kept in the database; tokens leave it for the platform and the issuer only. */
export function sessions({ database, issuer, verifier, siteKey, config, now, log }: SessionsDeps): Sessions {
  const { db } = database
  const sealing = sealingFor(siteKey, 'session')
  const after = (instant: Instant, milliseconds: number) => new Date(Date.parse(instant) + milliseconds).toISOString()
  const before = (milliseconds: number) => after(now(), -milliseconds)
  const read = async (secret: string) => {
    const row = await db
      .selectFrom('portal_session')
      .select(['sealed', 'started_at', 'seen_at'])
      .where('session_hash', '=', hashOf(secret))
      .executeTakeFirst()
    const kept = row && sealing.open(secret, row.sealed, SealedSession)
    return kept && { kept, startedAt: row.started_at, seenAt: row.seen_at }
  }
  const renew = renewals({ db, issuer, now, read: async (secret) => (await read(secret))?.kept, seal: sealing.seal })

  async function forget(secret: string): Promise<void> {
    await db.deleteFrom('portal_session').where('session_hash', '=', hashOf(secret)).execute()
  }

  function endOf({ startedAt, seenAt }: { startedAt: Instant; seenAt: Instant }): Instant {
    const [idle, absolute] = [after(seenAt, config.idleMilliseconds), after(startedAt, config.sessionMilliseconds)]
    return idle < absolute ? idle : absolute
  }

  /** Renewed when its end is near; what is left of it serves while the issuer cannot be reached. */
  async function fresh(secret: string, kept: SealedSession): Promise<SealedSession> {
    const left = kept.tokens.accessEndsAt - Date.parse(now())
    if (left > AHEAD_MILLISECONDS) return kept
    try {
      return await renew(secret, kept)
    } catch (error) {
      if (error instanceof IssuerUnavailable && left > 0) return kept
      throw error
    }
  }

  async function seen(secret: string, seenAt: Instant): Promise<Instant> {
    if (seenAt > before(SEEN_MILLISECONDS)) return seenAt
    const at = now()
    await db.updateTable('portal_session').set({ seen_at: at }).where('session_hash', '=', hashOf(secret)).execute()
    return at
  }

  return {
    async begin(tokens, display) {
      const { actor } = await verifier.verify(tokens.access)
      const secret = newSecret()
      const sealed = sealing.seal(secret, { personId: actor.id, display, tokens } satisfies SealedSession)
      const at = now()
      // Nobody comes back to these.
      await db.deleteFrom('portal_session').where('seen_at', '<', before(config.sessionMilliseconds)).execute()
      await db
        .insertInto('portal_session')
        .values({ session_hash: hashOf(secret), sealed, started_at: at, seen_at: at, renewing_until: '' })
        .execute()
      return { secret, actor }
    },
    async find(secret) {
      if (!isSecret(secret)) return undefined
      const found = await read(secret)
      if (!found) return undefined
      if (endOf(found) <= now()) {
        await forget(secret)
        return undefined
      }
      try {
        const { tokens, display, personId } = await fresh(secret, found.kept)
        const { actor } = await verifier.verify(tokens.access)
        if (actor.id !== personId) throw new IssuerRefused('another_person')
        const seenAt = await seen(secret, found.seenAt)
        return { actor, display, tokens, expiresAt: endOf({ ...found, seenAt }) }
      } catch (error) {
        if (!(error instanceof IssuerRefused || error instanceof TokenRejected)) throw error
        log.info({ reason: error instanceof IssuerRefused ? error.reason : error.code }, 'session ended by the issuer')
        await forget(secret)
        return undefined
      }
    },
    async end(secret) {
      if (!isSecret(secret)) return undefined
      const found = await read(secret)
      await forget(secret)
      return found?.kept.tokens
    },
  }
}
