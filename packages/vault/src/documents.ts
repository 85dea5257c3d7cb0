import { hash, type KeyObject } from 'node:crypto'
import type { DocumentRef, Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { OwnerForgotten, seal, unseal } from '@relais/events/sealing'
import { documentWriter, type StoredRow } from './document-writer.ts'
import type { GroupCommit } from './group-commit.ts'
import { keyedHash } from './keyed-hash.ts'
import type { DataKeys } from './keys.ts'
import type { VaultTables } from './migrations.ts'

export type NewDocument = {
  /** Whose data key seals it. */
  owner: string
  mediaType: string
  bytes: Uint8Array
  documentId?: string
  /** What the document is known by outside, such as a sender and a control id. Kept as a keyed hash only. */
  label?: string
  /** When `purge` may remove it. */
  expiresAt?: Instant
}
export type Stored = {
  ref: DocumentRef
  /** Under whose key it is kept: another than asked for, when the same bytes came before. */
  owner: string
  storedAt: Instant
  /** The same bytes were already there under this label, or this id: nothing was written, the first is answered. */
  existed: boolean
  /** Other bytes came first under this label. Both are kept. */
  conflicting: boolean
}
export type StoredDocument = { ref: DocumentRef; owner: string; bytes: Uint8Array }

/** A document of this id exists, with other bytes. */
export class DocumentIdReused extends Error {
  readonly code = 'documentIdReused'
}

type Deps = {
  database: Database<VaultTables>
  together: GroupCommit
  keys: DataKeys
  siteKey: KeyObject
  now: () => Instant
  newId: () => string
}

export type Documents = {
  /** Seals and stores a document, durable once it resolves. @throws OwnerForgotten, DocumentIdReused, DatabaseFull */
  put(document: NewDocument): Promise<Stored>
  /** `undefined` when there is none. @throws SealBroken when what is stored was changed */
  get(documentId: string): Promise<StoredDocument | 'forgotten' | undefined>
}

/** The sealed documents. */
export function sealedDocuments({ database, together, keys, siteKey, now, newId }: Deps): Documents {
  const write = together(documentWriter(database.kind))

  return {
    async put({ owner, mediaType, bytes, label, expiresAt, documentId = newId() }) {
      const sha256 = sha256Of(bytes)
      const body = seal(await keys.sealingKey(owner), bytes, sealContext(documentId, owner))
      const outcome = await write({
        document_id: documentId,
        owner,
        label: label === undefined ? null : keyedHash(siteKey, 'label', label),
        fingerprint: keyedHash(siteKey, 'content', sha256),
        size: bytes.length,
        media_type: mediaType,
        body,
        stored_at: now(),
        expires_at: expiresAt ?? null,
      })
      if (outcome === 'idReused') throw new DocumentIdReused(`Document ${documentId} exists with other bytes`)
      if (outcome === 'forgotten') {
        keys.markForgotten(owner)
        throw new OwnerForgotten()
      }
      const { row, existed, conflicting } = outcome
      return { ref: refOf(row, sha256), owner: row.owner, storedAt: row.stored_at, existed, conflicting }
    },
    async get(documentId) {
      const query = database.db.selectFrom('document').selectAll().where('document_id', '=', documentId)
      const row = await query.executeTakeFirst()
      if (!row) return undefined
      const key = row.body && (await keys.openingKey(row.owner))
      if (!row.body || !key) return 'forgotten'
      const bytes = unseal(key, row.body, sealContext(documentId, row.owner))
      return { ref: refOf(row, sha256Of(bytes)), owner: row.owner, bytes }
    },
  }
}

function refOf({ document_id, size, media_type }: StoredRow, sha256: string): DocumentRef {
  return { documentId: document_id, size, mediaType: media_type, sha256 }
}

const sha256Of = (bytes: Uint8Array) => hash('sha256', bytes)

/** A body copied to another document, or to another owner, does not open. */
const sealContext = (documentId: string, owner: string) => JSON.stringify(['document', documentId, owner])
