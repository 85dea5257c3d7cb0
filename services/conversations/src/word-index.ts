import { columnTypes, type Database } from '@relais/database/database'
import type { Vault } from '@relais/vault/vault'
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { ConversationTables } from './projections/tables.ts'
import { wordsOf } from './words.ts'

/** A word of a message, as a keyed hash that is of its thread only: who reads the table learns not even what is frequent. */
export type WordTables = { thread_word: { word: string; post_id: string } }
export type WordIndex = ReturnType<typeof wordIndex>

export function wordMigration(kind: Database<unknown>['kind']): Migration {
  const { text } = columnTypes(kind)
  return {
    async up({ schema }) {
      await schema
        .createTable('thread_word')
        .addColumn('word', text, (column) => column.notNull())
        .addColumn('post_id', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('thread_word_key', ['word', 'post_id'])
        .execute()
      await schema.createIndex('thread_word_post').on('thread_word').column('post_id').execute()
    },
  }
}

type Deps = { database: Database<WordTables & ConversationTables>; vault: Pick<Vault, 'blindIndex'> }
/** `before` is the position of the last message of the page before. */
type Question = { q: string; threadIds: readonly string[]; before: number | undefined; limit: number }

/** Written by the one reaction that reads the texts, in the order of the log. */
export function wordIndex({ database: { db }, vault }: Deps) {
  const hashOf = (threadId: string, word: string) => vault.blindIndex('threadWord', threadId, word)
  return {
    /** Beside the words that are there: what the message said before is removed first. */
    async keep(threadId: string, postId: string, text: string): Promise<void> {
      const rows = wordsOf(text).map((word) => ({ word: hashOf(threadId, word), post_id: postId }))
      if (rows.length === 0) return
      await db
        .insertInto('thread_word')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async remove(postId: string): Promise<void> {
      await db.deleteFrom('thread_word').where('post_id', '=', postId).execute()
    },
    /** The messages of these threads that have all words of the question, the last one first. */
    async find({ q, threadIds, before, limit }: Question): Promise<{ postId: string; position: number }[]> {
      const words = wordsOf(q).slice(0, 8)
      if (words.length === 0 || threadIds.length === 0) return []
      const hashes = threadIds.flatMap((threadId) => words.map((word) => hashOf(threadId, word)))
      const rows = await db
        .selectFrom('thread_word')
        .innerJoin('post', 'post.post_id', 'thread_word.post_id')
        .where('thread_word.word', 'in', hashes)
        .$if(before !== undefined, (query) => query.where('post.position', '<', before ?? 0))
        .groupBy(['post.post_id', 'post.position'])
        // A hash is of one thread and one word: so many of them are all the words.
        .having(sql<boolean>`count(*) = ${words.length}`)
        .select(['post.post_id', 'post.position'])
        .orderBy('post.position', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ post_id, position }) => ({ postId: post_id, position }))
    },
  }
}
