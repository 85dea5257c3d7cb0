import type { TokenRequest } from '@relais/contracts/http'
import type { Instant } from '@relais/contracts/primitives'
import { SignJWT } from 'jose'
import type { z } from 'zod'
import { actorClaims } from './claims.ts'
import type { SigningKeys } from './signing-keys.ts'

export type Issue = (request: z.output<typeof TokenRequest>) => Promise<{ token: string; expiresAt: Instant }>

type IssuerDeps = { keys: SigningKeys; issuer: string; audience: string; now: () => Instant }

/** Signs tokens whose claims are those that `@relais/identity` reads. Their end is a whole second. */
export function tokenIssuer({ keys, issuer, audience, now }: IssuerDeps): Issue {
  return async ({ id, expiresInSeconds, ...claimant }) => {
    const issuedAt = Math.floor(Date.parse(now()) / 1000)
    const expiresAt = issuedAt + expiresInSeconds
    const token = await new SignJWT(actorClaims(claimant))
      .setProtectedHeader({ alg: 'ES256', kid: keys.keyId, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(id)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(keys.privateKey)
    return { token, expiresAt: new Date(expiresAt * 1000).toISOString() }
  }
}
