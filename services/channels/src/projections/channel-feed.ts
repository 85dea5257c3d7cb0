import { accessRows, accessTables, type AccessTables } from '@relais/access/facts'
import { pathwayEntry, type PathwayEntry } from '@relais/contracts/pathway'
import type { CircleEvent } from '@relais/contracts/patients'
import type { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { type Projection, remove, type RowOperation, upsert } from '@relais/projections/projection'
import { wardName, wardsConcerned } from '../domain/stay-history.ts'

export type FeedEvent = StayEvent | CircleEvent

export type FeedTables = AccessTables & {
  feed_entry: { position: number; entry: string }
  feed_channel: { channel: string; position: number; stay_id: string | null }
  circle_change: { patient_id: string; member_id: string; role: string; position: number; joined: number }
  movement: { stay_id: string; movement_id: string; patient_id: string; kind: string; position: number }
  movement_ward: { stay_id: string; movement_id: string; ward: string; effective_at: string }
}

/**
 * What channels replay, who was in which circle from where to where, the movements that stand and the wards they name,
 * and the facts that decide who may see it.
 */
export const channelFeed: Projection<FeedEvent> = {
  name: 'channel-feed-1',
  tables: {
    ...accessTables,
    feed_entry: { columns: { position: 'integer', entry: 'text' }, key: ['position'] },
    feed_channel: {
      columns: { channel: 'text', position: 'integer', stay_id: 'text?' },
      key: ['channel', 'position'],
      indexes: [['stay_id', 'channel']],
    },
    circle_change: {
      columns: { patient_id: 'text', member_id: 'text', role: 'text', position: 'integer', joined: 'integer' },
      key: ['patient_id', 'position'],
      indexes: [['member_id']],
    },
    movement: {
      columns: { stay_id: 'text', movement_id: 'text', patient_id: 'text', kind: 'text', position: 'integer' },
      key: ['stay_id', 'movement_id'],
      indexes: [['patient_id']],
    },
    movement_ward: {
      columns: { stay_id: 'text', movement_id: 'text', ward: 'text', effective_at: 'text' },
      key: ['stay_id', 'movement_id', 'ward'],
      indexes: [['ward']],
    },
  },
  rows: (decoded) => {
    const entry = entryOf(decoded)
    if (!entry) return accessRows(decoded)
    const { position } = decoded
    const rows = [...feedRows(entry, position), ...circleRows(entry, position), ...movementRows(entry, position)]
    return [...accessRows(decoded), ...rows]
  },
}

/** What the event is on a channel; `undefined` for what has no entry, and for a patient who was forgotten. */
export function entryOf({ id, metadata, event }: Decoded<FeedEvent>): PathwayEntry | undefined {
  return event && pathwayEntry(event, { entryId: id, recordedAt: metadata.recordedAt })
}

function feedRows(entry: PathwayEntry, position: number): RowOperation[] {
  const channels = [`patient/${entry.patientId}`, ...wardsConcerned(entry)]
  return [
    upsert('feed_entry', { position, entry: JSON.stringify(entry) }),
    ...channels.map((channel) => upsert('feed_channel', { channel, position, stay_id: entry.stayId ?? null })),
  ]
}

function circleRows({ kind, member, patientId }: PathwayEntry, position: number): RowOperation[] {
  if (!member) return []
  const joined = kind === 'circleJoined' ? 1 : 0
  const { memberId, role } = member
  return [upsert('circle_change', { patient_id: patientId, member_id: memberId, role, position, joined })]
}

/**
 * The movements that stand: each from when it was first heard of, its wards and its time as last said. A correction that
 * came too late changes nothing, nor does it bring back what was withdrawn.
 */
function movementRows(entry: PathwayEntry, position: number): RowOperation[] {
  const { kind, stayId, movementId, movementKind, patientId, happenedAt, wards, leaving = [], changed = [] } = entry
  if (stayId === undefined || movementId === undefined || movementKind === undefined) return []
  const key = { stay_id: stayId, movement_id: movementId }
  const place = (ward: { facility: string; code: string }) => ({ ...key, ward: wardName(ward) })
  const places = wards.map((ward) => upsert('movement_ward', { ...place(ward), effective_at: happenedAt }))
  switch (kind) {
    case 'correction':
      return changed.length > 0 ? [...leaving.map((ward) => remove('movement_ward', place(ward))), ...places] : []
    case 'withdrawal':
      return [remove('movement', key), ...wards.map((ward) => remove('movement_ward', place(ward)))]
    default:
      return [upsert('movement', { ...key, patient_id: patientId, kind: movementKind, position }), ...places]
  }
}
