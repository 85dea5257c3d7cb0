import { createServer } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterTestFile } from '@relais/testkit/cleanup'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export const CLIENT = { id: 'relais-portal', secret: 's'.repeat(43) }

export type IssuerSays = {
  /** The access token of the next answer. */
  access: () => Promise<string>
  expiresInSeconds: number
  claims: Record<string, unknown>
  subject: string
  /** What happens to whoever renews. */
  renewals: 'given' | 'refused' | 'broken'
  hasEndSession: boolean
}

/**
 * An issuer of OpenID Connect as others may be: it lets anybody in who brings any code, says what the test wants said, and
 * remembers what it was asked.
 */
export async function openIdIssuer(says: IssuerSays) {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'id', alg: 'ES256', use: 'sig' }] }
  const asked: { path: string; body: URLSearchParams }[] = []
  const nonces = new Map<string, string>()
  let issued = 0

  async function tokens(body: URLSearchParams): Promise<readonly [number, object]> {
    const isRenewal = body.get('grant_type') === 'refresh_token'
    if (isRenewal && says.renewals === 'refused') return [400, { error: 'invalid_grant' }]
    if (isRenewal && says.renewals === 'broken') return [502, {}]
    issued += 1
    const nonce = nonces.get(body.get('code') ?? '')
    const identity = new SignJWT({ ...says.claims, ...(nonce === undefined ? {} : { nonce }) })
      .setProtectedHeader({ alg: 'ES256', kid: 'id' })
      .setIssuer(url)
      .setAudience(CLIENT.id)
      .setSubject(says.subject)
      .setIssuedAt()
      .setExpirationTime('1h')
    return [
      200,
      {
        access_token: await says.access(),
        token_type: 'Bearer',
        expires_in: says.expiresInSeconds,
        refresh_token: `refresh-${issued}`,
        ...(isRenewal ? {} : { id_token: await identity.sign(privateKey) }),
      },
    ]
  }

  async function answer(path: string, body: URLSearchParams): Promise<readonly [number, object]> {
    if (path === '/token') return tokens(body)
    if (path === '/jwks') return [200, jwks]
    if (path === '/revoke') return [200, {}]
    return [
      200,
      {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/jwks`,
        revocation_endpoint: `${url}/revoke`,
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['ES256'],
        ...(says.hasEndSession ? { end_session_endpoint: `${url}/end` } : {}),
      },
    ]
  }

  const server = createServer((request, response) => {
    void (async () => {
      const path = new URL(request.url ?? '/', 'http://issuer').pathname
      const body = new URLSearchParams(await text(request))
      asked.push({ path, body })
      const [status, said] = await answer(path, body)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said))
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterTestFile(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const url = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`

  return {
    url,
    says,
    asked: (path: string) => asked.filter((each) => each.path === path).map(({ body }) => body),
    /** The code that this issuer would send the browser back with, for what it was asked. */
    codeFor(authorization: URL): string {
      const code = `code-${nonces.size}`
      nonces.set(code, authorization.searchParams.get('nonce') ?? '')
      return code
    },
  }
}
