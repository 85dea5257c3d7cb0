import { statSync } from 'node:fs'
import { columnTypes, openDatabase } from '@relais/database/database'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, onTestFinished, test } from 'vitest'
import { startCheckpointer } from './checkpointer.ts'

type Tables = { note: { id: number; text: string } }
const page = 'x'.repeat(4000)
const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0

async function openNotes() {
  const checkpointer = startCheckpointer()
  const path = `${temporaryFolder()}/kept`
  const database = await openDatabase<Tables>(`sqlite:${path}.sqlite`, {
    schema: 'notes',
    durability: 'full',
    checkpointer,
  })
  const { text, integer } = columnTypes('sqlite')
  await database.migrate({
    '0001-note': {
      up: ({ schema }) =>
        schema
          .createTable('note')
          .addColumn('id', integer, (column) => column.primaryKey())
          .addColumn('text', text)
          .execute(),
    },
  })
  const add = (id: number) => database.db.insertInto('note').values({ id, text: page }).execute()
  return { checkpointer, database, add, file: `${path}.notes.sqlite` }
}

test('what was written comes into the file, although no commit sees to it', async () => {
  const { checkpointer, database, add, file } = await openNotes()
  onTestFinished(() => checkpointer.close())
  onTestFinished(() => database.close())
  for (let id = 0; id < 400; id += 1) await add(id)
  expect(await waitUntil(() => sizeOf(file) > 1_000_000, 'the file to hold what was written')).toBe(true)
})

test('whoever writes meanwhile loses nothing', async () => {
  const { checkpointer, database, add, file } = await openNotes()
  onTestFinished(() => checkpointer.close())
  onTestFinished(() => database.close())
  let written = 0
  for (; sizeOf(file) < 4_000_000; written += 1) {
    await add(written)
    await new Promise(setImmediate)
  }
  const rows = await database.db.selectFrom('note').select('id').orderBy('id').execute()
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: written }, (_, id) => id))
})

test('once all of it is closed, nothing is left beside the file', async () => {
  const { checkpointer, database, add, file } = await openNotes()
  for (let id = 0; id < 400; id += 1) await add(id)
  await checkpointer.close()
  await database.close()
  expect(sizeOf(`${file}-wal`)).toBe(0)
  expect(sizeOf(file)).toBeGreaterThan(1_000_000)
})
