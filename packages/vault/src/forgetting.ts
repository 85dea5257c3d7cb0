import type { Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { DataKeys } from './keys.ts'
import type { VaultTables } from './migrations.ts'

const DOCUMENTS_AT_ONCE = 500
const MILLISECONDS_PER_DAY = 86_400_000
const DAY_LENGTH = 'yyyy-mm-dd'.length

type Deps = { database: Database<VaultTables>; keys: DataKeys; now: () => Instant }

export type Forgetting = {
  /**
   * Destroys the data key of an owner, its aliases and the bodies of its documents, in one transaction. For ever: nothing
   * can be sealed for this owner again. Doing it twice is doing it once.
   */
  forget(owner: string): Promise<void>
  /**
   * Removes the documents whose `expiresAt` has come, then destroys the sender keys of earlier days that seal no document
   * any more. Answers with how many of each.
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
        await transaction.deleteFrom('alias').where('owner', '=', owner).execute()
      })
      keys.markForgotten(owner)
      await dropOldPages(database)
    },
    async purge(at) {
      const removeSome = () => database.db.transaction().execute((transaction) => removeExpired(transaction, at))
      const documents = await untilNone(removeSome)
      const destroyed = await destroySenderKeys(database.db, at)
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

async function removeExpired(db: Kysely<VaultTables>, at: Instant): Promise<number> {
  const ids = await documentIds(db, (query) => query.where('expires_at', '<=', at))
  if (ids.length === 0) return 0
  await releaseLabels(db, ids)
  await db.deleteFrom('document').where('document_id', 'in', ids).execute()
  return ids.length
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

/** Today's and yesterday's are left alone: a message may still be on its way to the vault. */
async function destroySenderKeys(db: Kysely<VaultTables>, at: Instant): Promise<string[]> {
  const yesterday = new Date(Date.parse(at) - MILLISECONDS_PER_DAY).toISOString().slice(0, DAY_LENGTH)
  const destroyed = await db
    .updateTable('data_key')
    .set({ wrapped: null, forgotten_at: at })
    .where('wrapped', 'is not', null)
    .where('owner', 'like', 'sender:%')
    .where(sql<boolean>`substr(owner, length(owner) - ${sql.lit(DAY_LENGTH - 1)}) < ${yesterday}`)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('document').select('document_id').whereRef('document.owner', '=', 'data_key.owner'))),
    )
    .returning('owner')
    .execute()
  return destroyed.map(({ owner }) => owner)
}

/** SQLite overwrites what is deleted in the file, but its write-ahead log keeps older pages until it is emptied. */
async function dropOldPages({ db, kind }: Database<VaultTables>): Promise<void> {
  if (kind === 'sqlite') await sql`pragma wal_checkpoint(truncate)`.execute(db)
}
