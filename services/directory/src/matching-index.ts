import { columnTypes, type Database } from '@relais/database/database'
import type { Vault } from '@relais/vault/vault'
import type { Migration } from 'kysely/migration'
import { likeness, type Traits } from './domain/verdict.ts'

export type MatchKeyTables = {
  /** Keyed hashes of who a resident or a patient is, so that each finds the other. Made again with the views. */
  match_key: { holder_id: string; kind: string; ins_hash: string | null; traits_hash: string | null }
}
type Holder = 'resident' | 'patient'
type Keys = { ins: string | undefined; traits: string | undefined }
export type MatchingIndex = ReturnType<typeof matchingIndex>

export function matchKeyMigration(kind: Database<unknown>['kind']): Migration {
  const { text } = columnTypes(kind)
  return {
    async up({ schema }) {
      await schema
        .createTable('match_key')
        .addColumn('holder_id', text, (column) => column.primaryKey())
        .addColumn('kind', text, (column) => column.notNull())
        .addColumn('ins_hash', text)
        .addColumn('traits_hash', text)
        .execute()
      await schema.createIndex('match_key_ins').on('match_key').columns(['ins_hash', 'kind']).execute()
      await schema.createIndex('match_key_traits').on('match_key').columns(['traits_hash', 'kind']).execute()
    },
  }
}

/** Under which hashes a person is found. Nobody who lacks the site key can read an INS or a name back from them. */
export function keysOf(vault: Pick<Vault, 'blindIndex'>, traits: Traits): Keys {
  const { ins } = traits
  const alike = likeness(traits)
  return {
    ins: ins && vault.blindIndex('ins', ins.oid, ins.matricule),
    traits: alike && vault.blindIndex('traits', ...alike),
  }
}

/** Written by the one reaction that reads it, in the order of the log. */
export function matchingIndex({ db }: Database<MatchKeyTables>) {
  async function keep(kind: Holder, holderId: string, { ins, traits }: Keys): Promise<void> {
    const row = { kind, ins_hash: ins ?? null, traits_hash: traits ?? null }
    await db
      .insertInto('match_key')
      .values({ holder_id: holderId, ...row })
      .onConflict((conflict) => conflict.column('holder_id').doUpdateSet(row))
      .execute()
  }
  async function alike(kind: Holder, { ins, traits }: Keys): Promise<string[]> {
    const [byIns, byTraits] = await Promise.all([holders(kind, 'ins_hash', ins), holders(kind, 'traits_hash', traits)])
    return [...new Set([...byIns, ...byTraits])]
  }
  async function holders(kind: Holder, column: 'ins_hash' | 'traits_hash', hash: string | undefined) {
    if (hash === undefined) return []
    const query = db.selectFrom('match_key').select('holder_id').where(column, '=', hash).where('kind', '=', kind)
    return (await query.orderBy('holder_id').execute()).map(({ holder_id }) => holder_id)
  }
  return {
    keep,
    alike,
    async kept(holderId: string): Promise<Keys> {
      const query = db.selectFrom('match_key').selectAll().where('holder_id', '=', holderId)
      const row = await query.executeTakeFirst()
      return { ins: row?.ins_hash ?? undefined, traits: row?.traits_hash ?? undefined }
    },
    async remove(holderId: string): Promise<void> {
      await db.deleteFrom('match_key').where('holder_id', '=', holderId).execute()
    },
  }
}
