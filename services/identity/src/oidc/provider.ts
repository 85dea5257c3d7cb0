import type { Logger } from '@relais/telemetry/logger'
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider'
import { actorClaims } from '../claims.ts'
import type { Person } from '../people.ts'
import type { SigningKeys } from '../signing-keys.ts'
import { z } from 'zod'
import { grantsInMemory } from './grants-in-memory.ts'

/** Where the provider is mounted under the address of the platform. */
export const OIDC_PATH = '/oidc'
/** What access tokens are for; their audience is that of the verifier. */
const PLATFORM = 'urn:relais:platform'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** The portal, as the issuer knows it. */
export type OidcClient = {
  id: string
  secret: string
  redirectUris: readonly string[]
  postLogoutRedirectUris: readonly string[]
}

export type OidcDeps = {
  /** `<address of the platform>/oidc`. */
  issuer: string
  audience: string
  keys: SigningKeys
  people: readonly Person[]
  client: OidcClient
  /** Signs the cookies of the provider. */
  cookieKey: string
  /** How long an access token is good for; ten minutes unless given. */
  accessTokenSeconds?: number
  log: Logger
}

/** Pages that the provider asks for, written where pages are written. */
export type OidcPages = {
  refused(ctx: KoaContextWithOIDC): Promise<void>
  /** `form` is the provider's own, without a button. */
  confirmSignOut(ctx: KoaContextWithOIDC, form: string): Promise<void>
}

/** Loads and opens the provider: code flow with PKCE for one client, whose people need no password. */
export async function openProvider(deps: OidcDeps, pages: OidcPages): Promise<Provider> {
  // Loaded by the first request because it takes a while, and most starts of tests do without.
  const { Provider } = await import('oidc-provider')
  const provider = new Provider(deps.issuer, configuration(deps, pages))
  provider.silent = true
  // What follows makes it one of OpenID Connect.
  provider.use((ctx, next) => leaveWhenNobodyIsSignedIn(ctx as KoaContextWithOIDC, next))
  provider.on('server_error', (_, error) => deps.log.error({ error }, 'the issuer failed'))
  return provider
}

function configuration(
  { audience, keys, people, client, cookieKey, ...deps }: OidcDeps,
  pages: OidcPages,
): Configuration {
  const personOf = new Map(people.map((person) => [person.id, person]))
  const inCookies = { httpOnly: true, sameSite: 'lax', signed: true } as const
  return {
    adapter: grantsInMemory(),
    jwks: { keys: [{ ...keys.privateJwk, kty: 'EC' }] },
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [...client.redirectUris],
        post_logout_redirect_uris: [...client.postLogoutRedirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['client_secret_basic'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    claims: { openid: ['sub'], profile: ['name', 'organisation_name'] },
    scopes: ['openid', 'profile'],
    cookies: {
      keys: [cookieKey],
      long: { ...inCookies, path: OIDC_PATH },
      short: inCookies,
    },
    ttl: {
      AccessToken: deps.accessTokenSeconds ?? 10 * MINUTE,
      AuthorizationCode: MINUTE,
      IdToken: HOUR,
      Interaction: HOUR,
      RefreshToken: 12 * HOUR,
      Grant: 12 * HOUR,
      Session: 12 * HOUR,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: (ctx, form) => signOutAtOnce(ctx, form, pages) },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => PLATFORM,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    formats: {
      customizers: {
        /** MUST leave nothing of the provider's own but what a verifier needs: tokens of both doors are alike. */
        jwt(_, token, parts) {
          const person = 'accountId' in token ? personOf.get(token.accountId) : undefined
          if (!person) throw new Error('A token for nobody of the demonstration')
          const { iss, aud, sub, iat, exp } = parts.payload
          const sid = 'grantId' in token ? token.grantId : undefined
          parts.payload = { iss, aud, sub, iat, exp, ...actorClaims(person), ...(sid ? { sid } : {}) }
        },
      },
    },
    interactions: { url: (_, { uid }) => `${OIDC_PATH}/sign-in/${uid}` },
    findAccount: (_, id) => {
      const person = personOf.get(id)
      return person && { accountId: id, claims: () => displayClaims(person) }
    },
    loadExistingGrant: grantForEachSignIn,
    issueRefreshToken: () => true,
    rotateRefreshToken: false,
    renderError: (ctx) => pages.refused(ctx),
  }
}

function displayClaims({ id, name, organisationName }: Person) {
  return { sub: id, name, ...(organisationName === undefined ? {} : { organisation_name: organisationName }) }
}

/** Whoever chose a person has nothing left to consent to; each sign-in is its own, and ends on its own. */
async function grantForEachSignIn(ctx: KoaContextWithOIDC) {
  const { provider, session, client } = ctx.oidc
  if (!session?.accountId || !client) return undefined
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId })
  grant.addOIDCScope('openid profile')
  await grant.save()
  return grant
}

/**
 * A portal that names whom it signs out has asked already, and nobody is to stay signed in on a shared post: the provider's
 * question is for anybody else.
 */
async function signOutAtOnce(ctx: KoaContextWithOIDC, form: string, pages: OidcPages): Promise<void> {
  const { session, entities, provider } = ctx.oidc
  const hint = z.object({ payload: z.object({ sub: z.string() }) }).safeParse(entities.IdTokenHint)
  if (!session || hint.data?.payload.sub !== session.accountId) return pages.confirmSignOut(ctx, form)
  // The tokens of a session end with it.
  await session.destroy()
  ctx.cookies.set(provider.cookieName('session'), null, { path: OIDC_PATH })
  continueAfterSignOut(ctx)
}

/** Whoever is not signed in any more has nothing to confirm, and needs no page that sends itself. */
async function leaveWhenNobodyIsSignedIn(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> {
  ctx.set({
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  await next()
  const isEnding = ctx.oidc?.route === 'end_session' && ctx.status === 200
  if (isEnding && ctx.oidc.session?.accountId === undefined) continueAfterSignOut(ctx)
}

function continueAfterSignOut(ctx: KoaContextWithOIDC): void {
  const { post_logout_redirect_uri: uri, state } = ctx.oidc.params ?? {}
  // The provider has compared it with those of its client.
  const target = new URL(typeof uri === 'string' ? uri : '/app/', ctx.oidc.issuer)
  if (typeof state === 'string') target.searchParams.set('state', state)
  ctx.body = null
  ctx.status = 303
  ctx.redirect(target.href)
}
