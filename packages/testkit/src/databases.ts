import { randomUUID } from 'node:crypto'
import { type Database, type DatabaseOptions, openDatabase } from '@relais/database/database'
import { afterAll, beforeAll, describe } from 'vitest'
import { type PostgresServer, startPostgres } from './postgres.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Opens a database of this name; asking again for a name opens the same data. Closed after the suite. */
export type OpenDatabase = <Tables>(schema: string, options?: Partial<DatabaseOptions>) => Promise<Database<Tables>>

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
    // Suites share one server in a whole run, so that their schemas need a prefix of their own.
    suite(opener(() => server.url(), `t${randomUUID().slice(0, 8)}_`))
  })
}

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
