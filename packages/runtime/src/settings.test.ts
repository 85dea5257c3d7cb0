import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  InvalidSettings,
  type Mode,
  readSettings,
  readTls,
  refuseUnsafe,
  SharedEnvironment,
  type Variables,
} from './settings.ts'

const siteKey = 'ab'.repeat(32)
const masterKey = 'cd'.repeat(32)

function fileOf(content: string): string {
  const file = join(temporaryFolder(), 'secret')
  writeFileSync(file, content)
  return file
}

/** What a refusal says; it names settings. */
function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof InvalidSettings) return error.message
    throw error
  }
  throw new Error('Nothing was refused')
}

test('without anything the defaults hold', () => {
  expect(readSettings(SharedEnvironment, {})).toEqual({
    HOST: '127.0.0.1',
    PORT: 8080,
    OIDC_AUDIENCE: 'relais',
    LOG_LEVEL: 'info',
  })
})

test('a setting that is empty is a setting that is not given', () => {
  expect(readSettings(SharedEnvironment, { PORT: '', RELAIS_MODE: '', SITE_KEY: '' })).toMatchObject({ PORT: 8080 })
})

test('keys are 32 bytes, given as they are or in a file', () => {
  const given = readSettings(SharedEnvironment, { SITE_KEY: siteKey, MASTER_KEY_FILE: fileOf(`${masterKey}\n`) })
  expect(given.SITE_KEY).toEqual(Buffer.from(siteKey, 'hex'))
  expect(given.MASTER_KEY).toEqual(Buffer.from(masterKey, 'hex'))
})

test.each<[string, Variables]>([
  ['RELAIS_MODE', { RELAIS_MODE: 'tajmahal' }],
  ['PORT', { PORT: 'tajmahal' }],
  ['PORT', { PORT: '70000' }],
  ['EVENTSTORE_URL', { EVENTSTORE_URL: 'http://tajmahal' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://tajmahal' }],
  ['SITE_KEY', { SITE_KEY: 'tajmahal' }],
  ['SITE_KEY', { SITE_KEY: siteKey.slice(1) }],
  ['MASTER_KEY', { MASTER_KEY: masterKey.toUpperCase() }],
  ['MASTER_KEY', { MASTER_KEY_FILE: fileOf('tajmahal') }],
  ['SITE_KEY_FILE', { SITE_KEY_FILE: '/nowhere/tajmahal' }],
  ['OIDC_ISSUER', { OIDC_ISSUER: 'tajmahal' }],
  ['OIDC_JWKS_URL', { OIDC_JWKS_URL: 'tajmahal' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'tajmahal' }],
])('%s that is wrong is named, and its value is not', (name, variables) => {
  const said = refusal(() => readSettings(SharedEnvironment, variables))
  expect(said).toContain(name)
  expect(said).not.toMatch(/tajmahal|abab|CDCD/)
})

test('every setting that is wrong is named at once', () => {
  const said = refusal(() => readSettings(SharedEnvironment, { PORT: 'x', LOG_LEVEL: 'x', SITE_KEY: 'x' }))
  for (const name of ['PORT', 'LOG_LEVEL', 'SITE_KEY']) expect(said).toContain(name)
})

test('a service reads its own settings alike', () => {
  const Own = z.object({ BEDS: z.coerce.number().default(2) })
  expect(readSettings(Own, { BEDS: '12', PORT: 'nothing of ours' })).toEqual({ BEDS: 12 })
  expect(refusal(() => readSettings(Own, { BEDS: 'tajmahal' }))).toContain('BEDS')
})

test('a certificate and its key go together', () => {
  const [TLS_CERT_FILE, TLS_KEY_FILE] = [fileOf('the certificate'), fileOf('the key')]
  expect(readTls({})).toBeUndefined()
  expect(readTls({ TLS_CERT_FILE, TLS_KEY_FILE })).toEqual({ cert: 'the certificate', key: 'the key' })
  expect(refusal(() => readTls({ TLS_CERT_FILE }))).toContain('TLS_KEY_FILE')
  expect(refusal(() => readTls({ TLS_KEY_FILE }))).toContain('TLS_CERT_FILE')
  expect(refusal(() => readTls({ TLS_CERT_FILE, TLS_KEY_FILE: '/nowhere/key' }))).toContain('TLS_KEY_FILE')
})

const refusing = (mode: Mode, variables: Variables, otherHosts: string[] = []) =>
  refuseUnsafe(mode, readSettings(SharedEnvironment, variables), otherHosts)

test.each(['127.0.0.1', '127.0.1.1', '::1', 'localhost'])('a demonstration may listen on %s', (HOST) => {
  expect(() => refusing('demonstration', { HOST }, ['127.0.0.1'])).not.toThrow()
})

test.each<[string, string[]]>([
  ['0.0.0.0', []],
  ['::', []],
  ['192.168.1.4', []],
  ['localhost.example.org', []],
  ['127.0.0.1', ['0.0.0.0']],
])('a demonstration does not listen on %s with %j', (HOST, otherHosts) => {
  const said = refusal(() => refusing('demonstration', { HOST }, otherHosts))
  expect(said).toContain('loopback only')
})

/** Invented, and as irregular as a random key is. */
const [oneKey, otherKey] = [1, 2].map((n) => createHash('sha256').update(`key ${n}`).digest('hex')) as [string, string]

const production = {
  HOST: '0.0.0.0',
  OIDC_ISSUER: 'https://issuer.example.org',
  OIDC_JWKS_URL: 'https://issuer.example.org/jwks',
  SITE_KEY: oneKey,
  MASTER_KEY: otherKey,
  TLS_CERT_FILE: '/etc/relais/cert.pem',
  TLS_KEY_FILE: '/etc/relais/key.pem',
}

test('production with everything it needs may be reached from elsewhere', () => {
  expect(() => refusing('production', production, ['0.0.0.0'])).not.toThrow()
})

const needed = Object.keys(production).filter((name) => name !== 'HOST')

test.each(needed)('production does not start without %s', (name) => {
  const said = refusal(() => refusing('production', { ...production, [name]: undefined }))
  expect(said).toContain(`set ${name}`)
  for (const value of [oneKey, otherKey, 'issuer.example']) expect(said).not.toContain(value)
})

test('production names everything that it lacks at once', () => {
  const said = refusal(() => refusing('production', {}))
  expect(needed.filter((name) => !said.includes(`set ${name}`))).toEqual([])
})

test.each<[string, Variables]>([
  ['OIDC_ISSUER must be https', { OIDC_ISSUER: 'http://issuer.example.org' }],
  ['OIDC_JWKS_URL must be https', { OIDC_JWKS_URL: 'http://issuer.example.org/jwks' }],
  ['EVENTSTORE_URL must not say tls=false', { EVENTSTORE_URL: 'esdb://tajmahal:2113?tls=false' }],
  [
    'EVENTSTORE_URL must not say tls=false',
    { EVENTSTORE_URL: 'esdb://relais:pass@tajmahal/?throwOnAppendFailure=false&TLS=false' },
  ],
  [
    'EVENTSTORE_URL must not say tls=false',
    { EVENTSTORE_URL: 'esdb+discover://localhost:2113,tajmahal:2113?tls=false' },
  ],
  ['DATABASE_URL must say sslmode', { DATABASE_URL: 'postgres://relais:pass@tajmahal/relais' }],
  ['DATABASE_URL must say sslmode', { DATABASE_URL: 'postgresql://tajmahal/relais?sslmode=disable' }],
  ['DATABASE_URL must say sslmode', { DATABASE_URL: 'postgres://tajmahal/relais?sslmode=prefer' }],
  ['DATABASE_URL must say sslmode', { DATABASE_URL: 'postgres://localhost/relais?host=tajmahal' }],
  ['DATABASE_URL must say sslmode', { DATABASE_URL: 'postgres://tajmahal,localhost:5432/relais' }],
  ['SITE_KEY must be random', { SITE_KEY: '00'.repeat(32) }],
  ['MASTER_KEY must be random', { MASTER_KEY: 'ab'.repeat(32) }],
  ['SITE_KEY and MASTER_KEY must differ', { MASTER_KEY: oneKey }],
])('production does not start where %s', (expected, variables) => {
  const said = refusal(() => refusing('production', { ...production, ...variables }))
  expect(said).toContain(expected)
  expect(said).not.toMatch(/tajmahal|pass/)
})

test.each<Variables>([
  { EVENTSTORE_URL: 'esdb://log.example.org:2113' },
  { EVENTSTORE_URL: 'esdb://relais:tls=false@a:2113,b:2113?tls=true' },
  { EVENTSTORE_URL: 'esdb://relais:pass@127.0.0.1:2113,localhost:2114/?tls=false' },
  { DATABASE_URL: 'sqlite:/var/lib/relais.sqlite' },
  { DATABASE_URL: 'postgres://relais@database.example.org/relais?sslmode=verify-full' },
  { DATABASE_URL: 'postgres://relais@database.example.org/relais?sslmode=require' },
  { DATABASE_URL: 'postgres://relais@localhost/relais' },
  { DATABASE_URL: 'postgres://relais@[::1]:5432/relais?sslmode=disable' },
  { DATABASE_URL: 'postgres:///relais?host=/run/postgresql' },
  { DATABASE_URL: 'postgres://relais@%2Frun%2Fpostgresql/relais' },
])('production keeps its data over TLS, or on this machine: %j', (variables) => {
  expect(() => refusing('production', { ...production, ...variables })).not.toThrow()
})

test('keys may be fetched in plain from this machine', () => {
  const OIDC_JWKS_URL = 'http://127.0.0.1:8081/jwks'
  expect(() => refusing('production', { ...production, OIDC_JWKS_URL })).not.toThrow()
})
