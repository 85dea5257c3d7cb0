import { Kysely, sql } from 'kysely'
import { postgresServer } from '@relais/testkit/databases'
import { startPostgres } from '@relais/testkit/postgres'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from './database.ts'
import { type Patience, postgresDialect } from './postgres.ts'
import { stallingProxy } from './stalling-proxy.fixture.ts'

type Tables = { note: { body: string } }

const server = postgresServer()
const unavailable = { code: 'databaseUnavailable' }
const durable = { schema: 'ward', durability: 'full' } as const

/** Notes behind a proxy, by somebody who waits for so long. */
async function openNotes(schema: string, patience: Patience) {
  const created = await openDatabase<Tables>(server.url(), { ...durable, schema })
  await created.db.schema.createTable('note').addColumn('body', 'text').execute()
  await created.close()
  const proxy = await stallingProxy(server.url())
  const dialect = postgresDialect(proxy.url, { ...durable, schema, patience })
  const db = new Kysely<Tables>({ dialect })
  onTestFinished(() => db.destroy())
  return { db, proxy }
}

test('a server that goes away is unavailable, for who was connected and for who comes', async () => {
  const stopped = await startPostgres()
  const database = await openDatabase<Tables>(stopped.url, durable)
  await database.db.schema.createTable('note').addColumn('body', 'text').execute()
  const held = Promise.withResolvers<void>()
  const holding = database.db.transaction().execute(async (transaction) => {
    await transaction.insertInto('note').values({ body: 'lost' }).execute()
    held.resolve()
    await stopped.stop()
    await transaction.insertInto('note').values({ body: 'lost too' }).execute()
  })
  await held.promise
  await expect(holding).rejects.toMatchObject(unavailable)
  await expect(database.db.selectFrom('note').selectAll().execute()).rejects.toMatchObject(unavailable)
  await expect(openDatabase(stopped.url, durable)).rejects.toMatchObject(unavailable)
  await database.close()
})

test('an answer that never comes is not waited for, and its connection is not used again', async () => {
  const { db, proxy } = await openNotes('silent', { statement: 300, silence: 500 })
  const insert = (body: string) => db.insertInto('note').values({ body }).execute()
  await insert('kept')
  proxy.stall()
  await expect(insert('unanswered')).rejects.toMatchObject(unavailable)
  proxy.resume()
  await insert('again')
  expect(await db.selectFrom('note').selectAll().execute()).toEqual([{ body: 'kept' }, { body: 'again' }])
})

test('a transaction that is not answered ends, with its statements and with its commit', async () => {
  const { db, proxy } = await openNotes('silent_commit', { statement: 300, silence: 500 })
  const writing = db.transaction().execute(async (transaction) => {
    await transaction.insertInto('note').values({ body: 'not committed' }).execute()
    proxy.stall()
  })
  await expect(writing).rejects.toMatchObject(unavailable)
  proxy.resume()
  expect(await db.selectFrom('note').selectAll().execute()).toEqual([])
})

test('a statement that takes too long is given up by the server, and its connection goes on', async () => {
  const { db } = await openNotes('slow', { statement: 300, silence: 30_000 })
  await db.connection().execute(async (connection) => {
    const backend = () => sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(connection)
    const [before] = (await backend()).rows
    await expect(sql`select pg_sleep(30)`.execute(connection)).rejects.toMatchObject(unavailable)
    expect((await backend()).rows).toEqual([before])
  })
})

test('a migration may take longer than whoever waits at the vault', async () => {
  const database = await openDatabase<Tables>(server.url(), { ...durable, schema: 'patient' })
  onTestFinished(() => database.close())
  const limits: string[] = []
  const limitOf = async (db: Kysely<Tables>) => {
    const { rows } = await sql<{ statement_timeout: string }>`show statement_timeout`.execute(db)
    limits.push(...rows.map(({ statement_timeout }) => statement_timeout))
  }
  await database.migrate({ '0001-look': { up: limitOf } })
  await limitOf(database.db)
  expect(limits).toEqual(['10min', '10s'])
})
