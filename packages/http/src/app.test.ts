import { createRoute, z } from '@hono/zod-openapi'
import { tokenVerifier } from '@relais/identity/tokens'
import { logger } from '@relais/telemetry/logger'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { type HttpAppDeps, httpApp } from './app.ts'
import { healthRoutes } from './health.ts'
import { requireMediaType } from './validation.ts'

const SECRET = 'DUPONT'

class StoreUnavailable extends Error {
  readonly code = 'storeUnavailable'
}
class LogFull extends Error {
  readonly code = 'logFull'
}

const writeNote = createRoute({
  method: 'post',
  path: '/notes/{noteId}',
  request: {
    params: z.strictObject({ noteId: z.uuid() }),
    query: z.strictObject({ limit: z.coerce.number().max(10).optional() }),
    body: {
      required: true,
      content: { 'application/json': { schema: z.strictObject({ lines: z.array(z.object({ text: z.string() })) }) } },
    },
  },
  responses: { 204: { description: 'Written' } },
})
const patchNote = createRoute({
  method: 'patch',
  path: '/notes/{noteId}',
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: z.strictObject({ text: z.string().optional() }) } },
    },
  },
  responses: { 204: { description: 'Changed' } },
})

const failures: Record<string, () => never> = {
  defect: () => {
    throw new Error(`Cannot read ${SECRET}`, { cause: new TypeError(SECRET) })
  },
  store: () => {
    throw new StoreUnavailable('The log cannot be reached')
  },
  full: () => {
    throw new LogFull('No room')
  },
  nothing: () => {
    throw Object('nothing')
  },
}

/** An app with a route of each kind, and the lines it logs. */
function notes(options: Partial<HttpAppDeps> = {}) {
  const lines: string[] = []
  const log = logger({ level: 'info', destination: { write: (line) => lines.push(line) } })
  const verifier = tokenVerifier({ issuer: 'test', audience: 'test', keys: { jwks: { keys: [] } } })
  const app = httpApp({ verifier, log, newId: () => 'generated-id', ...options })
  app.openapi(writeNote, (c) => c.body(null, 204))
  app.openapi(patchNote, (c) => c.body(null, 204))
  app.get('/notes/:noteId', (c) => c.json({ correlationId: c.get('correlationId') }))
  app.get('/failures/:name', (c) => failures[c.req.param('name')]?.() ?? c.text('none'))
  app.use('/hl7v2', requireMediaType('application/hl7-v2'))
  app.post('/hl7v2', async (c) => c.text(await c.req.text()))
  return { app, lines }
}

const PATH = '/notes/8c2f4ad0-4b5e-4a8e-9d28-0d8c1c1f1a11'
const json = (body: unknown, method = 'POST') => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** Status, code and the whole text of a refusal, once it is sure to be a problem. */
async function refusal(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const text = await response.text()
  const { type, title, status, instance, ...rest } = JSON.parse(text)
  expect(status).toBe(response.status)
  expect(title).toEqual(expect.any(String))
  expect(instance).toBe(`urn:relais:request:${response.headers.get('x-correlation-id')}`)
  return { status, code: type.replace(/^urn:relais:problem:/, ''), text, ...rest }
}

test('valid input reaches the handler', async () => {
  const response = await notes().app.request(PATH, json({ lines: [{ text: 'ok' }] }))
  expect(response.status).toBe(204)
})

test('invalid input is refused with pointers to every place, and no value', async () => {
  const body = { lines: [{ text: 'ok' }, { text: 1 }, {}], [SECRET]: SECRET }
  const refused = await refusal(await notes().app.request(PATH, json(body)))
  expect(refused).toMatchObject({
    status: 400,
    code: 'invalidBody',
    errors: [
      { pointer: '/lines/1/text', message: expect.stringContaining('string') },
      { pointer: '/lines/2/text', message: expect.stringContaining('string') },
      { pointer: '', message: 'Holds fields that are not expected here' },
    ],
  })
  expect(refused.text).not.toContain(SECRET)
})

test.each([
  { what: 'a path', path: `/notes/${SECRET}`, code: 'invalidPath', pointer: '/noteId' },
  { what: 'a query', path: `${PATH}?limit=11`, code: 'invalidQuery', pointer: '/limit' },
  { what: 'an unexpected parameter', path: `${PATH}?name=${SECRET}`, code: 'invalidQuery', pointer: '' },
])('$what that is invalid says so', async ({ path, code, pointer }) => {
  const refused = await refusal(await notes().app.request(path, json({ lines: [] })))
  expect(refused).toMatchObject({ status: 400, code, errors: [{ pointer }] })
  expect(refused.text).not.toContain(SECRET)
})

test.each([
  { what: 'broken JSON', request: json(`{"lines": "${SECRET}`) },
  { what: 'an empty body', request: json('') },
])('$what is malformed', async ({ request }) => {
  const refused = await refusal(await notes().app.request(PATH, request))
  expect(refused).toMatchObject({ status: 400, code: 'malformedBody' })
  expect(refused.text).not.toContain(SECRET)
})

test.each([
  { what: 'a text', request: { method: 'POST', body: SECRET, headers: { 'content-type': 'text/plain' } } },
  { what: 'a body without a type', request: { method: 'POST', body: new TextEncoder().encode('{}') } },
  { what: 'no body', request: { method: 'POST' } },
  { what: 'no body where no field is required', request: { method: 'PATCH' } },
])('$what where JSON is expected is refused', async ({ request }) => {
  const refused = await refusal(await notes().app.request(PATH, request))
  expect(refused).toMatchObject({ status: 415, code: 'unsupportedMediaType' })
  expect(refused.text).not.toContain(SECRET)
})

test('a body that no schema reads must have the announced media type and some bytes', async () => {
  const { app } = notes()
  const send = (type: string, body: string | null) =>
    app.request('/hl7v2', { method: 'POST', headers: { 'content-type': type }, body })
  expect((await send('Application/HL7-v2; charset=latin1', 'MSH|')).status).toBe(200)
  expect(await refusal(await send('text/plain', 'MSH|'))).toMatchObject({ status: 415 })
  expect(await refusal(await send('application/hl7-v2', null))).toMatchObject({ status: 400, code: 'malformedBody' })
})

test('a body over the limit is refused whether its length is announced or not', async () => {
  const { app } = notes({ maxBodyBytes: 100 })
  const body = JSON.stringify({ lines: [{ text: 'x'.repeat(100) }] })
  const announced = { ...json(body), headers: { 'content-type': 'application/json', 'content-length': '128' } }
  for (const request of [json(body), announced])
    expect(await refusal(await app.request(PATH, request))).toMatchObject({ status: 413, code: 'bodyTooLarge' })
  expect((await app.request(PATH, json({ lines: [] }))).status).toBe(204)
})

test('a defect is answered without a word of it, and logged once with its cause and correlation id', async () => {
  const { app, lines } = notes()
  const refused = await refusal(await app.request('/failures/defect'))
  expect(refused).toMatchObject({ status: 500, code: 'internal' })
  expect(refused.text).not.toContain(SECRET)
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'error',
    correlationId: 'generated-id',
    route: '/failures/:name',
    error: { name: 'Error', cause: { name: 'TypeError' } },
  })
  expect(lines[0]).not.toContain(SECRET)
})

test('a fault that passes is a 503 that says when to try again; a full disk is a 507', async () => {
  const { app, lines } = notes()
  const response = await app.request('/failures/store')
  expect(response.headers.get('retry-after')).toBe('1')
  expect(await refusal(response)).toMatchObject({ status: 503, code: 'storeUnavailable' })
  expect(await refusal(await app.request('/failures/full'))).toMatchObject({ status: 507, code: 'logFull' })
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'warn'])
})

test('what is thrown and is no error is a defect like another', async () => {
  const { app, lines } = notes()
  expect(await refusal(await app.request('/failures/nothing'))).toMatchObject({ status: 500, code: 'internal' })
  expect(lines).toHaveLength(1)
})

test.each([
  ['x-correlation-id', '7d9f0a52-33c1-4b52-9e0f-5a1d2c3b4e5f', '7d9f0a52-33c1-4b52-9e0f-5a1d2c3b4e5f'],
  ['x-correlation-id', 'Jeanne Dupont', 'generated-id'],
  ['x-correlation-id', '299010123456789', 'generated-id'],
  ['x-correlation-id', '7d9f0a52-33c1-4b52-9e0f-5a1d2c3b4e5f-299010123456789', 'generated-id'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '0af7651916cd43dd8448eb211c80319c'],
  ['traceparent', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 'generated-id'],
])('with %s: %s the correlation id is %s', async (header, value, expected) => {
  const response = await notes().app.request(PATH, { headers: { [header]: value } })
  expect(response.headers.get('x-correlation-id')).toBe(expected)
  expect(await response.json()).toEqual({ correlationId: expected })
})

test('answers carry security headers, and are not stored where someone was authenticated', async () => {
  const { app } = notes()
  const open = await app.request(PATH)
  expect(open.headers.get('x-content-type-options')).toBe('nosniff')
  expect(open.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
  expect(open.headers.get('cache-control')).toBeNull()
  const authenticated = await app.request(PATH, { headers: { authorization: 'Bearer x' } })
  expect(authenticated.headers.get('cache-control')).toBe('no-store')
})

const roots = {
  alone: () => notes().app,
  'with others on a root of theirs': () => {
    const { app: root } = notes()
    return root.route('/', other()).route('/', notes().app)
  },
  'first on a bare root': () => new Hono().route('/', notes().app).route('/', other()),
  'with others on a bare root': () =>
    new Hono()
      .route('/', healthRoutes({ checks: () => [] }))
      .route('/', other())
      .route('/', notes().app),
}

function other() {
  const app = httpApp({ ...depsOf(), newId: () => 'of-another-app' })
  return app.get('/others', (c) => c.text('other'))
}

function depsOf(): HttpAppDeps {
  const verifier = tokenVerifier({ issuer: 'test', audience: 'test', keys: { jwks: { keys: [] } } })
  return { verifier, log: logger({ level: 'silent' }) }
}

test.each(Object.entries(roots))('%s: unknown routes, methods, input and defects are problems', async (_, open) => {
  const root = open()
  expect(await refusal(await root.request(`/${SECRET}`))).toMatchObject({ status: 404, code: 'routeUnknown' })
  const wrongMethod = await root.request(PATH, { method: 'DELETE' })
  expect(wrongMethod.headers.get('allow')).toBe('GET, POST, PATCH')
  expect(await refusal(wrongMethod)).toMatchObject({ status: 405, code: 'methodNotAllowed' })
  expect(await refusal(await root.request(PATH, json({})))).toMatchObject({ status: 400, code: 'invalidBody' })
  expect(await refusal(await root.request('/failures/defect'))).toMatchObject({ status: 500, code: 'internal' })
  expect((await root.request(PATH, json({ lines: [] }))).status).toBe(204)
})
