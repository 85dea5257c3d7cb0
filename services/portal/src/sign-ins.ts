import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { z } from 'zod'
import type { Challenge } from './issuer.ts'
import { hashOf, isSecret, newSecret, sealingFor } from './secrets.ts'
import type { PortalTables } from './session-tables.ts'

/** How long a person may take on the page of the issuer. */
export const SIGN_IN_SECONDS = 3600

const Sealed = z.object({ nonce: z.string(), verifier: z.string(), returnTo: z.string() })

export type SignIns = {
  /**
   * `browser` is the value of a cookie: whoever brings the answer of the issuer must be who asked. `undefined` while there are
   * too many whom the issuer has not sent back.
   */
  open(browser: string, returnTo: string): Promise<Challenge | undefined>
  /** Once. `undefined` for what is over, was opened elsewhere, or never was. */
  take(browser: string | undefined, state: string | undefined): Promise<(Challenge & { returnTo: string }) | undefined>
}

/** Of all that are open: a table that anybody may write to is no larger than this. */
const MOST_OPEN = 20_000

type SignInsDeps = { database: Database<PortalTables>; siteKey: Buffer; now: () => Instant; mostOpen?: number }

/** Those who were sent to the issuer: what comes back is theirs, once, in the browser that was sent. */
export function signIns({ database: { db }, siteKey, now, mostOpen = MOST_OPEN }: SignInsDeps): SignIns {
  const sealing = sealingFor(siteKey, 'sign-in')
  return {
    async open(browser, returnTo) {
      const challenge = { state: newSecret(), nonce: newSecret(), verifier: newSecret() }
      const { nonce, verifier, state } = challenge
      await db.deleteFrom('portal_sign_in').where('ends_at', '<', now()).execute()
      const { open } = await db
        .selectFrom('portal_sign_in')
        .select(({ fn }) => fn.countAll<number | string>().as('open'))
        .executeTakeFirstOrThrow()
      if (Number(open) >= mostOpen) return undefined
      await db
        .insertInto('portal_sign_in')
        .values({
          state_hash: hashOf(state),
          browser_hash: hashOf(browser),
          sealed: sealing.seal(browser, { nonce, verifier, returnTo }),
          ends_at: new Date(Date.parse(now()) + SIGN_IN_SECONDS * 1000).toISOString(),
        })
        .execute()
      return challenge
    },
    async take(browser, state) {
      if (!isSecret(browser) || !isSecret(state)) return undefined
      const taken = await db
        .deleteFrom('portal_sign_in')
        .where('state_hash', '=', hashOf(state))
        .where('browser_hash', '=', hashOf(browser))
        .where('ends_at', '>', now())
        .returning('sealed')
        .executeTakeFirst()
      const kept = taken && sealing.open(browser, taken.sealed, Sealed)
      return kept && { ...kept, state }
    },
  }
}
