import { deathRows, deathTables, type DeathTables } from '@relais/access/deaths'
import { accessRows, accessTables, type AccessTables } from '@relais/access/facts'
import { type DeathEvent, isDeathEvent } from '@relais/contracts/deaths'
import type { ResidentEvent, ResidentMatchEvent } from '@relais/contracts/residents'
import type { Standing } from '@relais/contracts/standing'
import type { Decoded } from '@relais/event-store/codec'
import { type Projection, remove, type RowOperation, upsert } from '@relais/projections/projection'
import { boardOrder, inboxOrder, newestFirst } from '../domain/board-order.ts'
import type { BoardEvent, OwnBoardEvent as OwnEvent } from './read-events.ts'
import { unreadByBoards } from './unread.ts'
import { isOfLoop, toldRows, workItemRows, workTables, type WorkTables } from './work-items.ts'

type OwnTables = {
  inbox_item: {
    recipient: string
    stay_id: string
    patient_id: string
    role: string
    notice_id: string
    nature: string
    happened_at: string
    sent_at: string
    standing: string
    changed: string
    position: number
    recent_order: string
  }
  /** What was not acted upon yet: an inbox holds far more that was. */
  open_item: { notice_id: string; recipient: string; stay_id: string; due_order: string }
  notice_receipt: { notice_id: string; receipt: string; by: string; at: string; action: string | null }
  returned_patient: { recipient: string; patient_id: string; position: number }
  board_stay: {
    stay_id: string
    patient_id: string
    medical_ward: string | null
    care_ward: string | null
    awaited_ward: string | null
    ends_at: string
    is_current: number
    confidential: number
    board_order: string
    standing: string
  }
  resident: { resident_id: string; ehpad: string; entered_at: string }
  resident_room: { resident_id: string; room: string }
  resident_match: { resident_id: string; patient_id: string }
}
export type BoardTables = AccessTables & DeathTables & WorkTables & OwnTables

/** After every instant: a stay that has not ended. */
export const NOT_ENDED = '9999'

/**
 * How stays stand, for wards; what each recipient was last told of each, and is asked, for inboxes; who lives where, and who has died, for EHPAD, and the
 * facts that decide what they may see. Each row is written whole by the event that changes it.
 */
export const boards: Projection<BoardEvent> = {
  name: 'boards-3',
  unread: unreadByBoards,
  tables: {
    ...accessTables,
    ...deathTables,
    ...workTables,
    inbox_item: {
      columns: {
        recipient: 'text',
        stay_id: 'text',
        patient_id: 'text',
        role: 'text',
        notice_id: 'text',
        nature: 'text',
        happened_at: 'text',
        sent_at: 'text',
        standing: 'text',
        changed: 'text',
        position: 'integer',
        recent_order: 'text',
      },
      key: ['recipient', 'stay_id'],
      indexes: [['recipient', 'recent_order', 'stay_id'], ['stay_id']],
    },
    open_item: {
      columns: { notice_id: 'text', recipient: 'text', stay_id: 'text', due_order: 'text' },
      key: ['notice_id'],
      indexes: [['recipient', 'due_order', 'stay_id']],
    },
    notice_receipt: {
      columns: { notice_id: 'text', receipt: 'text', by: 'text', at: 'text', action: 'text?' },
      key: ['notice_id', 'receipt'],
    },
    returned_patient: {
      columns: { recipient: 'text', patient_id: 'text', position: 'integer' },
      key: ['recipient', 'patient_id'],
    },
    board_stay: {
      columns: {
        stay_id: 'text',
        patient_id: 'text',
        medical_ward: 'text?',
        care_ward: 'text?',
        awaited_ward: 'text?',
        ends_at: 'text',
        is_current: 'integer',
        confidential: 'integer',
        board_order: 'text',
        standing: 'text',
      },
      key: ['stay_id'],
      indexes: [
        ['medical_ward', 'ends_at'],
        ['care_ward', 'ends_at'],
        ['awaited_ward', 'ends_at'],
        ['patient_id', 'is_current'],
      ],
    },
    resident: {
      columns: { resident_id: 'text', ehpad: 'text', entered_at: 'text' },
      key: ['resident_id'],
      indexes: [['ehpad', 'resident_id']],
    },
    resident_room: { columns: { resident_id: 'text', room: 'text' }, key: ['resident_id'] },
    /** A resident may be known under several numbers of one person. */
    resident_match: { columns: { resident_id: 'text', patient_id: 'text' }, key: ['resident_id', 'patient_id'] },
  },
  rows: ({ event, ...recorded }) => {
    if (event === undefined) return []
    if (isOfLoop(event)) return event.type === 'WorkGiven' ? workItemRows(event, recorded) : []
    if (isDeathEvent(event)) return deathRows(event)
    return [...accessRows({ ...recorded, event }), ...rowsOf(event, recorded)]
  },
}

/** A ward code means something only inside its facility. */
export function wardKey({ facility, code }: { facility: string; code: string }): string {
  return `${facility}:${code}`
}

type StayOrRegisterEvent = Exclude<OwnEvent, DeathEvent>
type Recorded = Pick<Decoded<unknown>, 'position' | 'metadata'>

function rowsOf(event: StayOrRegisterEvent, { position, metadata }: Recorded): readonly RowOperation[] {
  switch (event.type) {
    case 'StandingChanged':
      return [stayRow(event.data)]
    case 'NoticeSent':
      return [...itemRows(event.data, position), ...toldRows(event, metadata.$correlationId)]
    case 'WorkNoticeSent':
      return toldRows(event, metadata.$correlationId)
    case 'NoticeDelivered':
      return [receiptRow(event.data, 'delivered', event.data.deliveredAt)]
    case 'NoticeRead':
      return [receiptRow(event.data, 'read', event.data.readAt)]
    case 'NoticeActedUpon':
      return [
        receiptRow(event.data, 'acted', event.data.actedAt),
        remove('open_item', { notice_id: event.data.noticeId }),
      ]
    case 'NoticeReturned': {
      const { recipient, patientId, alsoOf, returnedAt } = event.data
      const patients = [patientId, ...alsoOf]
      return [
        receiptRow(event.data, 'returned', returnedAt),
        remove('open_item', { notice_id: event.data.noticeId }),
        ...patients.map((patient_id) => upsert('returned_patient', { recipient, patient_id, position })),
      ]
    }
    default:
      return isOfRegister(event) ? residentRows(event) : []
  }
}

const isOfRegister = (event: StayOrRegisterEvent): event is ResidentEvent | ResidentMatchEvent =>
  'residentId' in event.data

type Data<Type extends OwnEvent['type']> = Extract<OwnEvent, { type: Type }>['data']

function stayRow({ stayId, patientId, standing }: Data<'StandingChanged'>): RowOperation {
  const { status, wards, plannedTransfer, confidential, dischargedAt = NOT_ENDED } = standing
  const isThere = status !== 'withdrawn'
  const wardOf = (kind: 'medical' | 'care') => {
    const ward = wards.find(({ responsibility }) => responsibility === kind || responsibility === 'both')
    return isThere && ward ? wardKey(ward) : null
  }
  const [awaited] = isThere ? (plannedTransfer?.wards ?? []) : []
  const isCurrent = isThere && (status !== 'discharged' || standing.died)
  return upsert('board_stay', {
    stay_id: stayId,
    patient_id: patientId,
    medical_ward: wardOf('medical'),
    care_ward: wardOf('care'),
    awaited_ward: awaited && status !== 'discharged' ? wardKey(awaited) : null,
    ends_at: status === 'discharged' ? dischargedAt : NOT_ENDED,
    is_current: isCurrent ? 1 : 0,
    confidential: confidential ? 1 : 0,
    board_order: boardOrder(standing),
    standing: JSON.stringify(standing satisfies Standing),
  })
}

function itemRows(data: Data<'NoticeSent'>, position: number): RowOperation[] {
  const { recipient, stayId, patientId, role, noticeId, nature, happenedAt, sentAt, standing, changed } = data
  const subject = { recipient, stay_id: stayId, notice_id: noticeId }
  const item = upsert('inbox_item', {
    ...subject,
    patient_id: patientId,
    role,
    nature,
    happened_at: happenedAt,
    sent_at: sentAt,
    position,
    standing: JSON.stringify(standing),
    changed: JSON.stringify(changed),
    recent_order: newestFirst(sentAt),
  })
  const replaced = data.replaces === undefined ? [] : [remove('open_item', { notice_id: data.replaces })]
  return [item, ...replaced, upsert('open_item', { ...subject, due_order: inboxOrder(data) })]
}

type Receipt = { noticeId: string; by: string; action?: string }

function receiptRow({ noticeId, by, action }: Receipt, receipt: string, at: string): RowOperation {
  return upsert('notice_receipt', { notice_id: noticeId, receipt, by, at, action: action ?? null })
}

function residentRows({ type, data }: ResidentEvent | ResidentMatchEvent): readonly RowOperation[] {
  const resident_id = data.residentId
  switch (type) {
    case 'ResidentEntered': {
      const { ehpad, enteredAt, room } = data
      return [
        upsert('resident', { resident_id, ehpad, entered_at: enteredAt }),
        room === undefined ? remove('resident_room', { resident_id }) : upsert('resident_room', { resident_id, room }),
      ]
    }
    case 'ResidentMoved':
      return [upsert('resident_room', { resident_id, room: data.room })]
    case 'ResidentLeft':
      return [remove('resident', { resident_id }), remove('resident_room', { resident_id })]
    case 'ResidentMatched':
      return [upsert('resident_match', { resident_id, patient_id: data.patientId })]
    case 'ResidentUnmatched':
      return [remove('resident_match', { resident_id, patient_id: data.patientId })]
    case 'ResidentIdentityChanged':
    case 'ResidentMatchDoubted':
    case 'ResidentDoubtCleared':
      return []
  }
}
