import { accessRows, accessTables, type AccessTables } from '@relais/access/facts'
import { pathwayEntry, type PathwayEntry } from '@relais/contracts/pathway'
import type { CircleEvent } from '@relais/contracts/patients'
import type { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { type Projection, remove, type RowOperation, upsert } from '@relais/projections/projection'
import { wardName, wardsConcerned } from '../domain/stay-history.ts'

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
  ward_stay: { ward: string; stay_id: string; patient_id: string }
}

/**
 * What channels replay, who was in which circle from where to where, which stays are in which ward, and the facts that
 * decide who may see it.
 */
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
      indexes: [['stay_id', 'channel']],
    },
    circle_change: {
      columns: { patient_id: 'text', member_id: 'text', role: 'text', position: 'integer', joined: 'integer' },
      key: ['patient_id', 'position'],
      indexes: [['member_id']],
    },
    ward_stay: { columns: { ward: 'text', stay_id: 'text', patient_id: 'text' }, key: ['ward', 'stay_id'] },
  },
  rows: (decoded) => {
    const entry = entryOf(decoded)
    if (!entry) return accessRows(decoded)
    const { position } = decoded
    return [...accessRows(decoded), ...feedRows(entry, position), ...circleRows(entry, position), ...wardRows(entry)]
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

/** The stay is where it was last said to be; a movement out, or one in that is withdrawn, takes it away. */
function wardRows(entry: PathwayEntry): RowOperation[] {
  const { kind, movementKind, stayId, patientId, wards, leaving = [], returning = [], changed = [] } = entry
  const hasMoved = kind !== 'correction' || changed.some((field) => WARD_FIELDS.has(field))
  if (stayId === undefined || !hasMoved) return []
  const isPresent = (kind === 'withdrawal') === (movementKind === 'discharge')
  const place = (ward: { facility: string; code: string }) => ({ ward: wardName(ward), stay_id: stayId })
  const present = [...(isPresent ? wards : []), ...returning]
  return [
    ...[...leaving, ...(isPresent ? [] : wards)].map((ward) => remove('ward_stay', place(ward))),
    ...present.map((ward) => upsert('ward_stay', { ...place(ward), patient_id: patientId })),
  ]
}

/** Other corrections do not bring a patient back to a ward left since. */
const WARD_FIELDS: ReadonlySet<string> = new Set(['medicalWard', 'careWard', 'facility'])
