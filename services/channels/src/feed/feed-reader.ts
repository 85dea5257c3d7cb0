import type { PathwayEntry } from '@relais/contracts/pathway'
import { type Kysely, sql } from 'kysely'
import { isOpen, presentStays } from '../domain/stay-history.ts'
import type { FeedTables } from '../projections/channel-feed.ts'
import type { Channel } from './channel.ts'

/** An entry, where it stands in the log, and the JSON text that every subscriber is sent. */
export type Heard = { position: number; entry: PathwayEntry; text: string }
export type CircleChange = { memberId: string; role: string; position: number; joined: boolean }

export type FeedReader = {
  /** The next entries that may concern a channel, in log order. A ward's may hold some of other wards. */
  after(channel: Channel, position: number, limit: number): Promise<Heard[]>
  /** What a channel begins with for whoever has no cursor, up to a position: entries of stays that are open. */
  state(channel: Channel, until: number): Promise<Heard[]>
  /** Everything heard of these stays, by stay. */
  histories(stayIds: readonly string[]): Promise<ReadonlyMap<string, readonly Heard[]>>
  /** Who joined and left the circles of these patients, in log order, by patient. */
  circleChanges(patientIds: readonly string[]): Promise<ReadonlyMap<string, readonly CircleChange[]>>
}

export function feedReader(db: Kysely<FeedTables>): FeedReader {
  const entries = () =>
    db.selectFrom('feed_entry').select(['feed_entry.position', 'feed_entry.entry']).orderBy('feed_entry.position')
  const everyEntry = () => entries().where('feed_entry.channel', 'like', 'patient/%')

  const ofChannel = (channel: Channel) => {
    switch (channel.kind) {
      case 'patient':
        return entries().where('feed_entry.channel', '=', channel.name)
      case 'ward': {
        const stays = db
          .selectFrom('feed_entry as named')
          .select('named.stay_id')
          .where('named.channel', '=', channel.name)
        return everyEntry().where('feed_entry.stay_id', 'in', stays)
      }
      case 'circle': {
        const feeds = db
          .selectFrom('circle_change')
          .select(sql<string>`'patient/' || circle_change.patient_id`.as('feed'))
          .where('circle_change.member_id', '=', channel.memberId)
        return entries().where('feed_entry.channel', 'in', feeds)
      }
    }
  }

  return {
    async after(channel, position, limit) {
      const rows = await ofChannel(channel).where('feed_entry.position', '>', position).limit(limit).execute()
      return rows.map(heard)
    },
    async state(channel, until) {
      const upTo = ofChannel(channel).where('feed_entry.position', '<=', until)
      if (channel.kind === 'patient') return ofStays(presentStays, (await upTo.execute()).map(heard))
      const undischarged = upTo
        .where('feed_entry.stay_id', 'is not', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('stay_movement')
                .select('stay_movement.kind')
                .whereRef('stay_movement.patient_id', '=', 'feed_entry.patient_id')
                .whereRef('stay_movement.stay_id', '=', 'feed_entry.stay_id')
                .where('stay_movement.kind', '=', 'discharge'),
            ),
          ),
        )
      return ofStays(openStays, (await undischarged.execute()).map(heard))
    },
    async histories(stayIds) {
      if (stayIds.length === 0) return new Map()
      const rows = await everyEntry().where('feed_entry.stay_id', 'in', stayIds).execute()
      return Map.groupBy(rows.map(heard), ({ entry }) => String(entry.stayId))
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
