import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from './config.ts'
import { start } from './start.ts'

const program = fileURLToPath(import.meta.resolve('./refused-start.fixture.ts'))
const PATIENCE_MILLISECONDS = 20_000

test.each(['patients', 'channels'])('nothing stays open when %s cannot be created', (schema) => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data', `relais.${schema}.sqlite`), 'This is a letter, not a database.'.repeat(50))
  const { stdout, status } = spawnSync(process.execPath, [program], {
    env: { PATH: process.env['PATH'], RELAIS_FOLDER: folder, PORT: '0', MLLP_PORT: '0' },
    encoding: 'utf8',
    timeout: PATIENCE_MILLISECONDS,
  })
  expect({ stdout, status }).toEqual({ stdout: 'unreadableDatabase', status: 0 })
})

const main = fileURLToPath(import.meta.resolve('./main.ts'))

/** The program as a process of its own on a folder. Killed at the latest when the test ends. */
function launch(folder: string, { env = {}, args = [] }: { env?: Record<string, string>; args?: string[] }) {
  const child = spawn(process.execPath, [...args, main], {
    env: { PATH: process.env['PATH'], RELAIS_FOLDER: folder, PORT: '0', MLLP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let written = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (written += text.toString()))
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode, written }))
  return { child, ended }
}

const ended = { code: 0, signal: null, written: '' }

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends a start that waits for its database', async (signal) => {
  const silent = createServer()
  await once(silent.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void silent.close())
  const address = silent.address()
  const folder = temporaryFolder()
  const starting = launch(folder, {
    env: {
      DATABASE_URL: `postgres://relais@127.0.0.1:${typeof address === 'object' ? address?.port : 0}/relais`,
      SITE_KEY: '01'.repeat(32),
      MASTER_KEY: '02'.repeat(32),
    },
  })
  await Promise.race([once(silent, 'connection'), starting.ended])
  starting.child.kill(signal)
  expect(await starting.ended).toEqual(ended)
  expect(existsSync(join(folder, 'run.json'))).toBe(false)
  const log = await openEmbeddedLog({ folder: join(folder, 'log') })
  await log.close()
})

test('a signal that comes while the program is loaded ends it before it opens its databases', async () => {
  const hooks = `import { registerHooks } from 'node:module'
    registerHooks({ load(url, context, next) {
      if (url.endsWith('/src/start.ts')) process.kill(process.pid, 'SIGTERM')
      return next(url, context)
    } })`
  const folder = temporaryFolder()
  const starting = launch(folder, { args: ['--import', `data:text/javascript,${encodeURIComponent(hooks)}`] })
  expect(await starting.ended).toEqual(ended)
  expect(readdirSync(join(folder, 'data'))).toEqual([])
})

test('a start that is no longer wanted goes no further', async () => {
  const folder = temporaryFolder()
  const variables = { RELAIS_FOLDER: folder, PORT: '0', MLLP_PORT: '0' }
  await expect(start(loadConfig(variables, []), variables, AbortSignal.abort())).rejects.toThrow('aborted')
  expect(readdirSync(join(folder, 'log'))).toEqual([])
})
