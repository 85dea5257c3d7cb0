import { randomUUID } from 'node:crypto'
import { openDatabase } from '@relais/database/database'
import { postgresDialect } from '@relais/database/postgres'
import { stallingProxy } from '@relais/database/stalling-proxy.fixture'
import { postgresServer } from '@relais/testkit/databases'
import { Kysely } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import type { VaultTables } from './migrations.ts'
import { masterKey, siteKey, start } from './vault.fixture.ts'
import { openVault } from './vault.ts'

const server = postgresServer()

test('a group that is not answered is told so, and those behind it are written', async () => {
  const options = { schema: 'stalling', durability: 'full' } as const
  const database = await openDatabase<VaultTables>(server.url(), options)
  const proxy = await stallingProxy(server.url())
  const patience = { statement: 300, silence: 500 }
  const db = new Kysely<VaultTables>({ dialect: postgresDialect(proxy.url, { ...options, patience }) })
  onTestFinished(async () => {
    await db.destroy()
    await database.close()
  })
  const impatient = { ...database, db }
  const vault = await openVault({
    database: impatient,
    masterKey,
    siteKey,
    now: () => start,
    newId: () => randomUUID(),
  })
  const letter = (label: string) => ({ owner: 'p', mediaType: 'text/plain', bytes: Buffer.from('a letter'), label })
  await vault.put(letter('CHU|1'))

  proxy.stall()
  const unanswered = [vault.put(letter('CHU|2')), vault.put(letter('CHU|3'))]
  const outcomes = await Promise.allSettled(unanswered)
  expect(outcomes).toMatchObject([1, 2].map(() => ({ reason: { code: 'databaseUnavailable' } })))
  proxy.resume()
  expect(await vault.put(letter('CHU|2'))).toMatchObject({ existed: false })
})
