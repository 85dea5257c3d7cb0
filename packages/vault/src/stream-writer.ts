import {
  type Connection,
  type Kind,
  repeated,
  type Repeated,
  runner,
  type Statement,
} from '@relais/database/statements'
import type { Kysely } from 'kysely'
import type { VaultTables } from './migrations.ts'
import type { StreamTables } from './stream-tables.ts'

type Upload = StreamTables['upload']
type Chunk = StreamTables['document_chunk']
export type StreamedRow = StreamTables['streamed_document']
type Finished = 'stored' | 'known' | 'forgotten'

const insertUploads = repeated('insert into upload (upload_id, owner, begun_at) values ', '(?, ?, ?)', '')
const deleteOldChunks =
  'delete from document_chunk where upload_id in (select upload_id from upload where begun_at < ?)'
const deleteOld = 'delete from upload where begun_at < ?'
const known = 'select upload_id from upload where upload_id in ('
const underWay: Record<Kind, Repeated<Pick<Upload, 'upload_id'>>> = {
  sqlite: repeated(known, '?', ')'),
  // Whoever forgets the owner waits until the chunks are there to be taken along.
  postgres: repeated(known, '?', ') for share'),
}
const insertChunks = repeated('insert into document_chunk (upload_id, number, body) values ', '(?, ?, ?)', '')
const deleteChunks = 'delete from document_chunk where upload_id = ?'
const deleteUpload = 'delete from upload where upload_id = ?'
const remaining = 'select owner from data_key where wrapped is not null and owner = ?'
const remembered: Record<Kind, Statement<Pick<Upload, 'owner'>>> = {
  sqlite: remaining,
  // Whoever forgets this owner waits until the document is there to be taken along.
  postgres: `${remaining} for share`,
}
const insertStreamed = `insert into streamed_document (document_id, upload_id, owner, head, stored_at)
  values (?, ?, ?, ?, ?) on conflict do nothing`
const streamed: Statement<StreamedRow> = `select document_id, upload_id, owner, head, stored_at
  from streamed_document where document_id = ?`
const chunkOf: Statement<Pick<Chunk, 'body'>> = 'select body from document_chunk where upload_id = ? and number = ?'

/** What is asked of the tables of streamed documents, many callers at once where they write. */
export function streamWriter(kind: Kind) {
  const run = runner(kind)
  return {
    /** Begins them, after removing what began before `abandoned`, and was left by a process that ended. */
    begin: (abandoned: () => string) => async (transaction: Connection, uploads: readonly Upload[]) => {
      const before = abandoned()
      await run(transaction, deleteOldChunks, [before])
      await run(transaction, deleteOld, [before])
      const values = uploads.flatMap(({ upload_id, owner, begun_at }) => [upload_id, owner, begun_at])
      await run(transaction, insertUploads(uploads.length), values)
      return uploads.map(() => undefined)
    },
    /** Whether each was kept: nothing is, of an upload whose owner was forgotten meanwhile. */
    async append(transaction: Connection, chunks: readonly Chunk[]): Promise<boolean[]> {
      const ids = [...new Set(chunks.map(({ upload_id }) => upload_id))]
      const { rows } = await run(transaction, underWay[kind](ids.length), ids)
      const open = new Set(rows.map(({ upload_id }) => upload_id))
      const kept = chunks.filter(({ upload_id }) => open.has(upload_id))
      const values = kept.flatMap(({ upload_id, number, body }) => [upload_id, number, body])
      if (kept.length > 0) await run(transaction, insertChunks(kept.length), values)
      return chunks.map(({ upload_id }) => open.has(upload_id))
    },
    /** Shows them, whole. `known` where there is a document of this id. */
    async finish(transaction: Connection, rows: readonly StreamedRow[]): Promise<Finished[]> {
      const outcomes: Finished[] = []
      for (const { document_id, upload_id, owner, head, stored_at } of rows) {
        const { rows: owners } = await run(transaction, remembered[kind], [owner])
        const { changes } = await run(transaction, deleteUpload, [upload_id])
        if (changes === 0 || owners.length === 0) {
          outcomes.push('forgotten')
          continue
        }
        const values = [document_id, upload_id, owner, head, stored_at]
        const inserted = await run(transaction, insertStreamed, values)
        if (inserted.changes === 0) await run(transaction, deleteChunks, [upload_id])
        outcomes.push(inserted.changes === 0 ? 'known' : 'stored')
      }
      return outcomes
    },
    async cut(transaction: Connection, uploads: readonly string[]): Promise<undefined[]> {
      for (const uploadId of uploads) {
        await run(transaction, deleteChunks, [uploadId])
        await run(transaction, deleteUpload, [uploadId])
      }
      return uploads.map(() => undefined)
    },
    async find(db: Connection, documentId: string): Promise<StreamedRow | undefined> {
      return (await run(db, streamed, [documentId])).rows[0]
    },
    async chunk(db: Connection, uploadId: string, number: number): Promise<Uint8Array | undefined> {
      return (await run(db, chunkOf, [uploadId, number])).rows[0]?.body
    },
  }
}

/** Of an owner who is being forgotten: what was received, and what is being received. */
export async function forgetStreams(db: Kysely<VaultTables>, owner: string): Promise<void> {
  const received = db.selectFrom('streamed_document').where('owner', '=', owner).select('upload_id')
  const underWayNow = db.selectFrom('upload').where('owner', '=', owner).select('upload_id')
  await db.deleteFrom('document_chunk').where('upload_id', 'in', received.union(underWayNow)).execute()
  await db.deleteFrom('upload').where('owner', '=', owner).execute()
  await db.updateTable('streamed_document').set({ head: null }).where('owner', '=', owner).execute()
}
