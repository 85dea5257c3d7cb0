import { randomUUID } from 'node:crypto'
import type { OpenDatabase } from '@relais/testkit/databases'
import type { VaultTables } from './migrations.ts'
import { openVault, type VaultDeps } from './vault.ts'

export const siteKey = Buffer.alloc(32, 's')
export const masterKey = Buffer.alloc(32, 'm')
export const start = '2026-11-21T08:00:00.000Z'

let schemas = 0
/** A schema of its own for each test. */
export const freshSchema = () => `vault${(schemas += 1)}`

/** A vault with a clock that only the test moves. Opening a schema again is what another process does. */
export async function openTestVault(open: OpenDatabase, schema: string, changes: Partial<VaultDeps> = {}) {
  const database = await open<VaultTables>(schema, { durability: 'full', secureDelete: true })
  const clock = { now: start }
  const deps = { database, masterKey, siteKey, now: () => clock.now, newId: () => randomUUID(), ...changes }
  return { vault: await openVault(deps), database, clock }
}
