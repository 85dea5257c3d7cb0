import { setTimeout as pause } from 'node:timers/promises'
import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { type Issuer, IssuerRefused, IssuerUnavailable } from './issuer.ts'
import { hashOf } from './secrets.ts'
import type { PortalTables } from './session-tables.ts'
import type { SealedSession } from './sealed-session.ts'

type RenewalsDeps = {
  db: Database<PortalTables>['db']
  issuer: Issuer
  now: () => Instant
  /** What is kept of a session now. */
  read(secret: string): Promise<SealedSession | undefined>
  seal(secret: string, value: SealedSession): Uint8Array
}

/** How long one process may take; after that another one tries. */
const LEASE_MILLISECONDS = 15_000
const LOOK_AGAIN_MILLISECONDS = 50

/**
 * Renews the tokens of a session once, however many requests and processes ask: an issuer may take a refresh token that
 * comes twice for a stolen one.
 */
export function renewals({ db, issuer, now, read, seal }: RenewalsDeps) {
  const underWay = new Map<string, Promise<SealedSession>>()

  async function isMine(secret: string): Promise<boolean> {
    const until = new Date(Date.parse(now()) + LEASE_MILLISECONDS).toISOString()
    const { numUpdatedRows } = await db
      .updateTable('portal_session')
      .set({ renewing_until: until })
      .where('session_hash', '=', hashOf(secret))
      .where('renewing_until', '<', now())
      .executeTakeFirst()
    return numUpdatedRows > 0
  }

  async function release(secret: string, sealed?: Uint8Array): Promise<void> {
    await db
      .updateTable('portal_session')
      .set({ renewing_until: '', ...(sealed ? { sealed } : {}) })
      .where('session_hash', '=', hashOf(secret))
      .execute()
  }

  async function renewed(secret: string, asked: SealedSession): Promise<SealedSession> {
    const patience = Date.now() + LEASE_MILLISECONDS
    while (!(await isMine(secret))) {
      if (Date.now() > patience) throw new IssuerUnavailable('Another process did not renew the tokens in time')
      await pause(LOOK_AGAIN_MILLISECONDS)
      const current = await read(secret)
      if (current === undefined) throw new IssuerRefused('session_ended')
      if (isNewer(current, asked)) return current
    }
    let sealed: Uint8Array | undefined
    try {
      // What was read before the turn came may be spent.
      const current = await read(secret)
      if (current === undefined) throw new IssuerRefused('session_ended')
      if (isNewer(current, asked)) return current
      const fresh = { ...current, tokens: await issuer.renew(current.tokens) }
      sealed = seal(secret, fresh)
      return fresh
    } finally {
      await release(secret, sealed)
    }
  }

  return function renew(secret: string, kept: SealedSession): Promise<SealedSession> {
    const hash = hashOf(secret)
    const running = underWay.get(hash)
    if (running) return running
    const renewing = renewed(secret, kept).finally(() => underWay.delete(hash))
    underWay.set(hash, renewing)
    return renewing
  }
}

function isNewer(current: SealedSession, asked: SealedSession): boolean {
  return current.tokens.access !== asked.tokens.access
}
