import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'

test('the length of a page is no bare parameter, for which SQLite would prepare the statement each time', async () => {
  const url = `sqlite:${temporaryFolder()}/notes.sqlite`
  const { db, close } = await openDatabase<{ note: { body: string } }>(url, { schema: 'ward', durability: 'normal' })
  await db.schema.createTable('note').addColumn('body', 'text').execute()
  for (const body of ['first', 'second', 'third']) await db.insertInto('note').values({ body }).execute()
  const page = db.selectFrom('note').select('body').orderBy('body').limit(2)
  expect(await page.execute()).toEqual([{ body: 'first' }, { body: 'second' }])
  expect(page.compile().sql).toMatch(/ limit cast\(\? as integer\)$/)
  await close()
})
