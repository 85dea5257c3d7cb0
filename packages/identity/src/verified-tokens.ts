import type { Actor } from '@relais/contracts/actor'
import type { Instant } from '@relais/contracts/primitives'

export type VerifiedToken = {
  actor: Actor
  expiresAt: Instant
  /** What the issuer calls the sign-in that the token comes from (OpenID Connect). No secret, and of no log. */
  sid?: string
}

/** Verified tokens by their hash; the least recently used one leaves first. Times are in milliseconds. */
export type VerifiedTokens = {
  find(hash: string, at: number): VerifiedToken | undefined
  remember(hash: string, token: VerifiedToken, at: number): void
}

/** A verification is good for five minutes at most, so that a key withdrawn by the issuer stops counting. */
const LONGEST_TRUST_MILLISECONDS = 300_000

export function verifiedTokens(options: { capacity: number; toleranceSeconds: number }): VerifiedTokens {
  const entries = new Map<string, { token: VerifiedToken; until: number }>()
  return {
    find(hash, at) {
      const entry = entries.get(hash)
      if (entry === undefined) return undefined
      entries.delete(hash)
      if (at >= entry.until) return undefined
      entries.set(hash, entry)
      return entry.token
    },
    remember(hash, token, at) {
      const expiry = Date.parse(token.expiresAt) + options.toleranceSeconds * 1000
      entries.set(hash, { token, until: Math.min(expiry, at + LONGEST_TRUST_MILLISECONDS) })
      const [oldest] = entries.keys()
      if (entries.size > options.capacity && oldest !== undefined) entries.delete(oldest)
    },
  }
}
