import type { Actor } from '@relais/contracts/actor'
import { tokenVerifier } from '@relais/identity/tokens'
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose'

export const ISSUER = 'urn:relais:test'
export const AUDIENCE = 'relais'

/** An issuer of tokens with keys of its own, and the verifier that believes it. */
export async function tokenIssuer(now: () => string = () => new Date().toISOString()) {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }] }
  const secondsFromNow = (count: number) => Math.floor(Date.parse(now()) / 1000) + count

  function tokenFor({ id, scopes, ...claims }: Actor, expiresInSeconds = 3600): Promise<string> {
    return new SignJWT({ ...claims, scope: scopes.join(' ') })
      .setProtectedHeader({ alg: 'ES256', kid: 'test' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(id)
      .setExpirationTime(secondsFromNow(expiresInSeconds))
      .sign(privateKey)
  }

  return { jwks, tokenFor, verifier: tokenVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: { jwks }, now }) }
}
