import { postgresServer } from '@relais/testkit/databases'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'

const server = postgresServer()

test.each([
  ['25006', 'a server that only reads, as a standby does'],
  ['40001', 'a conflict between two transactions'],
  ['40P01', 'a deadlock'],
  ['53000', 'a lack of resources'],
  ['53200', 'a lack of memory'],
  ['53400', 'a limit of its settings'],
  ['55P03', 'a lock that others hold for too long'],
  ['57014', 'a statement that takes too long'],
  ['58030', 'a disk that fails'],
])('%s: %s is waited out, and said with its cause', async (state) => {
  const database = await openDatabase(server.url(), { schema: 'unavailable', durability: 'normal' })
  const raising = sql.raw(`do $$ begin raise exception using errcode = '${state}'; end $$`).execute(database.db)
  await expect(raising).rejects.toMatchObject({ code: 'databaseUnavailable', cause: { code: state } })
  await database.close()
})

test('a statement that is wrong stays an error of ours', async () => {
  const database = await openDatabase(server.url(), { schema: 'unavailable', durability: 'normal' })
  await expect(sql`select nothing from nowhere`.execute(database.db)).rejects.toMatchObject({ code: '42P01' })
  await database.close()
})
