import type { ReceiverStatus } from '@relais/contracts/referral-views'
import type { ReferralEvent } from '@relais/contracts/referrals'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'

/**
 * What each box holds, and what each referral is made of. A row is written whole by the event that changes it: hence one
 * table for how far a recipient has come, and others for what is said beside that.
 */
export const boxTables = {
  /** Every fact but what was asked of whom, which boxes hold as it was last said. */
  referral_fact: {
    columns: { referral_id: 'text', position: 'integer', event: 'text' },
    key: ['referral_id', 'position'],
  },
  referral_card: { columns: { referral_id: 'text', card: 'text' }, key: ['referral_id'] },
  open_referral: {
    columns: { referral_id: 'text', patient_id: 'text', stay_id: 'text?' },
    key: ['referral_id'],
    indexes: [['patient_id'], ['stay_id']],
  },
  sent_item: {
    columns: { recipient: 'text', referral_id: 'text', patient_id: 'text', is_open: 'integer', box_order: 'text' },
    key: ['recipient', 'referral_id'],
    indexes: [['recipient', 'is_open', 'box_order', 'referral_id']],
  },
  received_item: {
    columns: {
      recipient: 'text',
      referral_id: 'text',
      patient_id: 'text',
      is_open: 'integer',
      box_order: 'text',
      work: 'text',
    },
    key: ['recipient', 'referral_id'],
    indexes: [['recipient', 'is_open', 'box_order', 'referral_id']],
  },
  receiver_status: {
    columns: { referral_id: 'text', recipient: 'text', status: 'text', since: 'text' },
    key: ['referral_id', 'recipient'],
  },
  receiver_taken: {
    columns: { referral_id: 'text', recipient: 'text', taken_for: 'text' },
    key: ['referral_id', 'recipient'],
  },
  /** It reached a device of the recipient. */
  receiver_reached: { columns: { referral_id: 'text', recipient: 'text' }, key: ['referral_id', 'recipient'] },
  open_question: {
    columns: { referral_id: 'text', question_id: 'text', recipient: 'text' },
    key: ['referral_id', 'question_id'],
  },
} satisfies Record<string, Table>

type Item = { recipient: string; referral_id: string; patient_id: string; is_open: number; box_order: string }
/** The same tables, for a query. */
export type BoxTables = {
  referral_fact: { referral_id: string; position: number; event: string }
  referral_card: { referral_id: string; card: string }
  open_referral: { referral_id: string; patient_id: string; stay_id: string | null }
  sent_item: Item
  received_item: Item & { work: string }
  receiver_status: { referral_id: string; recipient: string; status: string; since: string }
  receiver_taken: { referral_id: string; recipient: string; taken_for: string }
  receiver_reached: { referral_id: string; recipient: string }
  open_question: { referral_id: string; question_id: string; recipient: string }
}

/** After every instant: nothing is due. */
const NEVER = '9999'

type Data<Type extends ReferralEvent['type']> = Extract<ReferralEvent, { type: Type }>['data']
/** What boxes say of every referral in them. */
export type Card = Pick<
  Data<'ReferralRequested'>,
  'kind' | 'urgency' | 'title' | 'requestedAt' | 'answerBy' | 'patientId' | 'stayId'
> & { told: readonly string[] }

/** What an event changes in `boxTables`, from the event alone. */
export function boxRows(event: ReferralEvent, position: number): RowOperation[] {
  if (event.type === 'WorkGiven') return workRows(event.data)
  const { referralId: referral_id } = event.data
  const fact = upsert('referral_fact', { referral_id, position, event: JSON.stringify(event) })
  return [fact, ...changeRows(event)]
}

function changeRows(event: Exclude<ReferralEvent, { type: 'WorkGiven' }>): RowOperation[] {
  const { type, data } = event
  switch (type) {
    case 'ReferralRequested':
      return requestedRows(data)
    case 'ReferralTaken':
      return [upsert('receiver_taken', { ...keyOf(data), taken_for: data.for })]
    case 'ReferralReleased':
      return [remove('receiver_taken', keyOf(data))]
    case 'InformationAsked':
      return [upsert('open_question', { ...questionKey(data), recipient: data.recipient })]
    case 'InformationGiven':
      return [remove('open_question', questionKey(data))]
    case 'ReferralClosed':
      return endedRows(data, data.closedAt)
    case 'ReferralCancelled':
      return endedRows(data, data.cancelledAt)
    default:
      return statusRows(event)
  }
}

function statusRows(event: ReferralEvent): RowOperation[] {
  switch (event.type) {
    case 'ReceiverAsked':
      return [statusRow(event.data, 'sent', event.data.askedAt)]
    case 'ReferralAccepted':
      return [statusRow(event.data, 'accepted', event.data.acceptedAt)]
    case 'ReferralDeclined':
      return [statusRow(event.data, 'declined', event.data.declinedAt)]
    case 'ReferralRedirected':
      return [statusRow(event.data, 'redirected', event.data.redirectedAt)]
    case 'AppointmentScheduled':
      return [statusRow(event.data, 'scheduled', event.data.scheduledAt)]
    case 'NoShowRecorded':
      return [statusRow(event.data, 'noShow', event.data.notedAt)]
    case 'PatientSeen':
      return [statusRow(event.data, 'seen', event.data.seenAt)]
    case 'ReferralAnswered':
      return [statusRow(event.data, 'answered', event.data.answeredAt)]
    case 'ReceiverStoodDown': {
      const { because, stoodDownAt } = event.data
      return [statusRow(event.data, because === 'cancelled' ? 'cancelled' : 'closed', stoodDownAt)]
    }
    default:
      return []
  }
}

type Named = { referralId: string; recipient: string }
const keyOf = ({ referralId, recipient }: Named) => ({ referral_id: referralId, recipient })
const questionKey = ({ referralId, questionId }: Data<'InformationAsked'> | Data<'InformationGiven'>) => ({
  referral_id: referralId,
  question_id: questionId,
})

function statusRow(data: Named, status: ReceiverStatus, since: string): RowOperation {
  return upsert('receiver_status', { ...keyOf(data), status, since })
}

function requestedRows(data: Data<'ReferralRequested'>): RowOperation[] {
  const { referralId: referral_id, patientId: patient_id, stayId, from } = data
  const { kind, urgency, title, requestedAt, answerBy, patientId } = data
  const stay = stayId ? { stayId } : {}
  const card: Card = { kind, urgency, title, requestedAt, answerBy, patientId, ...stay, told: from.told }
  const item = { referral_id, patient_id, is_open: 1, box_order: answerBy }
  return [
    upsert('referral_card', { referral_id, card: JSON.stringify(card) }),
    upsert('open_referral', { referral_id, patient_id, stay_id: stayId ?? null }),
    ...from.told.map((recipient) => upsert('sent_item', { ...item, recipient })),
  ]
}

function endedRows({ referralId, patientId, from }: Data<'ReferralClosed' | 'ReferralCancelled'>, at: string) {
  const referral_id = referralId
  const item = { referral_id, patient_id: patientId, is_open: 0, box_order: at }
  return [
    remove('open_referral', { referral_id }),
    ...from.told.map((recipient) => upsert('sent_item', { ...item, recipient })),
  ]
}

/** What is expected of who was asked. Of the requester, `sent_item` says enough. */
function workRows({ referralId, patientId, party, work, happenedAt }: Data<'WorkGiven'>): RowOperation[] {
  if (party === 'requester') return []
  const isOpen = work.state === 'open'
  return [
    upsert('received_item', {
      recipient: work.recipient,
      referral_id: referralId,
      patient_id: patientId,
      is_open: isOpen ? 1 : 0,
      box_order: isOpen ? (work.expected.dueAt ?? NEVER) : happenedAt,
      work: JSON.stringify(work),
    }),
  ]
}
