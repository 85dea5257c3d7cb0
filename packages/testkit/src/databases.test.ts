import { expect, test } from 'vitest'
import { eachDatabase } from './databases.ts'

eachDatabase('a database for tests', (open) => {
  test('keeps its data from one opening to the next', async () => {
    const first = await open<{ note: { body: string } }>('kept')
    await first.db.schema.createTable('note').addColumn('body', 'text').execute()
    await first.db.insertInto('note').values({ body: 'kept' }).execute()
    await first.close()
    const second = await open<{ note: { body: string } }>('kept')
    expect(await second.db.selectFrom('note').selectAll().execute()).toEqual([{ body: 'kept' }])
  })

  test('shares nothing with another name', async () => {
    const one = await open<{ note: { body: string } }>('one')
    const other = await open<{ note: { body: string } }>('other')
    await one.db.schema.createTable('note').addColumn('body', 'text').execute()
    await expect(other.db.selectFrom('note').selectAll().execute()).rejects.toThrow(/note/)
  })
})
