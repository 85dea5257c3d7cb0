import type { Instant } from '@relais/contracts/primitives'
import { type TokenVerifier, tokenVerifier } from '@relais/identity/tokens'
import type { Logger } from '@relais/telemetry/logger'
import { tokenRoutes } from './http/token-routes.ts'
import { tokenIssuer } from './issue.ts'
import type { SigningKeys } from './signing-keys.ts'

export { loadOrCreateSigningKeys, newSigningKeys, type SigningKeys } from './signing-keys.ts'

export type IdentityAdapters = {
  keys: SigningKeys
  issuer: string
  audience: string
  /** Whoever presents it may have any token made. */
  operatorKey: string
  now: () => Instant
  log: Logger
}

/** The built-in issuer. `verifier` believes its tokens without a request. */
export function createService({ keys, issuer, audience, operatorKey, now, log }: IdentityAdapters) {
  const verifier: TokenVerifier = tokenVerifier({ issuer, audience, keys: { jwks: keys.jwks }, now })
  const issue = tokenIssuer({ keys, issuer, audience, now })
  return { verifier, app: tokenRoutes({ verifier, log, issue, jwks: keys.jwks, operatorKey }) }
}

export { IdentityEnvironment } from './config.ts'
