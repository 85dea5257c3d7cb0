import { createHash, type KeyObject } from 'node:crypto'
import type { DocumentRef, Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { OwnerForgotten, seal, unseal } from '@relais/events/sealing'
import type { Transaction } from 'kysely'
import { groupCommit } from './group-commit.ts'
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

type Row = VaultTables['document']
type Found = { row: Row; existed: boolean; conflicting: boolean }
type Outcome = Found | 'forgotten' | 'idReused'
type Deps = {
  database: Database<VaultTables>
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

/** The sealed documents. What is put in one turn of the event loop is written in one transaction. */
export function sealedDocuments({ database, keys, siteKey, now, newId }: Deps): Documents {
  const write = groupCommit((rows: readonly Row[]) =>
    database.db.transaction().execute((transaction) => storeGroup(transaction, rows)),
  )

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

/** One outcome per row, in their order. */
async function storeGroup(transaction: Transaction<VaultTables>, rows: readonly Row[]): Promise<Outcome[]> {
  const remaining = await ownersNotForgotten(transaction, rows)
  // In one order everywhere, so that two processes that store under the same labels never wait for each other.
  const storable = rows.filter(({ owner }) => remaining.has(owner)).toSorted(byLabel)
  if (storable.length === 0) return rows.map(() => 'forgotten')

  const firsts = await firstFingerprints(transaction, storable)
  const inserted = await transaction
    .insertInto('document')
    .values(storable)
    .onConflict((conflict) => conflict.doNothing())
    .returning('document_id')
    .execute()
  const written = new Set(inserted.map((row) => row.document_id))

  const outcomes: Outcome[] = []
  for (const row of rows) {
    if (!remaining.has(row.owner)) {
      outcomes.push('forgotten')
      continue
    }
    const isFirst = written.delete(row.document_id)
    const kept = isFirst ? row : await storedAlready(transaction, row)
    const conflicting = row.label !== null && firsts.get(row.label) !== row.fingerprint
    outcomes.push(kept ? { row: kept, existed: !isFirst, conflicting } : 'idReused')
  }
  return outcomes
}

async function ownersNotForgotten(transaction: Transaction<VaultTables>, rows: readonly Row[]): Promise<Set<string>> {
  const owners = [...new Set(rows.map(({ owner }) => owner))]
  const query = transaction.selectFrom('data_key').select('owner').where('owner', 'in', owners)
  const found = await query.where('wrapped', 'is not', null).execute()
  return new Set(found.map(({ owner }) => owner))
}

/** Claims the labels that are new, and answers with what each was claimed for. */
async function firstFingerprints(
  transaction: Transaction<VaultTables>,
  rows: readonly Row[],
): Promise<Map<string, string>> {
  const claims = rows.flatMap(({ label, fingerprint }) => (label && fingerprint ? [{ label, fingerprint }] : []))
  if (claims.length === 0) return new Map()
  await transaction
    .insertInto('document_label')
    .values(claims)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const labels = claims.map(({ label }) => label)
  const query = transaction.selectFrom('document_label').selectAll().where('label', 'in', labels)
  return new Map((await query.execute()).map(({ label, fingerprint }) => [label, fingerprint]))
}

async function storedAlready(transaction: Transaction<VaultTables>, row: Row): Promise<Row | undefined> {
  const same = transaction.selectFrom('document').selectAll().where('fingerprint', '=', row.fingerprint)
  const labelled = row.label !== null && (await same.where('label', '=', row.label).executeTakeFirst())
  return labelled || same.where('document_id', '=', row.document_id).executeTakeFirst()
}

function byLabel(one: Row, other: Row): number {
  if (one.label === other.label) return 0
  return (one.label ?? '') < (other.label ?? '') ? -1 : 1
}

function refOf({ document_id, size, media_type }: Row, sha256: string): DocumentRef {
  return { documentId: document_id, size, mediaType: media_type, sha256 }
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A body copied to another document, or to another owner, does not open. */
const sealContext = (documentId: string, owner: string) => JSON.stringify(['document', documentId, owner])
