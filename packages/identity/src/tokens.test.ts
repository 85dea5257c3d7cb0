import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { tokenVerifier, type TokenVerifierOptions } from './tokens.ts'

const NOW = Date.parse('2027-03-01T08:00:00.000Z')
const seconds = (count: number) => Math.floor(NOW / 1000) + count

const issuer = 'https://identity.test'
const audience = 'relais'
const { privateKey, publicKey } = await generateKeyPair('ES256')
const stranger = await generateKeyPair('ES256')
const jwks: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'first', alg: 'ES256', use: 'sig' }] }

const claims: JWTPayload = {
  iss: issuer,
  aud: audience,
  sub: 'rpps:10002909371',
  exp: seconds(60),
  role: 'infirmier',
  organisation: '1.2.250.1.71.4.2.2',
  wards: ['2101'],
  scope: 'openid pathway:read channel:follow',
}

function signed(changes: Record<string, unknown> = {}, key = privateKey): Promise<string> {
  return new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: 'ES256', kid: 'first' }).sign(key)
}

/** A verifier, and the clock it reads. */
function verifier(options: Partial<TokenVerifierOptions> = {}) {
  const clock = { at: NOW }
  const now = () => new Date(clock.at).toISOString()
  return { clock, ...tokenVerifier({ issuer, audience, keys: { jwks }, now, ...options }) }
}

test('a good token says who acts, where, and until when', async () => {
  await expect(verifier().verify(await signed())).resolves.toEqual({
    actor: {
      id: 'rpps:10002909371',
      role: 'infirmier',
      organisation: '1.2.250.1.71.4.2.2',
      wards: ['2101'],
      scopes: ['pathway:read', 'channel:follow'],
    },
    expiresAt: '2027-03-01T08:01:00.000Z',
  })
})

test('a token says which sign-in it comes from, where its issuer does', async () => {
  const { actor: _, ...rest } = await verifier().verify(await signed({ sid: 'b3c1f0e2-session.7' }))
  expect(rest).toEqual({ expiresAt: '2027-03-01T08:01:00.000Z', sid: 'b3c1f0e2-session.7' })
  expect(await verifier().verify(await signed())).not.toHaveProperty('sid')
})

test('wards, scopes and organisation may be absent', async () => {
  const token = await signed({ wards: undefined, scope: undefined, organisation: undefined })
  await expect(verifier().verify(token)).resolves.toMatchObject({
    actor: { id: 'rpps:10002909371', role: 'infirmier', wards: [], scopes: [] },
  })
})

test('a token is good for five seconds after its end, and expired after', async () => {
  const token = await signed({ exp: seconds(-4) })
  await expect(verifier().verify(token)).resolves.toMatchObject({ actor: { role: 'infirmier' } })
  await expect(verifier().verify(await signed({ exp: seconds(-5) }))).rejects.toMatchObject({ code: 'tokenExpired' })
})

test.each<[string, () => Promise<string> | string]>([
  ['of another issuer', () => signed({ iss: 'https://elsewhere.test' })],
  ['for another audience', () => signed({ aud: 'elsewhere' })],
  ['without an end', () => signed({ exp: undefined })],
  ['without a subject', () => signed({ sub: undefined })],
  ['not valid yet', () => signed({ nbf: seconds(60) })],
  ['signed by a stranger', () => signed({}, stranger.privateKey)],
  ['whose subject has no issuer', () => signed({ sub: 'Jeanne Dupont' })],
  ['whose role is no word', () => signed({ role: 'Médecin chef' })],
  ['without a role', () => signed({ role: undefined })],
  ['whose sign-in has a name of 101 characters', () => signed({ sid: 's'.repeat(101) })],
  ['whose sign-in has a name that is not plain', () => signed({ sid: 'à l’accueil' })],
  ['that ends beyond all years', () => signed({ exp: 9e14 })],
  ['that is no token', () => 'a.b.c'],
  ['that is empty', () => ''],
  ['longer than any token', () => 'a'.repeat(10_000)],
])('a token %s is refused, and the refusal does not quote it', async (_, token) => {
  const rejection: unknown = await verifier()
    .verify(await token())
    .catch((error: unknown) => error)
  expect(rejection).toMatchObject({ code: 'tokenInvalid', message: 'The token is not valid here' })
})

test('a token signed with a shared secret or with nothing is refused', async () => {
  const [header, body] = [{ alg: 'none' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  await expect(verifier().verify(`${header}.${body}.`)).rejects.toMatchObject({ code: 'tokenInvalid' })
  const secret = new TextEncoder().encode(JSON.stringify(jwks.keys[0]))
  const symmetric = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)
  await expect(verifier().verify(symmetric)).rejects.toMatchObject({ code: 'tokenInvalid' })
})

test('an issuer whose name changes is known by what does not, and nobody else is', async () => {
  const anyPort = verifier({ issuer: (name) => /^http:\/\/localhost:\d+\/oidc$/.test(name) })
  const token = await signed({ iss: 'http://localhost:8081/oidc' })
  await expect(anyPort.verify(token)).resolves.toMatchObject({ actor: { role: 'infirmier' } })
  for (const iss of ['http://localhost:8081/oidc/x', 'https://identity.test', undefined])
    await expect(anyPort.verify(await signed({ iss }))).rejects.toMatchObject({ code: 'tokenInvalid' })
})

test('a token seen before is believed without its signature, but never after its end', async () => {
  const known = verifier()
  const token = await signed()
  const first = await known.verify(token)
  expect(await known.verify(token)).toBe(first)
  known.clock.at += 65_000
  await expect(known.verify(token)).rejects.toMatchObject({ code: 'tokenExpired' })
})

test('an algorithm that is not ours is refused, also with a key of the issuer', async () => {
  const other = await generateKeyPair('ES384')
  const keys = { jwks: { keys: [await exportJWK(other.publicKey)] } }
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES384' }).sign(other.privateKey)
  await expect(verifier({ keys }).verify(token)).rejects.toMatchObject({ code: 'tokenInvalid' })
})

/** The issuer's endpoint, and how often it was asked. */
async function jwksEndpoint(answer: { status: number }) {
  let asked = 0
  const server = createServer((_, response) => {
    asked += 1
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(jwks))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The endpoint has no port')
  return { jwksUrl: new URL(`http://127.0.0.1:${address.port}/jwks`), timesAsked: () => asked }
}

test('keys are fetched from the issuer once', async () => {
  const { jwksUrl, timesAsked } = await jwksEndpoint({ status: 200 })
  const remote = verifier({ keys: { jwksUrl } })
  await remote.verify(await signed())
  await remote.verify(await signed({ sub: 'rpps:10002909372' }))
  expect(timesAsked()).toBe(1)
})

test('keys that cannot be fetched are no fault of the token', async () => {
  const { jwksUrl } = await jwksEndpoint({ status: 500 })
  await expect(verifier({ keys: { jwksUrl } }).verify(await signed())).rejects.toMatchObject({
    code: 'keysUnavailable',
  })
})
