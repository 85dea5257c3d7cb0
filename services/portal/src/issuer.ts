import type * as OpenidClient from 'openid-client'
import type { Configuration, TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'
import { z } from 'zod'
import type { PortalConfig } from './config.ts'
import type { Display, Tokens } from './sealed-session.ts'

/** What a sign-in is told apart by when it comes back. */
export type Challenge = { state: string; nonce: string; verifier: string }

export type Issuer = {
  /** Where a browser signs in. */
  signInUrl(challenge: Challenge, asksAgain: boolean): Promise<string>
  /** What a browser brought back is worth. @throws IssuerRefused, IssuerUnavailable */
  redeem(callback: URL, challenge: Challenge): Promise<{ tokens: Tokens; display: Display }>
  /** @throws IssuerRefused, IssuerUnavailable */
  renew(tokens: Tokens): Promise<Tokens>
  /** Makes the refresh token worthless, where the issuer can. Never rejects. */
  revoke(tokens: Tokens): Promise<void>
  /** Where the issuer forgets who is signed in; the portal where it has no such address. */
  signOutUrl(tokens: Tokens): Promise<string>
}

/** The issuer answered, and does not let this person in, or not any more. */
export class IssuerRefused extends Error {
  readonly code = 'issuerRefused'
  /** As OAuth names it: `access_denied`, `invalid_grant`. */
  readonly reason: string
  constructor(reason: string, options?: ErrorOptions) {
    super('The issuer refused', options)
    this.reason = reason
  }
}

/** The issuer did not answer, or not as one does. */
export class IssuerUnavailable extends Error {
  readonly code = 'issuerUnavailable'
}

const PATIENCE_SECONDS = 10

type Client = typeof OpenidClient
export type IssuerFetch = (url: string, init: object) => Promise<Response>
type IssuerDeps = Pick<PortalConfig, 'mode' | 'publicUrl' | 'issuer' | 'client' | 'scope'> & {
  /** For an issuer that is reached in another way than others; `fetch` unless given. */
  fetch?: IssuerFetch
  now: () => number
}

/** The issuer of tokens, found by its discovery document when it is first needed. */
export function issuerAt({ mode, publicUrl, issuer, client, scope, fetch, now }: IssuerDeps): Issuer {
  let found: Promise<{ library: Client; settings: Configuration }> | undefined

  async function discover() {
    // Loaded by the first sign-in because a start has no need of it.
    const library = await import('openid-client')
    const metadata = client.secret === undefined ? {} : { client_secret: client.secret }
    const authentication = client.secret === undefined ? library.None() : library.ClientSecretBasic(client.secret)
    const settings = await library.discovery(new URL(issuer), client.id, metadata, authentication, {
      timeout: PATIENCE_SECONDS,
      execute: [
        library.enableNonRepudiationChecks,
        ...(mode === 'demonstration' ? [library.allowInsecureRequests] : []),
      ],
      ...(fetch ? { [library.customFetch]: fetch } : {}),
    })
    return { library, settings }
  }

  async function asking<Answer>(ask: (library: Client, settings: Configuration) => Promise<Answer>): Promise<Answer> {
    found ??= discover()
    const asked = found
    try {
      const { library, settings } = await asked.catch((error: unknown) => {
        found = undefined
        throw new IssuerUnavailable('The issuer was not found', { cause: error })
      })
      return await ask(library, settings)
    } catch (error) {
      throw translated(error)
    }
  }

  function tokensOf(answer: TokenEndpointResponse & TokenEndpointResponseHelpers, before?: Tokens): Tokens {
    const seconds = answer.expiresIn() ?? 0
    return {
      access: answer.access_token,
      accessEndsAt: now() + seconds * 1000,
      refresh: answer.refresh_token ?? before?.refresh,
      identity: answer.id_token ?? before?.identity,
    }
  }

  return {
    signInUrl: ({ state, nonce, verifier }, asksAgain) =>
      asking(async (library, settings) => {
        const asked = {
          redirect_uri: `${publicUrl}/app/signed-in`,
          scope,
          state,
          nonce,
          code_challenge: await library.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          ...(asksAgain ? { prompt: 'login' } : {}),
        }
        return library.buildAuthorizationUrl(settings, asked).href
      }),
    redeem: (callback, { state, nonce, verifier }) =>
      asking(async (library, settings) => {
        const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
        const answer = await library.authorizationCodeGrant(settings, callback, checks)
        return { tokens: tokensOf(answer), display: displayOf(answer.claims()) }
      }),
    renew: (tokens) =>
      asking(async (library, settings) => {
        if (tokens.refresh === undefined) throw new IssuerRefused('no_refresh_token')
        return tokensOf(await library.refreshTokenGrant(settings, tokens.refresh), tokens)
      }),
    async revoke({ refresh }) {
      if (refresh === undefined) return
      await asking(async (library, settings) => {
        if (settings.serverMetadata().revocation_endpoint) await library.tokenRevocation(settings, refresh)
      }).catch(() => undefined)
    },
    signOutUrl: ({ identity }) =>
      asking(async (library, settings) => {
        const home = `${publicUrl}/app/`
        if (settings.serverMetadata().end_session_endpoint === undefined) return home
        const hint = identity === undefined ? {} : { id_token_hint: identity }
        return library.buildEndSessionUrl(settings, { post_logout_redirect_uri: home, ...hint }).href
      }),
  }
}

const Shown = z.object({
  name: z.string().optional().catch(undefined),
  given_name: z.string().optional().catch(undefined),
  family_name: z.string().optional().catch(undefined),
  organisation_name: z.string().optional().catch(undefined),
})

function displayOf(claims: unknown): Display {
  const { name, given_name: given, family_name: family, organisation_name: organisation } = Shown.parse(claims ?? {})
  const said = name ?? [given, family].filter(Boolean).join(' ')
  return {
    ...(said === '' ? {} : { name: said }),
    ...(organisation === undefined ? {} : { organisationName: organisation }),
  }
}

const Refusal = z.object({ error: z.string().regex(/^[\w.-]{1,60}$/) })

/** An error of OAuth names itself; whatever else went wrong is the issuer's, or on the way to it. */
function translated(error: unknown): Error {
  if (error instanceof IssuerRefused || error instanceof IssuerUnavailable) return error
  const refusal = Refusal.safeParse(error)
  if (refusal.success) return new IssuerRefused(refusal.data.error, { cause: error })
  return new IssuerUnavailable('The issuer did not answer as it should', { cause: error })
}
