import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '@relais/http/serve'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { fetchFromSelf } from './fetch-from-self.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) process.stderr.write('the issuer behind TLS is not tested: there is no openssl here\n')

/** A listener whose certificate nobody signed. */
async function listening(app: Hono): Promise<string> {
  const folder = temporaryFolder()
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const files = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert]
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...files, '-subj', '/CN=localhost'], { stdio: 'ignore' })
  const tls = { key: readFileSync(key), cert: readFileSync(cert) }
  const server = await serve(app, { host: '127.0.0.1', port: 0, tls })
  onTestFinished(() => server.close(0))
  return `https://localhost:${server.port}`
}

test.skipIf(!hasOpenssl)('what this process answers over TLS is read whoever signed its certificate', async () => {
  const app = new Hono()
    .post('/token', async (c) => c.json({ heard: await c.req.text(), as: c.req.header('authorization') }, 400))
    .get('/nothing', (c) => c.body(null, 204))
    .get('/elsewhere', (c) => c.redirect('https://elsewhere.example/'))
  const url = await listening(app)
  const asked = { method: 'POST', headers: { authorization: 'Basic eA==' }, body: new URLSearchParams({ code: 'a b' }) }
  const answer = await fetchFromSelf(`${url}/token`, asked)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toEqual({ heard: 'code=a+b', as: 'Basic eA==' })
  expect((await fetchFromSelf(`${url}/nothing`, {})).status).toBe(204)
  const redirected = await fetchFromSelf(`${url}/elsewhere`, {})
  expect([redirected.status, redirected.headers.get('location')]).toEqual([302, 'https://elsewhere.example/'])
})

test('nobody there is a failure', async () => {
  await expect(fetchFromSelf('https://localhost:9/', {})).rejects.toThrow('ECONNREFUSED')
})
