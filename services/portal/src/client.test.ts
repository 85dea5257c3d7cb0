import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tokenVerifier } from '@relais/identity/tokens'
import { logger } from '@relais/telemetry/logger'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { fingerprint, openClient } from './client-build.ts'
import { clientRoutes } from './http/client-routes.ts'

const log = logger({ level: 'silent' })

/** A service with an application of three lines. */
function service() {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'client'))
  mkdirSync(join(folder, 'node_modules'))
  writeFileSync(join(folder, 'client/index.html'), '<p>__CSP_NONCE__</p><script type="module" src="/main.ts"></script>')
  writeFileSync(join(folder, 'client/main.ts'), 'document.title = "first"')
  writeFileSync(join(folder, 'vite.config.ts'), `export default { base: '/app/' }`)
  writeFileSync(join(folder, 'package.json'), '{}')
  return { service: folder, lockfile: join(folder, 'pnpm-lock.yaml') }
}

/** The same, built in advance. */
function built() {
  const at = service()
  const dist = join(at.service, 'dist')
  mkdirSync(join(dist, 'assets'), { recursive: true })
  writeFileSync(join(dist, 'index.html'), '<meta nonce="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style>')
  writeFileSync(join(dist, 'assets/main-abc.js'), 'script')
  writeFileSync(join(dist, 'assets/main-abc.js.br'), 'shorter')
  writeFileSync(join(dist, 'assets/main-abc.js.gz'), 'short')
  writeFileSync(join(dist, 'icon.svg'), '<svg/>')
  writeFileSync(join(dist, '.sources'), fingerprint(at))
  return at
}

function open(at: ReturnType<typeof service>, { mayBuild = false, publicUrl = 'http://localhost:8080' } = {}) {
  const client = openClient({ mayBuild, log, at })
  afterTestFile(() => client.close())
  const verifier = tokenVerifier({ issuer: 'test', audience: 'test', keys: { jwks: { keys: [] } } })
  const app = clientRoutes({ verifier, log, publicUrl, client })
  const ask = async (path: string, headers: Record<string, string> = {}) =>
    app.request(`${publicUrl}${path}`, { headers })
  return { client, ask }
}

test.each(['/app/', '/app/inbox', '/app/patients/1'])('%s is the page of the application', async (path) => {
  const response = await open(built()).ask(path)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8')
  expect(response.headers.get('cache-control')).toBe('no-cache')
})

test('the page says what a browser may do with it, under a nonce of its own each time', async () => {
  const { ask } = open(built())
  const [first, second] = await Promise.all([ask('/app/'), ask('/app/')])
  const text = await first.text()
  const nonce = /nonce="([^"]+)"/.exec(text)?.[1]
  expect(text.match(/nonce="([^"]+)"/g)).toEqual([`nonce="${nonce}"`, `nonce="${nonce}"`])
  expect(await second.text()).not.toBe(text)
  expect(first.headers.get('content-security-policy')?.split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self' ws://localhost:8080",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ])
  expect(Object.fromEntries(first.headers)).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  expect(first.headers.has('strict-transport-security')).toBe(false)
})

test('over TLS a browser is told to stay there', async () => {
  const { ask } = open(built(), { publicUrl: 'https://relais.example' })
  const { headers } = await ask('/app/')
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
  expect(headers.get('content-security-policy')).toContain("connect-src 'self' wss://relais.example")
})

test('files are given whole or compressed, for ever when their name says what they hold', async () => {
  const { ask } = open(built())
  const plain = await ask('/app/assets/main-abc.js')
  expect(await plain.text()).toBe('script')
  expect(Object.fromEntries(plain.headers)).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
  })
  const gzip = await ask('/app/assets/main-abc.js', { 'accept-encoding': 'gzip' })
  expect([gzip.headers.get('content-encoding'), await gzip.text()]).toEqual(['gzip', 'short'])
  const brotli = await ask('/app/assets/main-abc.js', { 'accept-encoding': 'gzip, br' })
  expect([brotli.headers.get('content-encoding'), await brotli.text()]).toEqual(['br', 'shorter'])
  const icon = await ask('/app/icon.svg')
  expect(icon.headers.get('cache-control')).toBe('no-cache')
  const again = await ask('/app/icon.svg', { 'if-none-match': icon.headers.get('etag') ?? '' })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

test.each([
  '/app/assets/other.js',
  '/app/assets/main-abc.js.br',
  '/app/.sources',
  '/app/assets/..%2f..%2fpackage.json',
  '/app/%2e%2e/package.json',
  '/app/..%2fvite.config.ts',
  '/app//etc/passwd.txt',
])('%s is no file of the application', async (path) => {
  const response = await open(built()).ask(path)
  const text = await response.text()
  expect([404, 200]).toContain(response.status)
  expect(text).toMatch(/urn:relais:problem:routeUnknown|^<meta nonce/)
})

test('what was built from these sources is given at once', () => {
  expect(open(built(), { mayBuild: true }).client.state().is).toBe('there')
})

test('without an application, and without leave to build one, the page says so', async () => {
  const response = await open(service()).ask('/app/')
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('n’est pas installée')
})

test('an application that is not there, or older than its sources, is built while a page asks for patience', async () => {
  const at = built()
  writeFileSync(join(at.service, 'client/main.ts'), 'document.title = "second"')
  const { client, ask } = open(at, { mayBuild: true })
  const waiting = await ask('/app/inbox')
  expect(waiting.status).toBe(503)
  expect(await waiting.text()).toMatch(/<meta http-equiv="refresh" content="2" \/>[\s\S]*Relais se prépare/)
  await waitUntil(() => client.state().is === 'there', 'the application to be built')
  const page = await (await ask('/app/inbox')).text()
  const [, script = ''] = /src="(\/app\/assets\/[^"]+\.js)"/.exec(page) ?? []
  expect(await (await ask(script)).text()).toContain('second')
  expect(readFileSync(join(at.service, 'dist/.sources'), 'utf8')).toBe(fingerprint(at))
  expect((await ask(script, { 'accept-encoding': 'br' })).headers.get('content-encoding')).toBe('br')
})

test('what cannot be built stays as it was last built', async () => {
  const at = built()
  writeFileSync(join(at.service, 'client/main.ts'), 'import "./nowhere.ts"')
  const { client, ask } = open(at, { mayBuild: true })
  await waitUntil(() => client.state().is === 'there', 'the older application')
  expect((await ask('/app/assets/main-abc.js')).status).toBe(200)
})

test('a build that is under way ends with its service', async () => {
  const at = service()
  const { client } = open(at, { mayBuild: true })
  expect(client.state().is).toBe('preparing')
  await client.close()
  expect(client.state().is).toBe('missing')
})
