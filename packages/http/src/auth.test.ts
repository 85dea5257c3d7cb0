import type { Scope } from '@relais/contracts/actor'
import { Problem } from '@relais/contracts/http'
import { type TokenVerifier, tokenVerifier } from '@relais/identity/tokens'
import { logger } from '@relais/telemetry/logger'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { httpApp } from './app.ts'
import { requireScope, requireToken } from './auth.ts'
import { commandContext } from './request-context.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwks = { keys: [await exportJWK(publicKey)] }
const realVerifier = tokenVerifier({ issuer: 'test', audience: 'relais', keys: { jwks } })

function token(scope: string, expiration = '1h'): Promise<string> {
  return new SignJWT({ role: 'infirmier', scope })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer('test')
    .setAudience('relais')
    .setSubject('rpps:10002909371')
    .setExpirationTime(expiration)
    .sign(privateKey)
}

/** An app with one route that asks for these scopes, and how often it had a token verified. */
function guarded(scopes: readonly Scope[], verifier: TokenVerifier = realVerifier) {
  let verified = 0
  const counting: TokenVerifier = {
    verify: (text) => {
      verified += 1
      return verifier.verify(text)
    },
  }
  const app = httpApp({ verifier: counting, log: logger({ level: 'silent' }) })
  for (const scope of scopes) app.use('/mine', requireScope(scope))
  app.get('/mine', (c) => c.json(commandContext(c)))
  const ask = (authorization?: string, headers: Record<string, string> = {}) =>
    app.request('/mine', { headers: authorization === undefined ? headers : { ...headers, authorization } })
  return { ask, timesVerified: () => verified }
}

async function codeOf(response: Response): Promise<string> {
  const { type } = Problem.parse(await response.json())
  return type.replace('urn:relais:problem:', '')
}

test('a good token with the scope passes, and says who caused what follows', async () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const headers = { 'x-correlation-id': '7d9f0a52-33c1-4b52-9e0f-5a1d2c3b4e5f', traceparent: trace }
  const response = await guarded(['pathway:read']).ask(`Bearer ${await token('pathway:read')}`, headers)
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    metadata: {
      $correlationId: '7d9f0a52-33c1-4b52-9e0f-5a1d2c3b4e5f',
      traceparent: trace,
      actor: { id: 'rpps:10002909371', role: 'infirmier' },
    },
  })
})

test.each<[string, string | undefined, string]>([
  ['no header', undefined, 'tokenMissing'],
  ['another scheme', 'Basic cmVsYWlz', 'tokenMissing'],
  ['no token', 'Bearer ', 'tokenMissing'],
  ['two tokens', 'Bearer one two', 'tokenMissing'],
  ['a token that is none', 'Bearer something', 'tokenInvalid'],
  ['an expired token', `bearer ${await token('pathway:read', '-1m')}`, 'tokenExpired'],
])('%s is a 401 with a challenge', async (_, authorization, code) => {
  const response = await guarded(['pathway:read']).ask(authorization)
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
  expect(await codeOf(response)).toBe(code)
})

test('a token without the scope is a 403', async () => {
  const response = await guarded(['quarantine:read']).ask(`Bearer ${await token('pathway:read')}`)
  expect(response.status).toBe(403)
  expect(await codeOf(response)).toBe('scopeMissing')
})

test('a route may ask for a token and no scope, and is told the whole of what the token says', async () => {
  const app = httpApp({ verifier: realVerifier, log: logger({ level: 'silent' }) })
  app.use('/mine', requireToken())
  app.get('/mine', (c) => c.json(c.get('verified')))
  const answer = await app.request('/mine', { headers: { authorization: `Bearer ${await token('')}` } })
  expect(await answer.json()).toMatchObject({ actor: { scopes: [] }, expiresAt: expect.stringMatching(/Z$/) })
  expect((await app.request('/mine')).status).toBe(401)
})

test('two scopes are both asked for, and cost one verification', async () => {
  const { ask, timesVerified } = guarded(['pathway:read', 'circle:write'])
  expect((await ask(`Bearer ${await token('pathway:read circle:write')}`)).status).toBe(200)
  expect(timesVerified()).toBe(1)
  expect((await ask(`Bearer ${await token('pathway:read')}`)).status).toBe(403)
})

test('an issuer that cannot be reached is a 503, not a refusal of the token', async () => {
  const unreachable = tokenVerifier({
    issuer: 'test',
    audience: 'relais',
    keys: { jwksUrl: new URL('http://127.0.0.1:1/') },
  })
  const response = await guarded(['pathway:read'], unreachable).ask(`Bearer ${await token('pathway:read')}`)
  expect(response.status).toBe(503)
  expect(await codeOf(response)).toBe('keysUnavailable')
})
