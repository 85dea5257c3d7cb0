import type { Scope } from '@relais/contracts/actor'
import { defaultScopes } from './default-scopes.ts'

export type Claimant = {
  role: string
  organisation?: string | undefined
  wards: readonly string[]
  /** Those of the role unless given. */
  scopes?: readonly Scope[] | undefined
}

/** What a token says of a person beside who it is: the claims that `@relais/identity` reads, and no others. */
export function actorClaims({ role, organisation, wards, scopes }: Claimant) {
  const scope = (scopes ?? defaultScopes(role)).join(' ')
  return { role, wards: [...wards], scope, ...(organisation === undefined ? {} : { organisation }) }
}
