import type { NoticeEvent, NoticeNature } from '@relais/contracts/notices'
import { CircleRole } from '@relais/contracts/patients'
import type { Misdirection } from '@relais/contracts/notice-routes'
import type { StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import { isOpen, wardName } from '../domain/stay-history.ts'
import type { FeedEvent } from './feed-codecs.ts'

/** Who is in which circle since when, how stays stand, who was told of them, and what came back. */
export const noticeTables = {
  notice_member: {
    columns: { patient_id: 'text', member_id: 'text', role: 'text', position: 'integer' },
    key: ['patient_id', 'member_id', 'role'],
  },
  stay_standing: {
    columns: {
      stay_id: 'text',
      patient_id: 'text',
      revision: 'integer',
      happened_at: 'text',
      confidential: 'integer',
      /** Expected, present or on leave; the wards that answer for medicine and for care. */
      is_open: 'integer',
      medical_ward: 'text?',
      care_ward: 'text?',
      position: 'integer',
      standing: 'text',
    },
    key: ['stay_id'],
    indexes: [['patient_id'], ['medical_ward', 'is_open'], ['care_ward', 'is_open']],
  },
  /** From where to where in the log a stay was open. */
  standing_change: {
    columns: { stay_id: 'text', position: 'integer', is_open: 'integer' },
    key: ['stay_id', 'position'],
  },
  told: {
    columns: {
      stay_id: 'text',
      recipient: 'text',
      role: 'text',
      patient_id: 'text',
      notice_id: 'text',
      revision: 'integer',
      nature: 'text',
      standing: 'text',
      position: 'integer',
    },
    key: ['stay_id', 'recipient'],
    indexes: [['recipient']],
  },
  /** `stay_id` is empty for what is asked of somebody. */
  sent_notice: {
    columns: { recipient: 'text', position: 'integer', notice_id: 'text', stay_id: 'text', patient_id: 'text' },
    key: ['recipient', 'position'],
  },
  notice_receipt: { columns: { notice_id: 'text', receipt: 'text' }, key: ['notice_id', 'receipt'] },
  /** Whoever said that this is no patient of theirs is sent nothing that was written before. */
  returned: {
    columns: { patient_id: 'text', recipient: 'text', position: 'integer' },
    key: ['patient_id', 'recipient'],
  },
  misdirection: {
    columns: {
      notice_id: 'text',
      patient_id: 'text',
      facility: 'text',
      returned_at: 'text',
      misdirection: 'text',
    },
    key: ['notice_id'],
    indexes: [['facility', 'returned_at']],
  },
  misdirection_ward: { columns: { notice_id: 'text', ward: 'text' }, key: ['notice_id', 'ward'] },
  misdirection_closed: {
    columns: { notice_id: 'text', by: 'text', at: 'text', outcome: 'text' },
    key: ['notice_id'],
  },
  /** Of whom nothing is shown any more. Their rows stay until the view is built again. */
  forgotten_patient: { columns: { patient_id: 'text' }, key: ['patient_id'] },
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type NoticeTables = {
  notice_member: { patient_id: string; member_id: string; role: string; position: number }
  stay_standing: {
    stay_id: string
    patient_id: string
    revision: number
    happened_at: string
    confidential: number
    is_open: number
    medical_ward: string | null
    care_ward: string | null
    position: number
    standing: string
  }
  standing_change: { stay_id: string; position: number; is_open: number }
  told: {
    stay_id: string
    recipient: string
    role: string
    patient_id: string
    notice_id: string
    revision: number
    nature: NoticeNature
    standing: string
    position: number
  }
  sent_notice: { recipient: string; position: number; notice_id: string; stay_id: string; patient_id: string }
  notice_receipt: { notice_id: string; receipt: string }
  returned: { patient_id: string; recipient: string; position: number }
  misdirection: {
    notice_id: string
    patient_id: string
    facility: string
    returned_at: string
    misdirection: string
  }
  misdirection_ward: { notice_id: string; ward: string }
  misdirection_closed: { notice_id: string; by: string; at: string; outcome: string }
  forgotten_patient: { patient_id: string }
}

/** What an event changes in `noticeTables`, from the event alone. */
export function noticeRows(decoded: Decoded<FeedEvent>): readonly RowOperation[] {
  const { event, position, revision } = decoded
  switch (event?.type) {
    case 'MemberJoined':
      return [upsert('notice_member', { ...memberKey(event.data), role: event.data.role, position })]
    case 'MemberLeft':
      return [remove('notice_member', { ...memberKey(event.data), role: event.data.role })]
    case 'StandingChanged':
      return standingRows(event.data, { position, revision })
    case 'NoticeSent':
      return sentRows(event.data, position)
    case 'WorkNoticeSent': {
      const { noticeId, recipient, patientId } = event.data
      return [upsert('sent_notice', { recipient, position, notice_id: noticeId, stay_id: '', patient_id: patientId })]
    }
    case 'NoticeDelivered':
      return [upsert('notice_receipt', { notice_id: event.data.noticeId, receipt: 'delivered' })]
    case 'NoticeRead':
      return [upsert('notice_receipt', { notice_id: event.data.noticeId, receipt: 'read' })]
    case 'NoticeActedUpon':
      return [upsert('notice_receipt', { notice_id: event.data.noticeId, receipt: 'acted' })]
    case 'NoticeReturned':
      return returnedRows(event.data, position)
    case 'MisdirectionClosed': {
      const { noticeId, by, closedAt, outcome } = event.data
      return [upsert('misdirection_closed', { notice_id: noticeId, by, at: closedAt, outcome })]
    }
    case 'PatientForgotten':
      return [upsert('forgotten_patient', { patient_id: event.data.patientId })]
    default:
      return []
  }
}

type Data<Type extends NoticeEvent['type']> = Extract<NoticeEvent, { type: Type }>['data']

function standingRows(
  { stayId, patientId, happenedAt, standing }: Extract<StayEvent, { type: 'StandingChanged' }>['data'],
  { position, revision }: { position: number; revision: number },
): RowOperation[] {
  const key = { stay_id: stayId, position, is_open: isOpen(standing) ? 1 : 0 }
  const answering = (kind: 'medical' | 'care') => {
    const ward = standing.wards.find(({ responsibility }) => responsibility === kind || responsibility === 'both')
    return ward ? wardName(ward) : null
  }
  const row = { ...key, patient_id: patientId, revision, happened_at: happenedAt }
  const places = { medical_ward: answering('medical'), care_ward: answering('care') }
  const confidential = standing.confidential ? 1 : 0
  return [
    upsert('stay_standing', { ...row, ...places, confidential, standing: JSON.stringify(standing) }),
    upsert('standing_change', key),
  ]
}

function sentRows(data: Data<'NoticeSent'>, position: number): RowOperation[] {
  const { noticeId, stayId, patientId, recipient, role, revision, nature, standing } = data
  const key = { stay_id: stayId, recipient }
  const told = { ...key, role, patient_id: patientId, notice_id: noticeId, revision, nature, position }
  return [
    upsert('told', { ...told, standing: JSON.stringify(standing) }),
    upsert('sent_notice', { ...key, position, notice_id: noticeId, patient_id: patientId }),
  ]
}

/**
 * "Not my patient": whatever the roles of who says so, they are over. The circles of the other ids of the person are left
 * to `membersInForce`, which knows for how long these are one; what was sent of them before is not shown any more.
 */
function returnedRows(data: Data<'NoticeReturned'>, position: number): RowOperation[] {
  const { noticeId, patientId, alsoOf, stayId, recipient, role, facility, wards, by, returnedAt } = data
  const subject = { noticeId, patientId, stayId, recipient, role }
  const misdirection = JSON.stringify({ ...subject, facility, wards, by, returnedAt } satisfies Misdirection)
  return [
    ...CircleRole.options.map((each) =>
      remove('notice_member', { patient_id: patientId, member_id: recipient, role: each }),
    ),
    ...[patientId, ...alsoOf].map((patient_id) => upsert('returned', { patient_id, recipient, position })),
    upsert('misdirection', {
      notice_id: noticeId,
      patient_id: patientId,
      facility,
      returned_at: returnedAt,
      misdirection,
    }),
    ...wards.map((ward) => upsert('misdirection_ward', { notice_id: noticeId, ward: wardName(ward) })),
  ]
}

function memberKey({ patientId, memberId }: { patientId: string; memberId: string }) {
  return { patient_id: patientId, member_id: memberId }
}
