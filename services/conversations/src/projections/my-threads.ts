import { idsLinkedWith } from '@relais/access/links'
import { recipientsOf } from '@relais/access/recipients'
import { DAYS_AFTER_STAY } from '@relais/access/decide'
import type { Actor } from '@relais/contracts/actor'
import { MOST_UNREAD } from '@relais/contracts/conversation-routes'
import type { ThreadId, ThreadKind } from '@relais/contracts/conversations'
import type { Instant, PatientId } from '@relais/contracts/primitives'
import { type Kysely, sql } from 'kysely'
import type { ConversationTables } from './tables.ts'

type Db = Kysely<ConversationTables>
const MILLISECONDS_PER_DAY = 86_400_000

/** A thread that the actor may find, with what is unread in it. Whether it may be read is still to be decided. */
export type ThreadRow = {
  thread_id: ThreadId
  kind: ThreadKind
  key_owner: string
  patient_id: PatientId | null
  title: string
  opened_at: Instant
  closed_at: Instant | null
  position: number
  post_id: string | null
  author: string | null
  posted_at: Instant | null
  urgent: number | null
  unread: number
}

/** The patients in whose circles, or in whose stays, the actor may be found, by any of their ids. */
export async function patientsAround(db: Db, actor: Actor, now: Instant): Promise<string[]> {
  const wards = actor.wards.map((code) => `${actor.organisation ?? ''}/${code}`)
  const since = new Date(Date.parse(now) - DAYS_AFTER_STAY * MILLISECONDS_PER_DAY).toISOString()
  const inCircle = db.selectFrom('circle_place').where('member_id', 'in', recipientsOf(actor)).select('patient_id')
  const inWard = db
    .selectFrom('ward_stay')
    .innerJoin('stay_owner', 'stay_owner.stay_id', 'ward_stay.stay_id')
    .leftJoin('stay_now', 'stay_now.stay_id', 'ward_stay.stay_id')
    .where('ward', 'in', ['', ...wards])
    .where(({ eb, or }) => or([eb('stay_now.ended_at', 'is', null), eb('stay_now.ended_at', '>', since)]))
    .select('stay_owner.patient_id')
  const rows = await inCircle.union(inWard).execute()
  const ids = rows.map(({ patient_id }) => patient_id)
  if (ids.length === 0) return []
  return [...new Set([...ids, ...(await idsLinkedWith(db, ids))])]
}

type Page = { patientIds: readonly string[]; before: number | undefined; limit: number }

/** The threads where the actor may be found, what was last written in first. */
export async function threadsAround(db: Db, actor: Actor, { patientIds, before, limit }: Page): Promise<ThreadRow[]> {
  const member = sql`select thread_id from thread_member where member in (${sql.join(recipientsOf(actor))})`
  const patients = sql`select thread_id from thread where kind = 'patient' and patient_id in (${sql.join(['', ...patientIds])})`
  const { rows } = await sql<ThreadRow>`
    select thread.thread_id, thread.kind, thread.key_owner, thread.patient_id, thread.opened_at,
      title.title, closed.closed_at, activity.position, activity.post_id, activity.author, activity.posted_at,
      activity.urgent, ${unread(actor.id)} as unread
    from thread_activity as activity
    join thread on thread.thread_id = activity.thread_id
    join thread_title as title on title.thread_id = activity.thread_id
    left join thread_closed as closed on closed.thread_id = activity.thread_id
    where (thread.kind = 'territory' or thread.thread_id in (${member}) or thread.thread_id in (${patients}))
      and activity.position < ${before ?? Number.MAX_SAFE_INTEGER}
    order by activity.position desc
    limit cast(${limit} as integer)`.execute(db)
  return rows
}

/** Messages of others after the last one that was read, as far as they are counted. */
const unread = (person: string) => sql`(select count(*) from (
  select 1 from post
  where post.thread_id = thread.thread_id and post.author <> ${person}
    and post.position > coalesce((select seen.position from thread_mark as mark
      join post as seen on seen.post_id = mark.post_id
      where mark.thread_id = thread.thread_id and mark.person = ${person} and mark.receipt = 'read'), 0)
    and not exists (select 1 from post_withdrawn as gone where gone.post_id = post.post_id)
  limit ${sql.lit(MOST_UNREAD)}) as counted)`
