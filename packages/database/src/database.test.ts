import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { columnTypes, type Database } from './database.ts'
import { runner } from './statements.ts'

type Tables = { ward: { code: string; beds: number } }

const wardTable = (kind: Database<Tables>['kind']): Migration => ({
  up: async (db) => {
    await db.schema
      .createTable('ward')
      .addColumn('code', columnTypes(kind).text, (column) => column.primaryKey())
      .addColumn('beds', columnTypes(kind).integer, (column) => column.notNull())
      .execute()
  },
})
const breaking: Migration = {
  up: async (db) => {
    await db.schema.createTable('half').addColumn('n', 'integer').execute()
    throw new Error('no further')
  },
}

eachDatabase('a database', (open) => {
  const opened = async (schema: string) => {
    const database = await open<Tables>(schema)
    await database.migrate({ '0001-ward': wardTable(database.kind) })
    return database
  }

  test('migrates once, whoever asks again', async () => {
    const database = await opened('migrated')
    await database.db.insertInto('ward').values({ code: 'cardio', beds: 12 }).execute()
    await Promise.all([1, 2].map(() => database.migrate({ '0001-ward': wardTable(database.kind) })))
    expect(await database.db.selectFrom('ward').selectAll().execute()).toEqual([{ code: 'cardio', beds: 12 }])
  })

  test('a transaction of written statements is whole or nothing, and takes turns with every other', async () => {
    const database = await opened('written')
    const run = runner(database.kind)
    const insert = 'insert into ward (code, beds) values (?, ?)'
    const failing = database.transaction(async (connection) => {
      await run(connection, insert, ['cardio', 12])
      await new Promise(setImmediate)
      throw new Error('no further')
    })
    const meanwhile = database.db.transaction().execute(async (transaction) => {
      await transaction.insertInto('ward').values({ code: 'neuro', beds: 7 }).execute()
    })
    await expect(failing).rejects.toThrow('no further')
    await meanwhile
    const refused = database.transaction((connection) => run(connection, insert, ['neuro', 1]))
    await expect(refused).rejects.toThrow(/unique/i)
    const beds = await database.transaction(async (connection) => {
      await run(connection, insert, ['ortho', 5])
      return (await run<{ beds: number }>(connection, 'select beds from ward order by beds')).rows
    })
    expect(beds).toEqual([{ beds: 5 }, { beds: 7 }])
    expect(await database.db.selectFrom('ward').select('code').orderBy('code').execute()).toEqual([
      { code: 'neuro' },
      { code: 'ortho' },
    ])
  })

  test('what takes long can be done aside, and whoever writes meanwhile has a turn after it', async () => {
    const database = await opened('aside')
    const order: string[] = []
    const begun = Promise.withResolvers<void>()
    const aside = database.aside((db) =>
      db.transaction().execute(async (transaction) => {
        await transaction.insertInto('ward').values({ code: 'cardio', beds: 12 }).execute()
        begun.resolve()
        await new Promise(setImmediate)
        order.push('aside')
      }),
    )
    await begun.promise
    await database.db
      .insertInto('ward')
      .values({ code: 'cardio', beds: 1 })
      .onConflict((on) => on.doNothing())
      .execute()
    order.push('here')
    await aside
    expect(order).toEqual(['aside', 'here'])
    expect(await database.db.selectFrom('ward').selectAll().execute()).toEqual([{ code: 'cardio', beds: 12 }])
  })

  test('this thread goes on while something long is done aside', async () => {
    const database = await opened('aside_long')
    let [turns, isDone] = [0, false]
    const counting = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000)
      select count(*) from n`
    const aside = database.aside((db) =>
      db.transaction().execute(async (transaction) => {
        turns = 0
        await counting.execute(transaction)
        isDone = true
      }),
    )
    for (; !isDone; turns += 1) await new Promise(setImmediate)
    await aside
    expect(turns).toBeGreaterThan(10)
  })

  test('what fails aside is told here, and leaves nothing', async () => {
    const database = await opened('aside_failed')
    const failing = database.aside((db) =>
      db.transaction().execute(async (transaction) => {
        await transaction.insertInto('ward').values({ code: 'cardio', beds: 12 }).execute()
        throw new Error('no further')
      }),
    )
    await expect(failing).rejects.toThrow('no further')
    expect(await database.db.selectFrom('ward').selectAll().execute()).toEqual([])
  })

  test('keeps nothing of a migration that fails', async () => {
    const database = await open<Tables>('failing')
    const migrations = { '0001-ward': wardTable(database.kind), '0002-breaking': breaking }
    await expect(database.migrate(migrations)).rejects.toThrow('no further')
    await database.migrate({ '0001-ward': wardTable(database.kind) })
    expect(await database.db.selectFrom('ward').selectAll().execute()).toEqual([])
    await expect(sql`select * from half`.execute(database.db)).rejects.toThrow(/half/)
  })

  test('refuses to work on what a newer version has migrated', async () => {
    const database = await opened('newer')
    await expect(database.migrate({})).rejects.toMatchObject({ code: 'unreadableDatabase' })
  })

  test('counts, sums and large integers are numbers', async () => {
    const { db } = await opened('numbers')
    await db
      .insertInto('ward')
      .values([
        { code: 'a', beds: Number.MAX_SAFE_INTEGER - 1 },
        { code: 'b', beds: 1 },
      ])
      .execute()
    const { count, sum } = db.fn
    const row = await db
      .selectFrom('ward')
      .select([count('code').as('wards'), sum('beds').as('beds')])
      .execute()
    expect(row).toEqual([{ wards: 2, beds: Number.MAX_SAFE_INTEGER }])
  })

  test('text is ordered by code point, capitals before small letters and accents after', async () => {
    const { db } = await opened('ordered')
    const codes = ['é', 'z', 'Z', 'a-b', 'aa', 'A', '𝄞', '\uff5e']
    await db
      .insertInto('ward')
      .values(codes.map((code) => ({ code, beds: 1 })))
      .execute()
    const rows = await db.selectFrom('ward').select('code').orderBy('code').execute()
    expect(rows.map(({ code }) => code)).toEqual(['A', 'Z', 'a-b', 'aa', 'z', 'é', '\uff5e', '𝄞'])
  })

  test('a read during a transaction sees what was committed before it', async () => {
    const { db } = await opened('isolated')
    await db.transaction().execute(async (transaction) => {
      await transaction.insertInto('ward').values({ code: 'uncommitted', beds: 1 }).execute()
      expect(await db.selectFrom('ward').selectAll().execute()).toEqual([])
      expect(await transaction.selectFrom('ward').selectAll().execute()).toHaveLength(1)
    })
    expect(await db.selectFrom('ward').selectAll().execute()).toHaveLength(1)
  })

  test('a transaction that throws leaves nothing, and the next one works', async () => {
    const { db } = await opened('rolled_back')
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto('ward').values({ code: 'lost', beds: 1 }).execute()
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    await db.insertInto('ward').values({ code: 'kept', beds: 1 }).execute()
    expect(await db.selectFrom('ward').select('code').execute()).toEqual([{ code: 'kept' }])
  })

  test('concurrent transactions that add one to the same row lose none', async () => {
    const { db } = await opened('turns')
    await db.insertInto('ward').values({ code: 'cardio', beds: 0 }).execute()
    const addOne = () =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('ward')
          .set((row) => ({ beds: row('beds', '+', 1) }))
          .execute()
      })
    await Promise.all(Array.from({ length: 20 }, addOne))
    expect(await db.selectFrom('ward').select('beds').executeTakeFirst()).toEqual({ beds: 20 })
  })

  test('a transaction that only reads sees one state throughout, and keeps nobody from writing', async () => {
    const { db } = await opened('snapshot')
    const snapshot = db.transaction().setAccessMode('read only').setIsolationLevel('repeatable read')
    await snapshot.execute(async (reading) => {
      expect(await reading.selectFrom('ward').selectAll().execute()).toEqual([])
      await db.insertInto('ward').values({ code: 'later', beds: 1 }).execute()
      expect(await reading.selectFrom('ward').selectAll().execute()).toEqual([])
    })
    expect(await db.selectFrom('ward').selectAll().execute()).toHaveLength(1)
  })

  test('a transaction that only reads cannot write', async () => {
    const { db } = await opened('read_only')
    const writing = db
      .transaction()
      .setAccessMode('read only')
      .execute((reading) => reading.insertInto('ward').values({ code: 'no', beds: 1 }).execute())
    const refusal: unknown = await writing.catch((error: unknown) => error)
    const said = [refusal, refusal instanceof Error && refusal.cause].map(String).join()
    expect(said).toMatch(/read-?only/)
    expect(await db.selectFrom('ward').selectAll().execute()).toEqual([])
  })

  test('a schema is a plain name', async () => {
    await expect(open('Robert"; drop')).rejects.toThrow('Not a schema name')
  })
})
