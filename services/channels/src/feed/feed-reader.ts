import type { PathwayEntry } from '@relais/contracts/pathway'
import { type Kysely, sql } from 'kysely'
import { isOpen, presentStays } from '../domain/stay-history.ts'
import type { FeedTables } from '../projections/channel-feed.ts'
import type { Channel } from './channel.ts'

/** An entry, where it stands in the log, and the JSON text that every subscriber is sent. */
export type Heard = { position: number; entry: PathwayEntry; text: string }
export type CircleChange = { memberId: string; role: string; position: number; joined: boolean }

export type FeedReader = {
  /** The next entries of a channel, in log order. A circle's include those of its former patients. */
  after(channel: Channel, position: number, limit: number): Promise<Heard[]>
  /** What a channel begins with for whoever has no cursor, up to a position: entries of stays that are open. */
  state(channel: Channel, until: number): Promise<Heard[]>
  /** Who joined and left the circles of these patients, in log order, by patient. */
  circleChanges(patientIds: readonly string[]): Promise<ReadonlyMap<string, readonly CircleChange[]>>
}

export function feedReader(db: Kysely<FeedTables>): FeedReader {
  const entries = () =>
    db
      .selectFrom('feed_channel')
      .innerJoin('feed_entry', 'feed_entry.position', 'feed_channel.position')
      .select(['feed_channel.position', 'feed_entry.entry'])
      .orderBy('feed_channel.position')
  const patientsOf = (memberId: string) =>
    db.selectFrom('circle_change').where('circle_change.member_id', '=', memberId)

  const ofChannel = (channel: Channel) => {
    if (channel.kind !== 'circle') return entries().where('feed_channel.channel', '=', channel.name)
    const feed = sql<string>`'patient/' || circle_change.patient_id`.as('feed')
    return entries().where('feed_channel.channel', 'in', patientsOf(channel.memberId).select(feed))
  }
  const openStaysOf = (channel: Exclude<Channel, { kind: 'patient' }>) => {
    if (channel.kind === 'ward') return openStaysIn(db, channel.name)
    const patients = patientsOf(channel.memberId).select('circle_change.patient_id')
    const stays = db.selectFrom('movement').where('movement.patient_id', 'in', patients).select('movement.stay_id')
    return stays.where(({ not, exists }) => not(exists(dischargeOf(db, 'movement'))))
  }

  return {
    async after(channel, position, limit) {
      const rows = await ofChannel(channel).where('feed_channel.position', '>', position).limit(limit).execute()
      return rows.map(heard)
    },
    async state(channel, until) {
      const upTo = ofChannel(channel).where('feed_channel.position', '<=', until)
      if (channel.kind === 'patient') return ofStays(presentStays, (await upTo.execute()).map(heard))
      const rows = await upTo.where('feed_channel.stay_id', 'in', openStaysOf(channel)).execute()
      return rows.map(heard)
    },
    async circleChanges(patientIds) {
      if (patientIds.length === 0) return new Map()
      const query = db.selectFrom('circle_change').selectAll().where('patient_id', 'in', patientIds)
      const rows = await query.orderBy('position').execute()
      return new Map(
        [...Map.groupBy(rows, (row) => row.patient_id)].map(([patientId, changes]) => [patientId, changes.map(change)]),
      )
    },
  }
}

/** The discharge of a stay, if it stands: withdrawn movements are no longer there. */
function dischargeOf(db: Kysely<FeedTables>, stay: string) {
  const discharges = db.selectFrom('movement as discharge').where('discharge.kind', '=', 'discharge')
  return discharges
    .where('discharge.stay_id', '=', sql<string>`${sql.ref(`${stay}.stay_id`)}`)
    .select('discharge.stay_id')
}

/** The open stays that a ward held last, by when their movements happened, whatever the order they were heard of. */
function openStaysIn(db: Kysely<FeedTables>, ward: string) {
  const laterPlace = db
    .selectFrom('movement_ward as there')
    .innerJoin('movement as later', (join) =>
      join.onRef('later.stay_id', '=', 'there.stay_id').onRef('later.movement_id', '=', 'there.movement_id'),
    )
    .where('there.stay_id', '=', sql<string>`${sql.ref('here.stay_id')}`)
    .where(sql<boolean>`(there.effective_at, later.position) > (here.effective_at, movement.position)`)
    .select('there.ward')
  return db
    .selectFrom('movement_ward as here')
    .innerJoin('movement', (join) =>
      join.onRef('movement.stay_id', '=', 'here.stay_id').onRef('movement.movement_id', '=', 'here.movement_id'),
    )
    .where('here.ward', '=', ward)
    .where(({ not, exists }) => not(exists(dischargeOf(db, 'here'))))
    .where(({ not, exists }) => not(exists(laterPlace)))
    .select('here.stay_id')
}

/** The entries of the stays that `choose` picks. */
export function ofStays(
  choose: (entries: readonly PathwayEntry[]) => ReadonlySet<string>,
  history: readonly Heard[],
): Heard[] {
  const chosen = choose(history.map(({ entry }) => entry))
  return history.filter(({ entry }) => entry.stayId !== undefined && chosen.has(entry.stayId))
}

export function openStays(entries: readonly PathwayEntry[]): ReadonlySet<string> {
  const histories = Map.groupBy(entries, ({ stayId }) => stayId ?? '')
  return new Set([...histories].filter(([, history]) => isOpen(history)).map(([stayId]) => stayId))
}

function heard({ position, entry }: { position: number; entry: string }): Heard {
  // The projection wrote it from an entry.
  return { position, entry: JSON.parse(entry) as PathwayEntry, text: entry }
}

function change({ member_id, role, position, joined }: FeedTables['circle_change']): CircleChange {
  return { memberId: member_id, role, position, joined: joined === 1 }
}
