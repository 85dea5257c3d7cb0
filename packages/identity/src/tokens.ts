import { createHash } from 'node:crypto'
import { Actor, Scope } from '@relais/contracts/actor'
import type { Instant } from '@relais/contracts/primitives'
import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, jwtVerify, type JWTPayload } from 'jose'
import { z } from 'zod'
import { verifiedTokens, type VerifiedToken } from './verified-tokens.ts'

export type { VerifiedToken } from './verified-tokens.ts'

export type TokenVerifier = {
  /**
   * Who a token speaks for, and until when.
   * @throws TokenRejected when it is not to be believed, KeysUnavailable when the issuer's keys cannot be fetched
   */
  verify(token: string): Promise<VerifiedToken>
}

export type TokenVerifierOptions = {
  /** A predicate is for keys that are one issuer's alone, whose name changes: that of a process on any port. */
  issuer: string | ((name: string) => boolean)
  audience: string
  /** The keys of the issuer: fetched from it, cached and fetched again when they rotate, or known here. */
  keys: { jwksUrl: URL } | { jwks: JSONWebKeySet }
  now?: () => Instant
}

/** The token is not to be believed. The message never quotes it. */
export class TokenRejected extends Error {
  readonly code: 'tokenExpired' | 'tokenInvalid'
  constructor(code: 'tokenExpired' | 'tokenInvalid', options?: ErrorOptions) {
    super(code === 'tokenExpired' ? 'The token has expired' : 'The token is not valid here', options)
    this.code = code
  }
}

/** The issuer's keys cannot be fetched: nothing is known of the token. */
export class KeysUnavailable extends Error {
  readonly code = 'keysUnavailable'
}

/** ES256 is ours, RS256 is Pro Santé Connect's. Symmetric algorithms and `none` are never accepted. */
const ALGORITHMS = ['ES256', 'EdDSA', 'RS256']
const CLOCK_TOLERANCE_SECONDS = 5
const LONGEST_TOKEN = 8192
const TOKENS_REMEMBERED = 5000
const LAST_SECOND_OF_YEAR_9999 = 253_402_300_799

/** Visible characters of ASCII: what issuers make of random bits. */
const SignIn = z.string().regex(/^[!-~]{1,100}$/)

/** Scopes of others (`openid`, …) mean nothing here and are left out. */
const Claims = z
  .object({
    sub: Actor.shape.id,
    exp: z.int().max(LAST_SECOND_OF_YEAR_9999),
    role: Actor.shape.role,
    organisation: Actor.shape.organisation,
    wards: Actor.shape.wards.default([]),
    scope: z.string().default(''),
    sid: SignIn.optional(),
  })
  .transform(({ sub, exp, role, organisation, wards, scope, sid }) => ({
    exp,
    sid,
    actor: {
      id: sub,
      role,
      wards,
      scopes: z.array(Scope).parse(scope.split(' ').filter((word) => Scope.safeParse(word).success)),
      ...(organisation === undefined ? {} : { organisation }),
    } satisfies Actor,
  }))

/**
 * Verifies signature, issuer, audience and dates (5 s of tolerance), then reads the claims into an actor. A token that
 * was verified is remembered, so that a person's next requests cost a hash and not a signature.
 */
export function tokenVerifier({ issuer, audience, keys, now = systemNow }: TokenVerifierOptions): TokenVerifier {
  const keySet = 'jwks' in keys ? createLocalJWKSet(keys.jwks) : createRemoteJWKSet(keys.jwksUrl)
  const remembered = verifiedTokens({ capacity: TOKENS_REMEMBERED, toleranceSeconds: CLOCK_TOLERANCE_SECONDS })

  async function signedClaims(token: string): Promise<JWTPayload> {
    const expectations = {
      ...(typeof issuer === 'string' ? { issuer } : {}),
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now()),
      requiredClaims: ['exp', 'iss', 'sub'],
    }
    const { payload } = await jwtVerify(token, keySet, expectations).catch((error: unknown) => {
      throw translated(error)
    })
    if (typeof issuer !== 'string' && !issuer(payload.iss ?? '')) throw new TokenRejected('tokenInvalid')
    return payload
  }

  return {
    async verify(token) {
      if (token.length > LONGEST_TOKEN) throw new TokenRejected('tokenInvalid')
      const hash = createHash('sha256').update(token).digest('base64')
      const known = remembered.find(hash, Date.parse(now()))
      if (known !== undefined) return known
      const claims = Claims.safeParse(await signedClaims(token))
      if (!claims.success) throw new TokenRejected('tokenInvalid')
      const { actor, exp, sid } = claims.data
      const expiresAt = new Date(exp * 1000).toISOString()
      const verified = { actor, expiresAt, ...(sid === undefined ? {} : { sid }) }
      remembered.remember(hash, verified, Date.parse(now()))
      return verified
    },
  }
}

/** Errors of jose that speak of the token itself. Every other one speaks of the key set or of the network. */
const tokenErrors = [
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
]

function translated(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return new TokenRejected('tokenExpired', { cause: error })
  if (tokenErrors.some((kind) => error instanceof kind)) return new TokenRejected('tokenInvalid', { cause: error })
  return new KeysUnavailable('The keys of the token issuer cannot be fetched', { cause: error })
}

function systemNow(): Instant {
  return new Date().toISOString()
}
