import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { UnreadableDatabase } from './errors.ts'

/** All in one transaction: a failed migration leaves nothing behind. `lock` keeps two processes from doing it at once. */
export async function migrate<Tables>(
  db: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>,
  lock?: RawBuilder<unknown>,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await lock?.execute(transaction)
    await sql`create table if not exists applied_migration (name text not null primary key)`.execute(transaction)
    const { rows } = await sql<{ name: string }>`select name from applied_migration`.execute(transaction)
    const applied = new Set(rows.map((row) => row.name))

    const newer = [...applied].filter((name) => migrations[name] === undefined)
    if (newer.length > 0)
      throw new UnreadableDatabase(
        `Migrated by a newer version (${newer.join(', ')}): start that version, or a later one`,
      )

    const pending = Object.entries(migrations).filter(([name]) => !applied.has(name))
    for (const [name, migration] of pending.toSorted(([left], [right]) => (left < right ? -1 : 1))) {
      await migration.up(transaction)
      await sql`insert into applied_migration (name) values (${name})`.execute(transaction)
    }
  })
}
