import type { AccessFacts } from '@relais/access/decide'
import type { Actor } from '@relais/contracts/actor'
import type { ThreadKind } from '@relais/contracts/conversations'
import type { Kysely } from 'kysely'
import { decideAccess, decisionInstant } from '@relais/access/decide'
import { givesCare, recipientsOf } from '@relais/access/recipients'
import type { FeedTables } from '../projections/channel-feed.ts'

/** Whom a thread is for. */
export type KnownThread = { kind: ThreadKind; patientId: string | undefined; members: ReadonlySet<string> }

/** What a channel of a thread begins with. Earlier messages are read page by page. */
const LAST_ENTRIES = 50

export function lastOfThread(db: Kysely<FeedTables>, channel: string, before: number) {
  return db
    .selectFrom('feed_channel')
    .innerJoin('feed_entry', 'feed_entry.position', 'feed_channel.position')
    .where('feed_channel.channel', '=', channel)
    .where('feed_channel.position', '<', before)
    .select(['feed_channel.position', 'feed_entry.entry'])
    .orderBy('feed_channel.position', 'desc')
    .limit(LAST_ENTRIES)
    .execute()
}

export async function threadsIn(
  db: Kysely<FeedTables>,
  threadIds: readonly string[],
): Promise<ReadonlyMap<string, KnownThread>> {
  if (threadIds.length === 0) return new Map()
  const [threads, members] = await Promise.all([
    db.selectFrom('thread').selectAll().where('thread_id', 'in', threadIds).execute(),
    db.selectFrom('thread_member').selectAll().where('thread_id', 'in', threadIds).execute(),
  ])
  const byThread = Map.groupBy(members, ({ thread_id }) => thread_id)
  return new Map(
    threads.map(({ thread_id, kind, patient_id }) => {
      const named = new Set((byThread.get(thread_id) ?? []).map(({ member }) => member))
      return [thread_id, { kind, patientId: patient_id ?? undefined, members: named }]
    }),
  )
}

/** By patient, the threads about these. */
export async function threadsAbout(
  db: Kysely<FeedTables>,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (patientIds.length === 0) return new Map()
  const rows = await db.selectFrom('thread').selectAll().where('patient_id', 'in', patientIds).execute()
  const byPatient = Map.groupBy(rows, ({ patient_id }) => patient_id ?? '')
  return new Map([...byPatient].map(([id, threads]) => [id, threads.map(({ thread_id }) => thread_id)]))
}

export type Taking = { granted: boolean; outcome: string }
type Question = { actor: Actor; facts: AccessFacts; now: string }

/**
 * Whether somebody takes part in a thread: on the ground of the patient's care, of being named, or of being here. What is
 * said of a patient is for those who give care.
 */
export function decideThread(thread: KnownThread | undefined, { actor, facts, now }: Question): Taking {
  const isRead = actor.scopes.includes('thread:read') && (thread?.patientId === undefined || givesCare(actor))
  if (thread === undefined || !isRead) return { granted: false, outcome: 'noRelation' }
  switch (thread.kind) {
    case 'patient': {
      const decision = decideAccess({ actor, facts, purpose: 'care', at: decisionInstant(facts, now) })
      return { granted: decision.granted, outcome: decision.granted ? decision.ground : decision.reason }
    }
    case 'wardCommunity':
    case 'group': {
      const granted = recipientsOf(actor).some((name) => thread.members.has(name))
      return { granted, outcome: granted ? 'member' : 'noRelation' }
    }
    case 'territory':
      return { granted: true, outcome: 'territory' }
  }
}
