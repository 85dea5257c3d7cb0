import type { Instant } from '@relais/contracts/primitives'
import { type TokenVerifier, tokenVerifier } from '@relais/identity/tokens'
import type { Logger } from '@relais/telemetry/logger'
import type { Hono } from 'hono'
import { oidcRoutes } from './http/oidc-routes.ts'
import { tokenRoutes } from './http/token-routes.ts'
import { tokenIssuer } from './issue.ts'
import type { OidcClient } from './oidc/provider.ts'
import type { Person } from './people.ts'
import type { SigningKeys } from './signing-keys.ts'

export { loadOrCreateSigningKeys, newSigningKeys, type SigningKeys } from './signing-keys.ts'
export type { OidcClient } from './oidc/provider.ts'
export type { Person, Words } from './people.ts'

export type IdentityAdapters = {
  keys: SigningKeys
  /** With `signIn`, the address of the platform and `/oidc`. */
  issuer: string
  audience: string
  /** Whoever presents it may have any token made. */
  operatorKey: string
  /** Who may sign in with a browser, and through whom. */
  signIn?: SignIn
  now: () => Instant
  log: Logger
}

export type SignIn = {
  people: readonly Person[]
  client: OidcClient
  /** Ten minutes unless given. */
  accessTokenSeconds?: number
}

export type IdentityService = {
  /** Believes the tokens of this issuer without a request. */
  verifier: TokenVerifier
  app: ReturnType<typeof tokenRoutes>
  /** OpenID Connect, with `signIn`: to be mounted before anything that reads bodies. */
  oidc?: Hono
}

/** The built-in issuer: tokens for whoever holds the operator key, and for the people of a demonstration. */
export function createService(adapters: IdentityAdapters): IdentityService {
  const { keys, issuer, audience, operatorKey, signIn, now, log } = adapters
  const verifier = tokenVerifier({
    issuer: signIn ? onAnyPort(issuer) : issuer,
    audience,
    keys: { jwks: keys.jwks },
    now,
  })
  const issue = tokenIssuer({ keys, issuer, audience, now })
  const app = tokenRoutes({ verifier, log, issue, jwks: keys.jwks, operatorKey })
  if (signIn === undefined) return { verifier, app }
  return { verifier, app, oidc: oidcRoutes({ issuer, audience, keys, cookieKey: operatorKey, ...signIn, log }) }
}

/** Its keys are its own, so that what it signed before a restart is believed after it, on another port too. */
function onAnyPort(issuer: string): (name: string) => boolean {
  const withoutPort = (name: string) => {
    const { protocol, hostname, pathname } = URL.parse(name) ?? {}
    return `${protocol}//${hostname}${pathname}`
  }
  return (name) => withoutPort(name) === withoutPort(issuer)
}

export { IdentityEnvironment } from './config.ts'
