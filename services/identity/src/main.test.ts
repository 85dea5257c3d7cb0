import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, onTestFinished, test } from 'vitest'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [main], { env: { LOG_LEVEL: 'silent', ...environment } })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

test('it answers alone, and ends well when told to', async () => {
  const operatorKey = 'f'.repeat(64)
  const child = start({
    PORT: '0',
    OIDC_ISSUER: 'urn:relais:test',
    OPERATOR_KEY: operatorKey,
    KEYS_FOLDER: temporaryFolder(),
  })
  const [announced] = await once(child.stdout, 'data')
  const url = String(announced).trim().replace('localhost', '127.0.0.1')
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const headers = { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ id: 'rpps:10002909371', role: 'infirmier' })
  expect((await fetch(`${url}/tokens`, { method: 'POST', headers, body })).status).toBe(201)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('without its settings it says which are missing, and ends', async () => {
  const child = start({ OPERATOR_KEY: 'too-short' })
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect(code).toBe(2)
  expect(said).toMatch(/OIDC_ISSUER[\s\S]*OPERATOR_KEY[\s\S]*KEYS_FOLDER/)
  expect(said).not.toContain('too-short')
})

test('it refuses to be reached from elsewhere', async () => {
  const child = start({
    HOST: '0.0.0.0',
    OIDC_ISSUER: 'urn:relais:test',
    OPERATOR_KEY: 'f'.repeat(64),
    KEYS_FOLDER: temporaryFolder(),
  })
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect(code).toBe(2)
  expect(said).toContain('loopback')
})
