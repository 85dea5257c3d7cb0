import { createSecretKey, randomUUID } from 'node:crypto'
import { openDatabase } from '@relais/database/database'
import { postgresServer } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { keyedHash } from './keyed-hash.ts'
import type { VaultTables } from './migrations.ts'
import { masterKey, siteKey, start } from './vault.fixture.ts'
import { openVault } from './vault.ts'

const server = postgresServer()
const authority = '1.2.250.1.71'
const [ipp, late] = [
  { authority, number: '0042' },
  { authority, number: 'V2' },
]

test('whoever forgets a patient waits for a stay that is being given its alias, and takes it along', async () => {
  const database = await openDatabase<VaultTables>(server.url(), { schema: 'subjects', durability: 'full' })
  onTestFinished(() => database.close())
  const { db } = database
  const vault = await openVault({ database, masterKey, siteKey, now: () => start, newId: () => randomUUID() })
  const { patientId } = await vault.resolveSubject(ipp, { authority, number: 'V1' })
  /** How many wait for somebody else, of those who use this schema. */
  const waiting = async () => {
    const { rows } = await sql<{ pid: number }>`
      select distinct activity.pid from pg_stat_activity as activity
      join pg_locks as held on held.pid = activity.pid
      join pg_class as used on used.oid = held.relation and used.relnamespace = current_schema()::regnamespace
      where activity.wait_event_type = 'Lock'`.execute(db)
    return rows.length
  }

  // Somebody else is about to write the same alias: the stay has to wait in the middle of its transaction.
  const lookup = keyedHash(createSecretKey(siteKey), 'alias', 'stay', authority, late.number)
  const holding = await db.startTransaction().execute()
  await holding.insertInto('alias').values({ lookup, kind: 'stay', id: 'held', owner: 'held' }).execute()
  const resolving = vault.resolveSubject(ipp, late)
  await waitUntil(async () => (await waiting()) === 1, 'the stay')
  let isForgotten = false
  const forgetting = vault.forget(patientId).then(() => (isForgotten = true))
  await waitUntil(async () => isForgotten || (await waiting()) === 2, 'the forgetting')
  await holding.rollback().execute()

  expect(await resolving).toMatchObject({ patientId })
  await forgetting
  expect(await vault.resolve('stay', late)).toBeUndefined()
})
