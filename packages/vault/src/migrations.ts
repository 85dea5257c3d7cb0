import { type ColumnTypes, columnTypes, type Database } from '@relais/database/database'
import { type RawBuilder, type SchemaModule, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { createStreams, type StreamTables } from './stream-tables.ts'

export type VaultTables = StreamTables & {
  vault_setting: { name: string; value: string }
  /** The row of a forgotten owner stays, without its key: it tells what was destroyed from what was lost. */
  data_key: { owner: string; wrapped: Uint8Array | null; created_at: string; forgotten_at: string | null }
  /** An outside identifier, as a keyed hash, and the id that Relais gave it. */
  alias: { lookup: string; kind: string; id: string; owner: string }
  authority: { namespace: string; universal_id: string }
  /** Without a body, a label and a fingerprint once its owner is forgotten. */
  document: {
    document_id: string
    owner: string
    label: string | null
    /** A keyed hash of the clear bytes: a plain one would confirm a guess. */
    fingerprint: string | null
    size: number
    media_type: string
    body: Uint8Array | null
    stored_at: string
    expires_at: string | null
  }
  /** The first content stored under a label. */
  document_label: { label: string; fingerprint: string }
}

/** The migrations of the vault's schema, on either kind of database. */
export function vaultMigrations(kind: Database<VaultTables>['kind']): Record<string, Migration> {
  // In the order of their key, without a second B-tree that leads to them.
  const byKey = kind === 'sqlite' ? sql`without rowid` : sql``
  const types = { ...columnTypes(kind), byKey }
  return {
    '0001-vault': {
      async up({ schema }) {
        await createSettings(schema, types)
        await createKeys(schema, types)
        await createAliases(schema, types)
        await createDocuments(schema, types)
      },
    },
    '0002-streamed-documents': { up: ({ schema }) => createStreams(schema, types) },
  }
}

type Types = ColumnTypes & { byKey: RawBuilder<unknown> }

async function createSettings(schema: SchemaModule, { text }: Types): Promise<void> {
  await schema
    .createTable('vault_setting')
    .addColumn('name', text, (column) => column.primaryKey())
    .addColumn('value', text, (column) => column.notNull())
    .execute()
}

async function createKeys(schema: SchemaModule, { text, bytes, byKey }: Types): Promise<void> {
  await schema
    .createTable('data_key')
    .addColumn('owner', text, (column) => column.primaryKey())
    .addColumn('wrapped', bytes)
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('forgotten_at', text)
    .modifyEnd(byKey)
    .execute()
}

async function createAliases(schema: SchemaModule, { text, byKey }: Types): Promise<void> {
  await schema
    .createTable('alias')
    .addColumn('lookup', text, (column) => column.primaryKey())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('owner', text, (column) => column.notNull())
    .modifyEnd(byKey)
    .execute()
  await schema.createIndex('alias_owner').on('alias').column('owner').execute()
  await schema
    .createTable('authority')
    .addColumn('namespace', text, (column) => column.notNull())
    .addColumn('universal_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('authority_key', ['namespace', 'universal_id'])
    .execute()
}

async function createDocuments(schema: SchemaModule, { text, integer, bytes, byKey }: Types): Promise<void> {
  await schema
    .createTable('document')
    .addColumn('document_id', text, (column) => column.primaryKey())
    .addColumn('owner', text, (column) => column.notNull())
    .addColumn('label', text)
    .addColumn('fingerprint', text)
    .addColumn('size', integer, (column) => column.notNull())
    .addColumn('media_type', text, (column) => column.notNull())
    .addColumn('body', bytes)
    .addColumn('stored_at', text, (column) => column.notNull())
    .addColumn('expires_at', text)
    .addUniqueConstraint('document_label_content', ['label', 'fingerprint'])
    .execute()
  await schema.createIndex('document_owner').on('document').column('owner').execute()
  // What never expires is not in it.
  await schema
    .createIndex('document_expiry')
    .on('document')
    .column('expires_at')
    .where('expires_at', 'is not', null)
    .execute()
  await schema
    .createTable('document_label')
    .addColumn('label', text, (column) => column.primaryKey())
    .addColumn('fingerprint', text, (column) => column.notNull())
    .modifyEnd(byKey)
    .execute()
}
