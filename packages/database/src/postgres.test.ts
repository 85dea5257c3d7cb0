import { startPostgres } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'

test('a server that goes away is unavailable, for who was connected and for who comes', async () => {
  const server = await startPostgres()
  const options = { schema: 'ward', durability: 'full' } as const
  const database = await openDatabase<{ note: { body: string } }>(server.url, options)
  await database.db.schema.createTable('note').addColumn('body', 'text').execute()
  await server.stop()
  const reading = database.db.selectFrom('note').selectAll().execute()
  await expect(reading).rejects.toMatchObject({ code: 'databaseUnavailable' })
  await expect(openDatabase(server.url, options)).rejects.toMatchObject({ code: 'databaseUnavailable' })
  await database.close()
})
