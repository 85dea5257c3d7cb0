import { randomUUID } from 'node:crypto'
import { Job, ProjectionStatus } from '@relais/contracts/http'
import { tokenVerifier } from '@relais/identity/tokens'
import { logger } from '@relais/telemetry/logger'
import { openDatabase } from '@relais/database/database'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { Hono } from 'hono'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { bedLog, EPOCH, follow, manyBeds } from './bed-board.fixture.ts'
import { operationsRoutes } from './operations-routes.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwks = { keys: [await exportJWK(publicKey)] }
const verifier = tokenVerifier({ issuer: 'test', audience: 'relais', keys: { jwks } })

function token(scope: string): Promise<string> {
  return new SignJWT({ role: 'operateur', scope })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer('test')
    .setAudience('relais')
    .setSubject('relais:operator')
    .setExpirationTime('1h')
    .sign(privateKey)
}

/** Two services on one root, each with its bed board; `ask` speaks to it as an operator unless told otherwise. */
async function operated() {
  const root = new Hono()
  const log = logger({ level: 'silent' })
  for (const service of ['stays', 'timelines']) {
    const database = await openDatabase(`sqlite:${temporaryFolder()}/x.sqlite`, {
      schema: 'views',
      durability: 'normal',
    })
    const beds = bedLog()
    await beds.appendAll(manyBeds(service === 'stays' ? 1 : 30))
    const running = follow(beds, database)
    onTestFinished(() => running.stop().then(database.close))
    await waitUntil(() => running.status().state === 'live', 'catching up')
    root.route('/', operationsRoutes({ service, running: [running], epoch: EPOCH, verifier, log }))
  }
  return async (path: string, body?: object, scope = 'operate') =>
    root.request(path, {
      headers: { authorization: `Bearer ${await token(scope)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
}

test('an operator sees how far the projections of each service are', async () => {
  const ask = await operated()
  const response = await ask('/operations/timelines/projections')
  expect(response.status).toBe(200)
  const { projections } = (await response.json()) as { projections: unknown[] }
  expect(projections.map((one) => ProjectionStatus.parse(one))).toEqual([
    { name: 'bed-board-1', state: 'live', position: `${EPOCH}:60`, lagMilliseconds: 0 },
  ])
  expect(await (await ask('/operations/stays/projections')).json()).toMatchObject({
    projections: [{ position: `${EPOCH}:2` }],
  })
})

test.each(['rebuild', 'verify'])('a job to %s goes on by itself and tells how it ended', async (kind) => {
  const ask = await operated()
  const started = await ask('/operations/timelines/jobs', { kind, projection: 'bed-board-1' })
  expect(started.status).toBe(202)
  const { jobId } = (await started.json()) as { jobId: string }
  const read = async () => Job.parse(await (await ask(`/operations/timelines/jobs/${jobId}`)).json())
  const job = await waitUntil(async () => {
    const current = await read()
    return current.state !== 'running' && current
  }, 'the job')
  const expected = { jobId, kind, projection: 'bed-board-1', state: 'done', handled: 30, total: 30 }
  expect(job).toEqual({
    ...expected,
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    ...(kind === 'verify' ? { matches: true } : {}),
  })
})

test('what does not exist is said not to', async () => {
  const ask = await operated()
  const unknown = [
    await ask('/operations/timelines/jobs', { kind: 'verify', projection: 'nothing' }),
    await ask(`/operations/timelines/jobs/${randomUUID()}`),
    await ask('/operations/patients/projections'),
  ]
  expect(unknown.map(({ status }) => status)).toEqual([404, 404, 404])
  const types = await Promise.all(unknown.slice(0, 2).map(async (response) => (await response.json()) as object))
  expect(types).toMatchObject([
    { type: 'urn:relais:problem:projectionUnknown' },
    { type: 'urn:relais:problem:jobUnknown' },
  ])
})

test('only an operator may', async () => {
  const ask = await operated()
  expect((await ask('/operations/timelines/projections', undefined, 'pathway:read')).status).toBe(403)
  const body = { kind: 'rebuild', projection: 'bed-board-1' }
  expect((await ask('/operations/timelines/jobs', body, 'pathway:read')).status).toBe(403)
})
