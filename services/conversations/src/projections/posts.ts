import type { PostView } from '@relais/contracts/post-routes'
import { PostId, ThreadId, WithdrawalReason } from '@relais/contracts/conversations'
import { ProfessionalId } from '@relais/contracts/primitives'
import type { Kysely } from 'kysely'
import type { PostContent } from './conversations.ts'
import type { ConversationTables } from './tables.ts'

type Db = Kysely<ConversationTables>
/** A message without its text, and the documents of all the texts it had, the first one first. */
export type PostRow = { view: PostView; position: number; versions: readonly { at: string; documentId: string }[] }

type Page = { before: number | undefined; limit: number }

/** The last messages of a thread, the last one first. */
export async function postsOf(db: Db, threadId: ThreadId, { before, limit }: Page): Promise<PostRow[]> {
  const query = db.selectFrom('post').where('thread_id', '=', threadId).select('post_id')
  const rows = await (before === undefined ? query : query.where('position', '<', before))
    .orderBy('position', 'desc')
    .limit(limit)
    .execute()
  return readPosts(
    db,
    rows.map(({ post_id }) => post_id),
  )
}

/** These messages, the last one first. */
export async function readPosts(db: Db, postIds: readonly string[]): Promise<PostRow[]> {
  if (postIds.length === 0) return []
  const [rows, versions] = await Promise.all([
    db
      .selectFrom('post')
      .leftJoin('post_withdrawn as gone', 'gone.post_id', 'post.post_id')
      .where('post.post_id', 'in', postIds)
      .select(['post.post_id', 'thread_id', 'position', 'author', 'posted_at', 'content', 'gone.at', 'gone.reason'])
      .orderBy('position', 'desc')
      .execute(),
    db.selectFrom('post_version').where('post_id', 'in', postIds).selectAll().orderBy('position').execute(),
  ])
  const ofPost = Map.groupBy(versions, ({ post_id }) => post_id)
  return rows.map((row) => rowOf(row, ofPost.get(row.post_id) ?? []))
}

type Row = ConversationTables['post'] & { at: string | null; reason: string | null }

function rowOf(row: Row, versions: readonly ConversationTables['post_version'][]): PostRow {
  // `postRows` wrote it.
  const content = JSON.parse(row.content) as PostContent
  const { at, reason } = row
  const view: PostView = {
    postId: PostId.parse(row.post_id),
    threadId: ThreadId.parse(row.thread_id),
    by: ProfessionalId.parse(row.author),
    postedAt: row.posted_at,
    ...content,
    ...(versions.length > 1 ? { editedAt: versions.at(-1)?.at } : {}),
    ...(at === null ? {} : { withdrawn: { at, ...(reason ? { reason: WithdrawalReason.parse(reason) } : {}) } }),
  }
  const documents = versions.map((version) => ({ at: version.at, documentId: version.document_id }))
  return { view, position: row.position, versions: documents }
}
