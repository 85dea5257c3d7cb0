import { randomUUID } from 'node:crypto'
import { type Database, type DatabaseOptions, openDatabase } from '@relais/database/database'
import { runner } from '@relais/database/statements'
import { afterAll, beforeAll, describe } from 'vitest'
import { type PostgresServer, startPostgres } from './postgres.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Opens a database of this name; asking again for a name opens the same data. Closed after the suite. */
export type OpenDatabase = <Tables>(schema: string, options?: Partial<DatabaseOptions>) => Promise<Database<Tables>>

/**
 * A PostgreSQL for the tests of this suite: a database of its own on the server that `TEST_POSTGRES_URL` names, or else a
 * server started before them and stopped after them.
 */
export function postgresServer(): { url(): string } {
  const shared = process.env['TEST_POSTGRES_URL']
  let started: PostgresServer | undefined
  beforeAll(async () => {
    started = await (shared === undefined ? startPostgres() : ownDatabase(shared))
  })
  afterAll(() => started?.stop())
  return {
    url: () => {
      if (started === undefined) throw new Error('Ask for the URL inside a test: the server starts before it')
      return started.url
    },
  }
}

/** Names of schemas are those of production in some tests, and MUST not be those of others meanwhile. */
async function ownDatabase(server: string): Promise<PostgresServer> {
  const name = `t${randomUUID().replaceAll('-', '')}`
  const { db, close } = await openDatabase<object>(server, { schema: name, durability: 'normal' })
  const run = runner('postgres')
  await run(db, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    async stop() {
      await run(db, `drop database ${name} with (force)`)
      await close()
    },
  }
}

/** Describes the same tests twice: on SQLite files and on a real PostgreSQL. */
export function eachDatabase(name: string, suite: (open: OpenDatabase) => void): void {
  describe(`${name}, on SQLite`, () => {
    let folder: string | undefined
    const url = () => `sqlite:${(folder ??= temporaryFolder())}/test.sqlite`
    suite(opener(url))
  })
  describe(`${name}, on PostgreSQL`, () => {
    const server = postgresServer()
    suite(opener(() => server.url()))
  })
}

function opener(url: () => string): OpenDatabase {
  const closings: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const close of closings.splice(0)) await close()
  })
  return async <Tables>(schema: string, options: Partial<DatabaseOptions> = {}) => {
    const database = await openDatabase<Tables>(url(), { durability: 'normal', ...options, schema })
    const close = once(() => database.close())
    closings.push(close)
    return { ...database, close }
  }
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => (closed ??= close())
}
