import { tokenVerifier } from '@relais/identity/tokens'
import { logger } from '@relais/telemetry/logger'
import { expect, test } from 'vitest'
import { createService, newSigningKeys } from './service.ts'

const OPERATOR_KEY = 'f'.repeat(64)
const issuer = 'urn:relais:test'
const now = () => '2027-03-01T08:00:00.500Z'
const keys = await newSigningKeys()

function service() {
  const lines: string[] = []
  const log = logger({ level: 'trace', destination: { write: (line) => lines.push(line) } })
  return { lines, ...createService({ keys, issuer, audience: 'relais', operatorKey: OPERATOR_KEY, now, log }) }
}

const nurse = { id: 'rpps:10002909371', role: 'infirmier' }

function asked(body: object, key: string | undefined = OPERATOR_KEY) {
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify(body),
  }
}

type Issued = { token: string; expiresAt: string }
async function issued(body: object): Promise<Issued & { verifier: ReturnType<typeof service>['verifier'] }> {
  const { app, verifier } = service()
  const response = await app.request('/tokens', asked(body))
  expect(response.status).toBe(201)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const answer: Issued = JSON.parse(await response.text())
  return { ...answer, verifier }
}

test('whoever holds the operator key has a token made, good for eight hours', async () => {
  const { token, expiresAt, verifier } = await issued({ ...nurse, organisation: '1.2.250', wards: ['2101'] })
  expect(expiresAt).toBe('2027-03-01T16:00:00.000Z')
  await expect(verifier.verify(token)).resolves.toEqual({
    expiresAt,
    actor: {
      ...nurse,
      organisation: '1.2.250',
      wards: ['2101'],
      scopes: [
        'pathway:read',
        'circle:write',
        'channel:follow',
        'board:read',
        'directory:read',
        'inbox:read',
        'notice:acknowledge',
        'referral:read',
        'referral:write',
        'run:read',
        'run:write',
        'protocol:read',
        'absence:write',
        'thread:read',
        'thread:write',
        'stay:write',
      ],
    },
  })
})

test('scopes and length can be asked for', async () => {
  const { token, expiresAt, verifier } = await issued({ ...nurse, scopes: ['operate'], expiresInSeconds: 60 })
  expect(expiresAt).toBe('2027-03-01T08:01:00.000Z')
  await expect(verifier.verify(token)).resolves.toMatchObject({ actor: { scopes: ['operate'] } })
})

test.each([
  ['operateur', 27],
  ['admissions', 10],
  ['medecin-traitant', 15],
  ['ehpad', 16],
  ['ssiad', 15],
  ['dpo', 2],
  ['logiciel', 1],
  ['coordinateur', 10],
  ['secretaire', 5],
  ['visiteur', 0],
  ['constructor', 0],
])('the role %s gets %i scopes', async (role, count) => {
  const { token, verifier } = await issued({ ...nurse, role })
  expect((await verifier.verify(token)).actor.scopes).toHaveLength(count)
})

test.each([
  ['no key', undefined],
  ['another key', 'e'.repeat(64)],
  ['a part of the key', 'f'.repeat(63)],
])('%s is refused before the request is looked at', async (_, key) => {
  const { app } = service()
  const response = await app.request('/tokens', key === undefined ? { method: 'POST' } : asked({}, key))
  expect(response.status).toBe(401)
  expect(await response.text()).toContain('urn:relais:problem:operatorKeyRefused')
})

test('an invalid request says where', async () => {
  const response = await service().app.request('/tokens', asked({ ...nurse, id: 'Jeanne Dupont' }))
  expect(response.status).toBe(400)
  const text = await response.text()
  expect(text).toContain('"pointer":"/id"')
  expect(text).not.toContain('Jeanne')
})

test('the public keys, and they alone, verify the tokens', async () => {
  const { token } = await issued(nurse)
  const response = await service().app.request('/jwks')
  const jwks = JSON.parse(await response.text())
  expect(jwks).toEqual(keys.jwks)
  expect(Object.keys(jwks.keys[0])).not.toContain('d')
  const verifier = tokenVerifier({ issuer, audience: 'relais', keys: { jwks }, now })
  await expect(verifier.verify(token)).resolves.toMatchObject({ actor: { id: nurse.id } })
})

test('neither the token nor the operator key is logged', async () => {
  const { app, lines } = service()
  const { token } = JSON.parse(await (await app.request('/tokens', asked(nurse))).text())
  expect(lines.join('')).toContain('"msg":"token issued"')
  expect(lines.join('')).not.toContain(token)
  expect(lines.join('')).not.toContain(OPERATOR_KEY)
})
