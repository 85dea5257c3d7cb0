import { queuesOf } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import type { ChannelEntry } from '@relais/contracts/channel-entries'
import type { Kysely } from 'kysely'
import type { FeedTables } from '../projections/channel-feed.ts'

/** Somebody who asks, or is asked, in a referral or in the run of a protocol. */
export type Party = { recipient: string; part: string }
/** The stay that a referral or a run is of, and whose that stay is now. */
export type KnownLoop = { stayId: string; owner: string | undefined }

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
    .select(['loop.channel', 'loop.stay_id', 'stay_owner.patient_id as owner'])
    .where('loop.channel', 'in', channels)
    .execute()
  return new Map(
    rows.flatMap(({ channel, stay_id: stayId, owner }) =>
      stayId === null ? [] : [[channel, { stayId, owner: owner ?? undefined }] as const],
    ),
  )
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
