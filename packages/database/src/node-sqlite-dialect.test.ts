import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { StatementSync } from 'node:sqlite'
import { sql } from 'kysely'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Database, openDatabase } from './database.ts'

type Tables = { note: { body: string } }

async function openNotes(folder: string, options: { secureDelete?: boolean } = {}): Promise<Database<Tables>> {
  const database = await openDatabase<Tables>(`sqlite:${folder}/notes.sqlite`, {
    schema: 'ward',
    durability: 'normal',
    ...options,
  })
  onTestFinished(() => database.close())
  await sql`create table if not exists note (body text not null)`.execute(database.db)
  return database
}

test('each schema is a file of its own, for its owner only', async () => {
  const folder = temporaryFolder()
  await openNotes(folder)
  expect(existsSync(`${folder}/notes.sqlite`)).toBe(false)
  expect(statSync(`${folder}/notes.ward.sqlite`).mode & 0o077).toBe(0)
})

test('two connections to a file in one process take turns, although each is synchronous', async () => {
  const folder = temporaryFolder()
  const notes = await Promise.all([openNotes(folder), openNotes(folder)])
  const write = ({ db }: Database<Tables>) =>
    db.transaction().execute(async (transaction) => {
      await transaction.insertInto('note').values({ body: 'first' }).execute()
      await new Promise(setImmediate)
      await transaction.insertInto('note').values({ body: 'second' }).execute()
    })
  await Promise.all(notes.flatMap((database) => [write(database), write(database)]))
  const rows = await notes[0].db
    .selectFrom('note')
    .select('body')
    .orderBy(sql`rowid`)
    .execute()
  expect(rows.map(({ body }) => body)).toEqual(Array.from({ length: 4 }, () => ['first', 'second']).flat())
})

test('a rollback that fails keeps nobody waiting, and nobody joins what it left', async () => {
  const { db } = await openNotes(temporaryFolder())
  const broken = vi.spyOn(StatementSync.prototype, 'run')
  onTestFinished(() => broken.mockRestore())
  const writing = db.transaction().execute(async (transaction) => {
    await transaction.insertInto('note').values({ body: 'lost' }).execute()
    broken.mockImplementation(() => {
      throw new Error('disk I/O error')
    })
    throw new Error('changed my mind')
  })
  await expect(writing).rejects.toThrow('disk I/O error')
  broken.mockRestore()
  await db.insertInto('note').values({ body: 'kept' }).execute()
  await db.transaction().execute((transaction) => transaction.insertInto('note').values({ body: 'too' }).execute())
  expect(await db.selectFrom('note').select('body').execute()).toEqual([{ body: 'kept' }, { body: 'too' }])
})

test('a full disk is told as such, keeps what was committed, and is over once there is room', async () => {
  const { db } = await openNotes(temporaryFolder())
  await db.insertInto('note').values({ body: 'kept' }).execute()
  await sql`pragma max_page_count = 4`.execute(db)
  const writing = db.transaction().execute(async (transaction) => {
    for (let part = 0; part < 20; part++)
      await transaction
        .insertInto('note')
        .values({ body: 'x'.repeat(4000) })
        .execute()
  })
  await expect(writing).rejects.toMatchObject({ code: 'databaseFull' })
  expect(await db.selectFrom('note').select('body').execute()).toEqual([{ body: 'kept' }])
  await sql`pragma max_page_count = 4000`.execute(db)
  await db.insertInto('note').values({ body: 'again' }).execute()
  expect(await db.selectFrom('note').select('body').execute()).toHaveLength(2)
})

test('a file that is no database is named, with what to do', async () => {
  const folder = temporaryFolder()
  writeFileSync(`${folder}/notes.ward.sqlite`, 'This is a letter about a discharge, not a database.'.repeat(50))
  await expect(openNotes(folder)).rejects.toMatchObject({
    code: 'unreadableDatabase',
    message: expect.stringMatching(/notes\.ward\.sqlite is damaged.*move it away/),
  })
})

test('a folder that cannot be made is named', async () => {
  const folder = temporaryFolder()
  writeFileSync(`${folder}/file`, '')
  await expect(openNotes(`${folder}/file/below`)).rejects.toMatchObject({ code: 'unreadableDatabase' })
})

test('with secure delete, nothing of a deleted row stays in the file', async () => {
  const folder = temporaryFolder()
  const { db } = await openNotes(folder, { secureDelete: true })
  await db.insertInto('note').values({ body: 'the secret of a patient' }).execute()
  await sql`pragma wal_checkpoint(truncate)`.execute(db)
  const file = () => readFileSync(`${folder}/notes.ward.sqlite`, 'latin1')
  expect(file()).toContain('the secret')
  await db.deleteFrom('note').execute()
  await sql`pragma wal_checkpoint(truncate)`.execute(db)
  expect(file()).not.toContain('the secret')
})

test('what a star stands for may change while its statement is kept', async () => {
  const { db } = await openNotes(temporaryFolder())
  await db.insertInto('note').values({ body: 'seen at home' }).execute()
  const everything = () => sql`select * from note`.execute(db)
  expect((await everything()).rows).toEqual([{ body: 'seen at home' }])
  await sql`alter table note add column author text`.execute(db)
  expect((await everything()).rows).toEqual([{ body: 'seen at home', author: null }])
})

test('a closed database says that it is not available', async () => {
  const database = await openNotes(temporaryFolder())
  await database.close()
  await expect(database.db.selectFrom('note').selectAll().execute()).rejects.toThrow(/destroyed|closed/)
})
