import { idsLinkedWith } from '@relais/access/links'
import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { FeedTables } from '../projections/channel-feed.ts'

/** Those that were open before a position; `present` also shows, when none was, the one last heard of. */
export type Choice = { before: number; choose: 'open' | 'present' }

export async function staysOwnedBy(db: Kysely<FeedTables>, patientIds: readonly string[]): Promise<string[]> {
  const query = db.selectFrom('stay_owner').select('stay_id').where('patient_id', 'in', patientIds)
  return (await query.execute()).map(({ stay_id }) => stay_id)
}

/** The open stays that a ward holds, for medicine or for care. */
function openStaysIn(db: Kysely<FeedTables>, ward: string) {
  const open = () => db.selectFrom('stay_standing').select('stay_id').where('is_open', '=', 1)
  return open()
    .where('medical_ward', '=', ward)
    .union(open().where('care_ward', '=', ward))
}

/**
 * The entries, of a ward, of the open stays that it holds. The stays come first, and SQLite takes a cross join in the order
 * in which it is written: a ward has many more entries of stays that are over.
 */
export function entriesOfOpenStays(db: Kysely<FeedTables>, ward: string) {
  return db
    .selectFrom(openStaysIn(db, ward).as('open'))
    .crossJoin('feed_channel')
    .innerJoin('feed_entry', 'feed_entry.position', 'feed_channel.position')
    .leftJoin('stay_owner', 'stay_owner.stay_id', 'feed_channel.stay_id')
    .whereRef('feed_channel.stay_id', '=', 'open.stay_id')
    .where('feed_channel.channel', '=', ward)
    .select(['feed_channel.position', 'feed_entry.entry', 'stay_owner.patient_id as owner'])
    .orderBy('feed_channel.position')
}

type Patients = SelectQueryBuilder<FeedTables, 'circle_change', { patient_id: string }>

/** The open stays of these patients, and of those who are one person with them. */
export async function openStaysOf(db: Kysely<FeedTables>, patients: Patients): Promise<string[]> {
  const linked = await idsLinkedWith(db, patients)
  const query = db
    .selectFrom('stay_standing')
    .select('stay_id')
    .where('is_open', '=', 1)
    .where(({ or, eb }) =>
      or([eb('patient_id', 'in', patients), ...(linked.length > 0 ? [eb('patient_id', 'in', linked)] : [])]),
    )
  return (await query.execute()).map(({ stay_id }) => stay_id)
}

/** The stays of these patients as they stood before a position. */
export async function staysAt(
  db: Kysely<FeedTables>,
  patientIds: readonly string[],
  { before, choose }: Choice,
): Promise<string[]> {
  const changes = await db
    .selectFrom('standing_change')
    .innerJoin('stay_owner', 'stay_owner.stay_id', 'standing_change.stay_id')
    .select(['standing_change.stay_id', 'standing_change.is_open'])
    .where('stay_owner.patient_id', 'in', patientIds)
    .where('standing_change.position', '<', before)
    .orderBy('standing_change.position')
    .execute()
  const last = new Map(changes.map(({ stay_id, is_open }) => [stay_id, is_open === 1]))
  const open = [...last].filter(([, isOpen]) => isOpen).map(([stayId]) => stayId)
  const latest = changes.at(-1)
  return open.length > 0 || choose === 'open' || !latest ? open : [latest.stay_id]
}

export async function withoutSecrets(db: Kysely<FeedTables>, stayIds: readonly string[]): Promise<string[]> {
  if (stayIds.length === 0) return []
  const query = db.selectFrom('stay_secrecy').select('stay_id').where('confidential', '=', 1)
  const secret = new Set((await query.where('stay_id', 'in', stayIds).execute()).map(({ stay_id }) => stay_id))
  return stayIds.filter((stayId) => !secret.has(stayId))
}
