import type { ColumnTypes } from '@relais/database/database'
import type { SchemaModule } from 'kysely'

export type StreamTables = {
  /** What is being received: nobody sees any of it. */
  upload: { upload_id: string; owner: string; begun_at: string }
  document_chunk: { upload_id: string; number: number; body: Uint8Array }
  /** What was received whole. `head` is sealed too, and gone once the owner is forgotten. */
  streamed_document: {
    document_id: string
    upload_id: string
    owner: string
    head: Uint8Array | null
    stored_at: string
  }
}

export async function createStreams(schema: SchemaModule, { text, integer, bytes }: ColumnTypes): Promise<void> {
  await schema
    .createTable('upload')
    .addColumn('upload_id', text, (column) => column.primaryKey())
    .addColumn('owner', text, (column) => column.notNull())
    .addColumn('begun_at', text, (column) => column.notNull())
    .execute()
  await schema
    .createTable('document_chunk')
    .addColumn('upload_id', text, (column) => column.notNull())
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('body', bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('document_chunk_key', ['upload_id', 'number'])
    .execute()
  await schema
    .createTable('streamed_document')
    .addColumn('document_id', text, (column) => column.primaryKey())
    .addColumn('upload_id', text, (column) => column.notNull())
    .addColumn('owner', text, (column) => column.notNull())
    .addColumn('head', bytes)
    .addColumn('stored_at', text, (column) => column.notNull())
    .execute()
  await schema.createIndex('streamed_document_owner').on('streamed_document').column('owner').execute()
}
