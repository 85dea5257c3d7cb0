import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { serveLog } from '@relais/event-store-embedded/server/serve'
import { pamBytes } from '@relais/hl7v2/fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import { readAck } from '@relais/hl7v2/ack'
import { person } from '@relais/runtime/adapters.fixture'
import { AUDIENCE, ISSUER, tokenIssuer } from '@relais/runtime/tokens.fixture'
import { afterTestFile } from '@relais/testkit/cleanup'
import { postgresServer } from '@relais/testkit/databases'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { describe, expect, test } from 'vitest'

const repository = fileURLToPath(new URL('..', import.meta.url))
const services = [
  'stays',
  'patients',
  'directory',
  'conversations',
  'timelines',
  'channels',
  'protocols',
  'referrals',
] as const
type Name = (typeof services)[number] | 'identity' | 'portal'

const issuer = await tokenIssuer()
const secrets = { SITE_KEY: randomBytes(32).toString('hex'), MASTER_KEY: randomBytes(32).toString('hex') }

const main = (name: Name) => join(repository, 'services', name, 'src/main.ts')

/** Runs `node services/<name>/src/main.ts` with these variables and no others. */
function run(name: Name, variables: Record<string, string>) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main(name)], { env: variables })
  const ended = once(child, 'exit')
  afterTestFile(async () => {
    child.kill('SIGKILL')
    await ended
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (output += part))
  const announced = (scheme: string) =>
    waitUntil(() => {
      if (child.exitCode !== null) throw new Error(`${name} has ended: ${output}`)
      return new RegExp(`^${scheme}://\\S+:(\\d+)$`, 'm').exec(output)?.[1]
    }, `${name} to say where it listens`)
  return { child, ended, announced, output: () => output }
}

/** The log that the services share, served as an EventStoreDB is, and the keys of their issuer. */
async function openShared() {
  const log = await openEmbeddedLog({ folder: temporaryFolder() })
  const server = await serveLog(log)
  const jwks = createServer((_, response) => response.end(JSON.stringify(issuer.jwks))).listen(0, '127.0.0.1')
  await once(jwks, 'listening')
  afterTestFile(async () => {
    jwks.close()
    await server.close()
    await log.close()
  })
  const address = jwks.address()
  const jwksPort = typeof address === 'object' && address ? address.port : 0
  return {
    EVENTSTORE_URL: `esdb://127.0.0.1:${server.port}?tls=false`,
    OIDC_ISSUER: ISSUER,
    OIDC_AUDIENCE: AUDIENCE,
    OIDC_JWKS_URL: `http://127.0.0.1:${jwksPort}/jwks`,
    RELAIS_MODE: 'demonstration',
    LOG_LEVEL: 'warn',
    PORT: '0',
    MLLP_PORT: '0',
    ...secrets,
  }
}

/** Eight processes start at once on what may be two processors. */
const SLOWEST_SECONDS = 60
const server = postgresServer()
const sqliteFolder = temporaryFolder()

describe.each([
  ['SQLite', () => `sqlite:${sqliteFolder}/relais.sqlite`],
  ['PostgreSQL', () => server.url()],
] as const)('on EventStoreDB and %s', (_, databaseUrl) => {
  test(
    'each service runs as a process of its own, and what one records another shows',
    { timeout: 150_000 },
    async () => {
      const variables = { ...(await openShared()), DATABASE_URL: databaseUrl() }
      const running = services.map((name) => ({ name, ...run(name, variables) }))
      const urls = new Map<string, string>()
      for (const { name, announced } of running) urls.set(name, `http://127.0.0.1:${await announced('http')}`)
      for (const url of urls.values())
        await waitUntil(
          async () => (await fetch(`${url}/readyz`)).status === 200,
          `${url} to be ready`,
          SLOWEST_SECONDS,
        )

      const mllpPort = Number(await running[0]?.announced('mllp'))
      const client = mllpClient({ host: '127.0.0.1', port: mllpPort, timeoutMilliseconds: 20_000 })
      const discharge = { movement: 'M2', effective: '20261103100000' }
      const messages = [
        pamBytes({ primaryPhysicianRpps: '10002909371' }),
        pamBytes({ ...discharge, trigger: 'A13' }),
        pamBytes({ ...discharge, trigger: 'A03' }),
      ]
      const acks = []
      for (const message of messages) acks.push(readAck(await client.send(message))?.code)
      client.close()
      expect(acks).toEqual(['AA', 'AE', 'AA'])

      const nurse = { organisation: '990000010', wards: ['4101'] }
      const headers = {
        authorization: `Bearer ${await issuer.tokenFor(person(nurse))}`,
        'content-type': 'application/json',
      }
      const body = JSON.stringify({ authority: '990000010', number: '900001' })
      const lookup = () => fetch(`${urls.get('patients')}/patients/lookup`, { method: 'POST', headers, body })
      const answer = await waitUntil(
        async () => {
          const found = await lookup()
          return found.ok && found
        },
        'the patient to be known',
        SLOWEST_SECONDS,
      )
      const { patientId } = JSON.parse(await answer.text())
      const read = async () => (await fetch(`${urls.get('timelines')}/pathways/${patientId}`, { headers })).text()
      await waitUntil(
        async () => (await read()).includes('primaryPhysician'),
        'the médecin traitant in the circle',
        SLOWEST_SECONDS,
      )
      await waitUntil(
        async () => (await read()).includes('"withdrawal"'),
        'the cancellation that came first',
        SLOWEST_SECONDS,
      )
      expect(JSON.parse(await read())).toMatchObject({
        primaryPhysician: { memberId: 'rpps:10002909371', source: 'reported' },
        stays: [{ status: 'present', wards: [{ code: '4101' }] }],
      })

      for (const { child } of running) child.kill('SIGTERM')
      for (const { name, ended, output } of running)
        expect({ name, exit: await ended, output: output() }).toMatchObject({ name, exit: [0, null] })
    },
  )
})

test('the portal runs as a process of its own, in front of a platform elsewhere', { timeout: 60_000 }, async () => {
  const shared = { ...(await openShared()), DATABASE_URL: `sqlite:${temporaryFolder()}/relais.sqlite` }
  const portal = { PORTAL_CLIENT_ID: 'relais-portal', PORTAL_URL: 'http://localhost:8080', PORTAL_BUILD: 'false' }
  expect(await refused('portal', shared)).toMatchObject({ code: 2, said: expect.stringContaining('PORTAL_CLIENT_ID') })
  expect(await refused('portal', { ...shared, ...portal })).toMatchObject({
    code: 2,
    said: expect.stringContaining('API_URL'),
  })
  const { announced, child, ended } = run('portal', { ...shared, ...portal, API_URL: 'http://localhost:9' })
  const url = `http://127.0.0.1:${await announced('http')}`
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect((await fetch(`${url}/app/session`)).status).toBe(401)
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

test('the built-in issuer runs as a process of its own', async () => {
  const { announced, child, ended } = run('identity', {
    PORT: '0',
    OIDC_ISSUER: 'urn:relais:demonstration',
    OPERATOR_KEY: 'f'.repeat(64),
    KEYS_FOLDER: temporaryFolder(),
  })
  const url = `http://127.0.0.1:${await announced('http')}`
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

/** Ends with this code; answers what was said. */
async function refused(name: Name, variables: Record<string, string>) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main(name)], { env: variables })
  afterTestFile(() => void child.kill('SIGKILL'))
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { said, code }
}

/** As far as settings go: these files hold no certificate. */
const production = {
  RELAIS_MODE: 'production',
  OIDC_ISSUER: 'https://issuer.example.org',
  TLS_CERT_FILE: main('timelines'),
  TLS_KEY_FILE: main('timelines'),
}
const needed = ['EVENTSTORE_URL', 'DATABASE_URL', 'SITE_KEY', 'MASTER_KEY', 'OIDC_ISSUER', 'OIDC_JWKS_URL']

test.each(services)('%s without its settings ends with code 2 and names them', async (name) => {
  const { code, said } = await refused(name, { RELAIS_MODE: 'demonstration', PORT: '0' })
  expect(code).toBe(2)
  for (const setting of needed) expect(said).toContain(setting)
})

test('in production more is needed, and values are never said', async () => {
  const { code, said } = await refused('timelines', { ...secrets, DATABASE_URL: 'sqlite:/tmp/tajmahal.sqlite' })
  expect(code).toBe(2)
  for (const setting of ['OIDC_ISSUER', 'TLS_CERT_FILE', 'TLS_KEY_FILE']) expect(said).toContain(setting)
  for (const value of [...Object.values(secrets), 'tajmahal']) expect(said).not.toContain(value)
})

test.each<[string, Name, Record<string, string>, RegExp]>([
  ['a demonstration that others could reach', 'timelines', { HOST: '0.0.0.0' }, /loopback/],
  ['a demonstration whose messages could come from elsewhere', 'stays', { MLLP_HOST: '0.0.0.0' }, /loopback/],
  ['a port that is none', 'timelines', { PORT: 'tajmahal' }, /PORT/],
  ['a setting of its own that is wrong', 'stays', { SENDERS_FILE: '/nowhere/tajmahal' }, /SENDERS_FILE/],
  ['another mode than the log was born in', 'timelines', production, /born demonstration/],
])('%s is refused, and the process ends by itself', { timeout: 60_000 }, async (what, name, given, expected) => {
  const shared = { ...(await openShared()), DATABASE_URL: `sqlite:${temporaryFolder()}/relais.sqlite` }
  if (what.startsWith('another mode')) await bornBefore(shared)
  const { code, said } = await refused(name, { ...shared, ...given })
  expect({ code, said }).toMatchObject({ code: 2, said: expect.stringMatching(expected) })
  expect(said).not.toContain('tajmahal')
})

/** A demonstration ran on this log once. */
async function bornBefore(variables: Record<string, string>): Promise<void> {
  const { announced, child, ended } = run('timelines', variables)
  await announced('http')
  child.kill('SIGTERM')
  await ended
}
