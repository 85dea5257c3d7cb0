import { setTimeout as pause } from 'node:timers/promises'
import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { DatabaseUnavailable } from '@relais/database/errors'
import { type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { DataKeys } from './keys.ts'
import type { VaultTables } from './migrations.ts'
import { forgetStreams } from './stream-writer.ts'

const DOCUMENTS_AT_ONCE = 500
const MILLISECONDS_PER_DAY = 86_400_000
/** For a sender key that no document tells how long its events are kept. */
const SENDER_KEY_DAYS = 90
/** Whoever reads the file for long keeps its write-ahead log from being emptied. */
const CHECKPOINT_ATTEMPTS = 30
const CHECKPOINT_PAUSE_MILLISECONDS = 100
const DAY_LENGTH = 'yyyy-mm-dd'.length

type Deps = { database: Database<VaultTables>; keys: DataKeys; now: () => Instant }

export type Forgetting = {
  /**
   * Destroys the data key of an owner, its aliases and the bodies of its documents, in one transaction. For ever: nothing
   * can be sealed for this owner again. Doing it twice is doing it once.
   * @throws DatabaseUnavailable also when older pages, with the key, are still in the write-ahead log: forget again
   */
  forget(owner: string): Promise<void>
  /**
   * Removes the documents whose `expiresAt` has come, with the sender key whose last one that was; and the sender keys
   * that seal no document ninety days after their day, for they may seal events. Today's and yesterday's are left alone.
   * Answers with how many of each.
   * @throws DatabaseUnavailable also when older pages are still in the write-ahead log: purge again
   */
  purge(now: Instant): Promise<{ documents: number; keys: number }>
}

/** Whose key seals a message until its patient is known: its sender, for the UTC day of its receipt. */
export function senderKeyOwner(senderId: string, receivedAt: Instant): string {
  return `sender:${senderId}:${receivedAt.slice(0, DAY_LENGTH)}`
}

export function forgetting({ database, keys, now }: Deps): Forgetting {
  return {
    async forget(owner) {
      await database.db.transaction().execute(async (transaction) => {
        await destroyKey(transaction, { owner, at: now() })
        await untilNone(() => emptyDocuments(transaction, owner))
        await forgetStreams(transaction, owner)
        await transaction.deleteFrom('alias').where('owner', '=', owner).execute()
      })
      keys.markForgotten(owner)
      await dropOldPages(database)
    },
    async purge(at) {
      const destroyed: string[] = []
      const documents = await untilNone(async () => {
        const removed = await database.db.transaction().execute((transaction) => removeExpired(transaction, at))
        destroyed.push(...removed.destroyed)
        return removed.documents
      })
      destroyed.push(...(await destroySenderKeys(database.db, { before: dayBefore(at, SENDER_KEY_DAYS), at })))
      for (const owner of destroyed) keys.markForgotten(owner)
      await dropOldPages(database)
      return { documents, keys: destroyed.length }
    },
  }
}

async function destroyKey(db: Kysely<VaultTables>, { owner, at }: { owner: string; at: Instant }): Promise<void> {
  await db
    .insertInto('data_key')
    .values({ owner, wrapped: null, created_at: at, forgotten_at: at })
    .onConflict((conflict) =>
      conflict
        .column('owner')
        .doUpdateSet({ wrapped: null, forgotten_at: at })
        .where('data_key.wrapped', 'is not', null),
    )
    .execute()
}

/** A few at a time, so that a long list holds neither the memory nor the turn of other writers. */
async function untilNone(doSome: () => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const done = await doSome()
    if (done === 0) return total
    total += done
  }
}

async function emptyDocuments(db: Kysely<VaultTables>, owner: string): Promise<number> {
  const ids = await documentIds(db, (query) => query.where('owner', '=', owner).where('body', 'is not', null))
  if (ids.length === 0) return 0
  await releaseLabels(db, ids)
  await db
    .updateTable('document')
    .set({ body: null, label: null, fingerprint: null, media_type: '', size: 0 })
    .where('document_id', 'in', ids)
    .execute()
  return ids.length
}

/** In one transaction: which owners were left without a document is known only now. */
async function removeExpired(
  db: Kysely<VaultTables>,
  at: Instant,
): Promise<{ documents: number; destroyed: string[] }> {
  const ids = await documentIds(db, (query) => query.where('expires_at', '<=', at))
  if (ids.length === 0) return { documents: 0, destroyed: [] }
  await releaseLabels(db, ids)
  const removed = await db.deleteFrom('document').where('document_id', 'in', ids).returning('owner').execute()
  const owners = [...new Set(removed.map(({ owner }) => owner))]
  return { documents: ids.length, destroyed: await destroySenderKeys(db, { owners, before: dayBefore(at, 1), at }) }
}

type DocumentQuery = SelectQueryBuilder<VaultTables, 'document', { document_id: string }>

async function documentIds(
  db: Kysely<VaultTables>,
  chosen: (query: DocumentQuery) => DocumentQuery,
): Promise<string[]> {
  const query = chosen(db.selectFrom('document').select('document_id'))
  const rows = await query.limit(DOCUMENTS_AT_ONCE).execute()
  return rows.map(({ document_id }) => document_id)
}

/** Frees the labels under which nothing but these documents is kept. */
async function releaseLabels(db: Kysely<VaultTables>, ids: readonly string[]): Promise<void> {
  const labels = (query: ExpressionBuilder<VaultTables, 'document_label'>) =>
    query.selectFrom('document').select('document.label').where('document_id', 'in', ids).$castTo<{ label: string }>()
  await db
    .deleteFrom('document_label')
    .where('label', 'in', labels)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('document')
            .select('document_id')
            .whereRef('document.label', '=', 'document_label.label')
            .where('document_id', 'not in', ids),
        ),
      ),
    )
    .execute()
}

function dayBefore(at: Instant, days: number): string {
  return new Date(Date.parse(at) - days * MILLISECONDS_PER_DAY).toISOString().slice(0, DAY_LENGTH)
}

type SenderKeys = { owners?: readonly string[]; before: string; at: Instant }

/** Those of days before this one that seal no document. */
async function destroySenderKeys(db: Kysely<VaultTables>, { owners, before, at }: SenderKeys): Promise<string[]> {
  const destroyed = await db
    .updateTable('data_key')
    .set({ wrapped: null, forgotten_at: at })
    .where('wrapped', 'is not', null)
    .where('owner', 'like', 'sender:%')
    .$if(owners !== undefined, (query) => query.where('owner', 'in', owners ?? []))
    .where(sql<boolean>`substr(owner, length(owner) - ${sql.lit(DAY_LENGTH - 1)}) < ${before}`)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('document').select('document_id').whereRef('document.owner', '=', 'data_key.owner'))),
    )
    .returning('owner')
    .execute()
  return destroyed.map(({ owner }) => owner)
}

/**
 * SQLite overwrites what is deleted in the file, but its write-ahead log keeps older pages until it is emptied, which
 * waits for whoever reads it. https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
 */
async function dropOldPages({ db, kind }: Database<VaultTables>): Promise<void> {
  if (kind === 'postgres') return
  for (let attempt = 1; attempt <= CHECKPOINT_ATTEMPTS; attempt++) {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db)
    if (rows[0]?.busy === 0) return
    await pause(CHECKPOINT_PAUSE_MILLISECONDS)
  }
  throw new DatabaseUnavailable(
    'What was forgotten is still in the write-ahead log of the vault, for somebody keeps reading it: forget again',
  )
}
