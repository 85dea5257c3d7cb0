import { columnTypes, type Database } from '@relais/database/database'
import { runner, type Statement } from '@relais/database/statements'
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

/** Written by the one reaction that reads it, in the order of the log. Written out, for it is asked at every identity. */
export function matchingIndex({ db, kind: database }: Database<MatchKeyTables>) {
  const run = runner(database)
  async function alike(kind: Holder, { ins, traits }: Keys): Promise<string[]> {
    const [byIns, byTraits] = await Promise.all([holders(kind, byInsHash, ins), holders(kind, byTraitsHash, traits)])
    return [...new Set([...byIns, ...byTraits])]
  }
  async function holders(kind: Holder, statement: typeof byInsHash, hash: string | undefined): Promise<string[]> {
    if (hash === undefined) return []
    return (await run(db, statement, [hash, kind])).rows.map(({ holder_id }) => holder_id)
  }
  return {
    async keep(kind: Holder, holderId: string, { ins, traits }: Keys): Promise<void> {
      await run(db, keep, [holderId, kind, ins ?? null, traits ?? null])
    },
    alike,
    async kept(holderId: string): Promise<Keys> {
      const [row] = (await run(db, kept, [holderId])).rows
      return { ins: row?.ins_hash ?? undefined, traits: row?.traits_hash ?? undefined }
    },
    async remove(holderId: string): Promise<void> {
      await db.deleteFrom('match_key').where('holder_id', '=', holderId).execute()
    },
  }
}

const byInsHash: Statement<{ holder_id: string }> =
  'select holder_id from match_key where ins_hash = ? and kind = ? order by holder_id'
const byTraitsHash: Statement<{ holder_id: string }> =
  'select holder_id from match_key where traits_hash = ? and kind = ? order by holder_id'
const kept: Statement<{ ins_hash: string | null; traits_hash: string | null }> =
  'select ins_hash, traits_hash from match_key where holder_id = ?'
const keep = `insert into match_key (holder_id, kind, ins_hash, traits_hash) values (?, ?, ?, ?)
  on conflict (holder_id) do update
  set kind = excluded.kind, ins_hash = excluded.ins_hash, traits_hash = excluded.traits_hash`
