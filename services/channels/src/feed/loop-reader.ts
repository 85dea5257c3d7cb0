import { queuesOf } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { PatientId } from '@relais/contracts/primitives'
import type { Kysely, OperandValueExpressionOrList } from 'kysely'
import { loopChannelOf, patientsIn } from '../domain/entry-channels.ts'
import type { FeedTables } from '../projections/channel-feed.ts'
import type { Heard } from './heard.ts'
import { forgottenAmong } from './forgotten.ts'

/** Somebody who asks, or is asked, in a referral or in the run of a protocol. */
export type Party = { recipient: string; part: string }
/** The stay that a referral or a run is of, and whose that stay is now: nobody's, until it is said whose it turned out to be. */
export type KnownLoop = { stayId: string; owner: string | undefined; isTaken: boolean }

export async function partiesIn(
  db: Kysely<FeedTables>,
  channels: readonly string[],
): Promise<ReadonlyMap<string, readonly Party[]>> {
  if (channels.length === 0) return new Map()
  const rows = await db.selectFrom('loop_party').selectAll().where('channel', 'in', channels).execute()
  return Map.groupBy(rows, ({ channel }) => channel)
}

/** Those of these referrals and runs that are of a stay. */
export async function loopsIn(
  db: Kysely<FeedTables>,
  channels: readonly string[],
): Promise<ReadonlyMap<string, KnownLoop>> {
  if (channels.length === 0) return new Map()
  const rows = await db
    .selectFrom('loop')
    .leftJoin('stay_owner', 'stay_owner.stay_id', 'loop.stay_id')
    .leftJoin('stay_standing', 'stay_standing.stay_id', 'loop.stay_id')
    .select(['loop.channel', 'loop.stay_id', 'stay_owner.patient_id as owner', 'stay_standing.stay_id as known'])
    .where('loop.channel', 'in', channels)
    .execute()
  return new Map(
    rows.flatMap(({ channel, stay_id: stayId, owner, known }) => {
      if (stayId === null) return []
      return [[channel, { stayId, owner: owner ?? undefined, isTaken: owner === null && known !== null }] as const]
    }),
  )
}

/** The referrals and runs that were of others, for stays that turned out to be of these patients. */
export async function loopsMovedTo(db: Kysely<FeedTables>, patients: Patients): Promise<string[]> {
  if (Array.isArray(patients) && patients.length === 0) return []
  const rows = await db
    .selectFrom('loop')
    .innerJoin('stay_owner', 'stay_owner.stay_id', 'loop.stay_id')
    .where('stay_owner.patient_id', 'in', patients)
    .whereRef('loop.patient_id', '!=', 'stay_owner.patient_id')
    .select('loop.channel')
    .execute()
  return rows.map(({ channel }) => channel)
}
/** Ids, or a query for them. */
type Patients = OperandValueExpressionOrList<FeedTables, 'stay_owner', 'patient_id'>

/** The entries of what was asked for a stay, before a position, as of the patient whose stay it now is. */
export async function entriesAskedFor(db: Kysely<FeedTables>, stayId: string, before: number): Promise<Heard[]> {
  const rows = await db
    .selectFrom('loop')
    .innerJoin('feed_channel', 'feed_channel.channel', 'loop.channel')
    .innerJoin('feed_entry', 'feed_entry.position', 'feed_channel.position')
    .where('loop.stay_id', '=', stayId)
    .where('feed_channel.position', '<', before)
    .select(['feed_channel.position', 'feed_entry.entry'])
    .orderBy('feed_channel.position')
    .execute()
  const entries = rows.map(({ position, entry }) => ({
    position,
    // The projection wrote it from an entry.
    entry: JSON.parse(entry) as ChannelEntry,
    text: entry,
  }))
  return ofOwners(
    db,
    entries.filter(({ entry }) => entry.kind === 'loop'),
  )
}

/**
 * What was asked for a stay goes where the stay goes: entries name the patient whose stay it now is. Of a patient who was
 * forgotten nothing goes anywhere.
 */
export async function ofOwners(db: Kysely<FeedTables>, entries: readonly Heard[]): Promise<Heard[]> {
  const channelIn = ({ entry }: Heard) => (entry.kind === 'loop' ? loopChannelOf(entry) : undefined)
  const loops = await loopsIn(db, [...new Set(entries.flatMap((heard) => channelIn(heard) ?? []))])
  const moved = (heard: Heard) => {
    const owner = loops.get(channelIn(heard) ?? '')?.owner
    return owner === undefined || !('patientId' in heard.entry) || heard.entry.patientId === owner ? undefined : owner
  }
  const gone = entries.filter(moved).flatMap(({ entry }) => patientsIn(entry))
  const forgotten = await forgottenAmong(db, [...new Set(gone)])
  return entries.flatMap((heard) => {
    const owner = moved(heard)
    if (owner === undefined) return [heard]
    if (patientsIn(heard.entry).some((id) => forgotten.has(id))) return []
    const entry = { ...heard.entry, patientId: PatientId.parse(owner) }
    return [{ ...heard, entry, text: JSON.stringify(entry) }]
  })
}

/** The referrals and runs of these patients. */
export async function loopsOf(db: Kysely<FeedTables>, patientIds: readonly string[]): Promise<string[]> {
  const rows = await db.selectFrom('loop').select('channel').where('patient_id', 'in', patientIds).execute()
  return rows.map(({ channel }) => channel)
}

/** What an actor may follow of it: all, as who asks and as who has a step; as one of those asked, what is for that one. */
export function shareOf(actor: Actor, parties: readonly Party[]): 'whole' | 'own' | undefined {
  const names = queuesOf(actor)
  const own = parties.filter(({ recipient }) => names.includes(recipient))
  if (own.length === 0) return undefined
  return own.some(({ part }) => part !== 'receives') ? 'whole' : 'own'
}

/** Whether an entry is of everybody who was asked, or of this one. */
export function isForReceiver(entry: ChannelEntry, actor: Actor): boolean {
  if (!('recipient' in entry) || entry.recipient === undefined) return true
  return queuesOf(actor).includes(entry.recipient) || ('by' in entry && entry.by === actor.id)
}
