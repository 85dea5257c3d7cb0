import { workKey } from '@relais/contracts/work'
import { deathRows, deathTables, type DeathTables } from '@relais/access/deaths'
import { accessRows, accessTables, type AccessTables } from '@relais/access/facts'
import { threadEntry } from '@relais/contracts/conversation-entries'
import {
  type ChannelEntry,
  isPathwayEntry,
  linkEntry,
  noticeEntry,
  residentEntry,
} from '@relais/contracts/channel-entries'
import { referralEntry, runEntry } from '@relais/contracts/loop-entries'
import { isDeathEvent } from '@relais/contracts/deaths'
import { isNoticeEvent } from '@relais/contracts/notices'
import { pathwayEntry, type PathwayEntry, restatedEntries } from '@relais/contracts/pathway'
import { isLinkEvent } from '@relais/contracts/patients'
import { isReferralEvent } from '@relais/contracts/referrals'
import type { ResidentEvent, ResidentMatchEvent } from '@relais/contracts/residents'
import { isSessionEvent } from '@relais/contracts/sessions'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { Decoded } from '@relais/event-store/codec'
import { type Projection, type RowOperation, upsert } from '@relais/projections/projection'
import { keptIn, stayOf, workOf } from '../domain/entry-channels.ts'
import { type FeedEvent, type ToldInThreads, unreadByChannels } from './feed-codecs.ts'
import { loopRows, loopTables, type LoopTables } from './loop-tables.ts'
import { noticeRows, noticeTables, type NoticeTables } from './notice-tables.ts'

export type { FeedEvent } from './feed-codecs.ts'

export type FeedTables = AccessTables &
  DeathTables &
  NoticeTables &
  LoopTables & {
    feed_entry: { position: number; entry: string }
    feed_channel: { channel: string; position: number; stay_id: string | null; work: string | null }
    circle_change: { patient_id: string; member_id: string; role: string; position: number; joined: number }
  }

/**
 * What channels replay, who was in which circle from where to where, how stays stand, who has died, and the facts that decide who may
 * see it.
 */
export const channelFeed: Projection<FeedEvent> = {
  name: 'channel-feed-3',
  unread: unreadByChannels,
  tables: {
    ...accessTables,
    ...deathTables,
    ...noticeTables,
    ...loopTables,
    feed_entry: { columns: { position: 'integer', entry: 'text' }, key: ['position'] },
    feed_channel: {
      columns: { channel: 'text', position: 'integer', stay_id: 'text?', work: 'text?' },
      key: ['channel', 'position'],
      indexes: [
        ['stay_id', 'channel'],
        ['work', 'channel'],
      ],
    },
    circle_change: {
      columns: { patient_id: 'text', member_id: 'text', role: 'text', position: 'integer', joined: 'integer' },
      key: ['patient_id', 'position'],
      indexes: [['member_id']],
    },
  },
  rows: (decoded) => {
    const known = [...accessOf(decoded), ...noticeRows(decoded), ...loopRows(decoded)]
    const entry = entryOf(decoded)
    if (!entry) return known
    const { position } = decoded
    const kept = [...known, ...feedRows(entry, position, restatedIn(decoded))]
    return isPathwayEntry(entry) ? [...kept, ...circleRows(entry, position)] : kept
  },
}

function accessOf({ event, ...recorded }: Decoded<FeedEvent>): readonly RowOperation[] {
  if (event === undefined || isSessionEvent(event)) return []
  if (isDeathEvent(event)) return deathRows(event)
  const isBeside = isReferralEvent(event) || isRunEvent(event) || isToldInThreads(event)
  return isBeside ? [] : accessRows({ ...recorded, event })
}

/** What the event is on a channel; `undefined` for what has no entry, and for a patient who was forgotten. */
export function entryOf({ id, metadata, event }: Decoded<FeedEvent>): ChannelEntry | undefined {
  const recorded = { entryId: id, recordedAt: metadata.recordedAt }
  if (event === undefined || event.type === 'PatientForgotten' || isSessionEvent(event)) return undefined
  if (isNoticeEvent(event)) return noticeEntry(event, recorded)
  if (isOfRegister(event)) return residentEntry(event, recorded)
  if (isReferralEvent(event)) return referralEntry(event, recorded)
  if (isRunEvent(event)) return runEntry(event, recorded)
  if (isToldInThreads(event)) return threadEntry(event, recorded)
  return isLinkEvent(event) ? linkEntry(event, recorded) : pathwayEntry(event, recorded)
}

const isRunEvent = (event: FeedEvent): event is RunEvent => 'runId' in event.data
const isToldInThreads = (event: FeedEvent): event is ToldInThreads =>
  'threadId' in event.data || 'digestId' in event.data
const isOfRegister = (event: { data: object }): event is ResidentEvent | ResidentMatchEvent =>
  'residentId' in event.data

function restatedIn({ event }: Decoded<FeedEvent>): PathwayEntry[] {
  return event?.type === 'StayMovedToPatient' ? restatedEntries(event) : []
}

/** What a stay took along to another patient is kept with the entry that says so. */
function feedRows(entry: ChannelEntry, position: number, restated: readonly PathwayEntry[]): RowOperation[] {
  const asked = workOf(entry)
  const about = { stay_id: stayOf(entry) ?? null, work: asked ? workKey(asked) : null }
  const kept = restated.length > 0 ? { ...entry, restated } : entry
  return [
    upsert('feed_entry', { position, entry: JSON.stringify(kept) }),
    ...[...keptIn(entry)].map((channel) => upsert('feed_channel', { channel, position, ...about })),
  ]
}

function circleRows({ kind, member, patientId }: PathwayEntry, position: number): RowOperation[] {
  if (!member) return []
  const joined = kind === 'circleJoined' ? 1 : 0
  const { memberId, role } = member
  return [upsert('circle_change', { patient_id: patientId, member_id: memberId, role, position, joined })]
}
