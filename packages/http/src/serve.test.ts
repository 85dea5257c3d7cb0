import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { tokenVerifier } from '@relais/identity/tokens'
import { logger } from '@relais/telemetry/logger'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, onTestFinished, test } from 'vitest'
import { httpApp } from './app.ts'
import { serve, type ServeOptions, type Serving } from './serve.ts'

const local = { host: '127.0.0.1', port: 0 }

function greeter() {
  const verifier = tokenVerifier({ issuer: 'test', audience: 'test', keys: { jwks: { keys: [] } } })
  const app = httpApp({ verifier, log: logger({ level: 'silent' }), maxBodyBytes: 10 })
  app.post('/echo', async (c) => c.text(await c.req.text()))
  return app.get('/', (c) => c.text('hello'))
}

/** A server that is closed when the test ends, if it did not close it. */
async function serving(app: Parameters<typeof serve>[0], options: ServeOptions = local): Promise<Serving> {
  const server = await serve(app, options)
  onTestFinished(() => server.close(0))
  return server
}

/** A promise and what settles it. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, open: resolve }
}

test('a server answers on the port it was given', async () => {
  const { port, wantedPort } = await serving(greeter())
  expect(wantedPort).toBe(0)
  const response = await fetch(`http://127.0.0.1:${port}/`)
  expect(await response.text()).toBe('hello')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
})

test('the body limit holds for bodies that do not announce their length', async () => {
  const { port } = await serving(greeter())
  const body = new Blob(['x'.repeat(11)]).stream()
  const response = await fetch(`http://127.0.0.1:${port}/echo`, { method: 'POST', body, duplex: 'half' })
  expect(response.status).toBe(413)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
})

test('a port in use is refused by name, unless another one will do', async () => {
  const { port: taken } = await serving(greeter())
  const options = { ...local, port: taken }
  await expect(serve(greeter(), options)).rejects.toMatchObject({
    code: 'portInUse',
    message: `Port ${taken} of 127.0.0.1 is in use`,
  })
  const other = await serving(greeter(), { ...options, fallbackToFreePort: true })
  expect(other.wantedPort).toBe(taken)
  expect(other.port).not.toBe(taken)
  expect((await fetch(`http://127.0.0.1:${other.port}/`)).status).toBe(200)
})

test('an address that is not ours is an error, whatever port would do', async () => {
  const options = { host: '192.0.2.1', port: 0, fallbackToFreePort: true }
  await expect(serve(greeter(), options)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' })
})

test('closing lets a request end, then accepts nothing', async () => {
  const [arrived, release] = [gate(), gate()]
  const app = greeter().get('/slow', async (c) => {
    arrived.open()
    await release.promise
    return c.text('done')
  })
  const server = await serving(app)
  const answer = fetch(`http://127.0.0.1:${server.port}/slow`)
  await arrived.promise
  const closed = server.close(60_000)
  release.open()
  expect(await (await answer).text()).toBe('done')
  await closed
  await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow('fetch failed')
})

test('closing cuts what does not end in time, idle and upgraded sockets included', async () => {
  const arrived = gate()
  const app = greeter().get('/endless', async (c) => {
    arrived.open()
    await gate().promise
    return c.text('never')
  })
  const server = await serving(app)
  const upgraded = gate()
  server.server.on('upgrade', () => upgraded.open())
  const answer = fetch(`http://127.0.0.1:${server.port}/endless`)
  const socket = connect(server.port, '127.0.0.1')
  const cut = new Promise((resolve) => socket.once('close', resolve))
  socket.write('GET / HTTP/1.1\r\nhost: relais.test\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  await Promise.all([arrived.promise, upgraded.promise])
  await server.close(1)
  await expect(answer).rejects.toThrow('fetch failed')
  await cut
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) process.stderr.write('serve over TLS is not tested: there is no openssl here\n')

/** A self-signed certificate for 127.0.0.1, made by openssl. */
function certificate() {
  const folder = temporaryFolder()
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert]
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...files, ...subject], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

test.skipIf(!hasOpenssl)('with a certificate it answers over TLS, and to nothing else', async () => {
  const tls = certificate()
  const { port } = await serving(greeter(), { ...local, tls })
  const body = await new Promise<string>((resolve, reject) => {
    get({ host: '127.0.0.1', port, ca: tls.cert }, (response) => {
      response.setEncoding('utf8').once('data', resolve)
    }).once('error', reject)
  })
  expect(body).toBe('hello')
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed')
})
