import type { Actor } from '@relais/contracts/actor'
import type { ClientFrame } from '@relais/contracts/channels'
import type { Instant } from '@relais/contracts/primitives'

/** What a token, or a ticket that stands for one, says of who opens a session. */
export type Verified = {
  actor: Actor
  expiresAt: Instant
  /** The sign-in it belongs to, where the issuer names one: once that is over, so is the session. */
  signIn?: string | undefined
}

export type Verifier = {
  /** `undefined`, or a rejection with a `code` of `tokenExpired` or `tokenInvalid`, when the token is not good. */
  verify(token: string): Promise<Verified | undefined>
  /** The same of a ticket, which is used up by it. Absent where no tickets are given: all are refused. */
  redeem?(ticket: string): Promise<Verified | undefined>
}

type Presented = Partial<Pick<Extract<ClientFrame, { type: 'hello' }>, 'token' | 'ticket'>>

/** `undefined` for what is not good; anything else that goes wrong stays a fault. */
export async function verified(verifier: Verifier, { token, ticket }: Presented): Promise<Verified | undefined> {
  try {
    if (ticket !== undefined) return await verifier.redeem?.(ticket)
    return token === undefined ? undefined : await verifier.verify(token)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'tokenExpired' || code === 'tokenInvalid') return undefined
    throw error
  }
}

/** What opens a session, or goes on with it; otherwise why not, in words for people. */
export function accepted(found: Verified | undefined, ended: readonly ReadonlySet<string>[]): Verified | string {
  if (found === undefined) return 'token or ticket refused'
  const { actor, signIn } = found
  if (signIn !== undefined && ended.some((signIns) => signIns.has(signIn))) return 'signed out'
  return actor.scopes.includes('channel:follow') ? found : 'scope channel:follow is missing'
}

/** Whether all that was decided for the one would be decided for the other. */
export function isSameActor(one: Actor, other: Actor): boolean {
  const isSame = one.id === other.id && one.role === other.role && one.organisation === other.organisation
  return isSame && areSame(one.wards, other.wards) && areSame(one.scopes, other.scopes)
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.every((each) => others.includes(each)) && others.every((each) => some.includes(each))
}
