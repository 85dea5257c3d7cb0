import type { Actor } from '@relais/contracts/actor'
import type { ThreadSummary } from '@relais/contracts/conversation-routes'
import { PostId, type Preference } from '@relais/contracts/conversations'
import type { PostView } from '@relais/contracts/post-routes'
import { type Instant, ProfessionalId } from '@relais/contracts/primitives'
import type { Vault } from '@relais/vault/vault'
import type { Kysely } from 'kysely'
import type { ThreadAccess } from './access.ts'
import { noPreference } from './domain/preference.ts'
import { patientsAround, type ThreadRow, threadsAround } from './projections/my-threads.ts'
import type { PostRow } from './projections/posts.ts'
import type { ConversationTables } from './projections/tables.ts'

type Deps = {
  db: Kysely<ConversationTables>
  vault: Pick<Vault, 'get' | 'openingKey'>
  access: Pick<ThreadAccess, 'mayTakePart'>
  now: () => Instant
}
export type Reading = ReturnType<typeof reading>

/** Rows read at once, and in all for one page: what may not be read any more MUST NOT hold the others up. */
const MOST_READ = 1000

/** What a person may read, decided anew for each thread of a page; texts are opened from the vault. */
export function reading({ db, vault, access, now }: Deps) {
  async function mayRead(actor: Actor, row: ThreadRow): Promise<boolean> {
    // The rows of a forgotten patient stay in the view until it is built again.
    if (!(await vault.openingKey(row.key_owner))) return false
    // Found by its members, or open to everybody: only who may see a patient is still to be decided.
    const { thread_id: threadId, kind, patient_id: patientId } = row
    return access.mayTakePart(actor, { threadId, kind, patientId: patientId ?? undefined, members: [actor.id] })
  }

  async function textOf(documentId: string): Promise<string | undefined> {
    const found = await vault.get(documentId)
    return typeof found === 'object' ? Buffer.from(found.bytes).toString('utf8') : undefined
  }

  return {
    textOf,
    async preferenceOf(person: string): Promise<Preference> {
      const query = db.selectFrom('preference').select('preference').where('person', '=', person)
      const row = await query.executeTakeFirst()
      // The projection wrote it.
      return row ? (JSON.parse(row.preference) as Preference) : noPreference
    },
    /** `next` is where the page after begins, as long as there may be one. */
    async threads(actor: Actor, { before, limit }: { before?: number | undefined; limit: number }) {
      const patientIds = await patientsAround(db, actor, now())
      const threads: ThreadRow[] = []
      for (let read = 0; read < MOST_READ; read += limit) {
        const rows = await threadsAround(db, actor, { patientIds, before, limit })
        for (const row of rows) {
          if (threads.length === limit) return { threads, next: before }
          before = row.position
          if (await mayRead(actor, row)) threads.push(row)
        }
        if (rows.length < limit) return { threads }
      }
      return { threads, next: before }
    },
    /** The messages, with their last texts; none of what was withdrawn. */
    async withTexts(rows: readonly PostRow[]): Promise<PostView[]> {
      return Promise.all(
        rows.map(async ({ view, versions }): Promise<PostView> => {
          if (view.withdrawn) return { ...view, attachments: [], quotes: [] }
          const text = await textOf(versions.at(-1)?.documentId ?? '')
          return text === undefined ? view : { ...view, text }
        }),
      )
    },
  }
}

export function summaryOf(row: ThreadRow, { muted }: Preference): ThreadSummary {
  const { thread_id: threadId, patient_id: patientId, closed_at: closedAt, post_id, author, posted_at } = row
  const last =
    post_id === null || author === null || posted_at === null
      ? {}
      : {
          last: {
            postId: PostId.parse(post_id),
            by: ProfessionalId.parse(author),
            postedAt: posted_at,
            urgent: row.urgent === 1,
          },
        }
  return {
    threadId,
    kind: row.kind,
    ...(patientId === null ? {} : { patientId }),
    title: row.title,
    openedAt: row.opened_at,
    ...(closedAt === null ? {} : { closedAt }),
    unread: row.unread,
    muted: muted.includes(threadId),
    ...last,
  }
}
