import { randomUUID } from 'node:crypto'
import { openDatabase } from '@relais/database/database'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import type { VaultTables } from '@relais/vault/migrations'
import { openVault } from '@relais/vault/vault'
import { sql } from 'kysely'

/** A vault on a disk that is full after so many pages of 4 KiB, until there is room again. */
export async function openSmallVault(pages: number) {
  const url = `sqlite:${temporaryFolder()}/small.sqlite`
  const database = await openDatabase<VaultTables>(url, { schema: 'vault', durability: 'full', secureDelete: true })
  afterTestFile(() => database.close())
  const limit = (count: number) => sql`pragma max_page_count = ${sql.lit(count)}`.execute(database.db)
  const vault = await openVault({
    database,
    masterKey: Buffer.alloc(32, 'm'),
    siteKey: Buffer.alloc(32, 's'),
    now: () => new Date().toISOString(),
    newId: () => randomUUID(),
  })
  await limit(pages)
  return { vault, makeRoom: () => limit(1_000_000) }
}
