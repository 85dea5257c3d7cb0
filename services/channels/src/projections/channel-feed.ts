import { accessRows, accessTables, type AccessTables } from '@relais/access/facts'
import { pathwayEntry, type PathwayEntry } from '@relais/contracts/pathway'
import type { CircleEvent } from '@relais/contracts/patients'
import type { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { type Projection, type RowOperation, upsert } from '@relais/projections/projection'
import { wardsConcerned } from '../domain/stay-history.ts'

export type FeedEvent = StayEvent | CircleEvent

export type FeedTables = AccessTables & {
  feed_entry: {
    channel: string
    position: number
    entry_id: string
    patient_id: string
    stay_id: string | null
    entry: string
    recorded_at: string
  }
  circle_change: { patient_id: string; member_id: string; role: string; position: number; joined: number }
}

/** What channels replay, who was in which circle from where to where, and the facts that decide who may see it. */
export const channelFeed: Projection<FeedEvent> = {
  name: 'channel-feed-1',
  tables: {
    ...accessTables,
    feed_entry: {
      columns: {
        channel: 'text',
        position: 'integer',
        entry_id: 'text',
        patient_id: 'text',
        stay_id: 'text?',
        entry: 'text',
        recorded_at: 'text',
      },
      key: ['channel', 'position'],
    },
    circle_change: {
      columns: { patient_id: 'text', member_id: 'text', role: 'text', position: 'integer', joined: 'integer' },
      key: ['patient_id', 'position'],
      indexes: [['member_id']],
    },
  },
  rows: (decoded) => {
    const entry = entryOf(decoded)
    if (!entry) return accessRows(decoded)
    return [...accessRows(decoded), ...feedRows(entry, decoded.position), ...circleRows(entry, decoded.position)]
  },
}

/** What the event is on a channel; `undefined` for what has no entry, and for a patient who was forgotten. */
export function entryOf({ id, metadata, event }: Decoded<FeedEvent>): PathwayEntry | undefined {
  return event && pathwayEntry(event, { entryId: id, recordedAt: metadata.recordedAt })
}

function feedRows(entry: PathwayEntry, position: number): RowOperation[] {
  const row = {
    position,
    entry_id: entry.entryId,
    patient_id: entry.patientId,
    stay_id: entry.stayId ?? null,
    entry: JSON.stringify(entry),
    recorded_at: entry.recordedAt,
  }
  const channels = [`patient/${entry.patientId}`, ...wardsConcerned(entry)]
  return channels.map((channel) => upsert('feed_entry', { ...row, channel }))
}

function circleRows({ kind, member, patientId }: PathwayEntry, position: number): RowOperation[] {
  if (!member) return []
  const joined = kind === 'circleJoined' ? 1 : 0
  const { memberId, role } = member
  return [upsert('circle_change', { patient_id: patientId, member_id: memberId, role, position, joined })]
}
