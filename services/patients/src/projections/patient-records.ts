import { accessRows, accessTables, type AccessTables } from '@relais/access/facts'
import type { NoticeEvent } from '@relais/contracts/notices'
import type { CircleEvent, LinkEvent, PatientEvent } from '@relais/contracts/patients'
import { isReferralEvent, type ReferralEvent } from '@relais/contracts/referrals'
import type { StayEvent } from '@relais/contracts/stays'
import { type Projection, remove, type RowOperation, upsert } from '@relais/projections/projection'
import { askingRows, askingTables, type AskingTables } from './askings.ts'

type Viewed = PatientEvent | StayEvent | CircleEvent | LinkEvent | NoticeEvent | ReferralEvent
export type PatientsTables = AccessTables &
  AskingTables & {
    patient_identity: { patient_id: string; document_id: string; reported_at: string }
    link_doubt: {
      link_id: string
      message_id: string
      patient_id: string
      other_id: string
      asked: string
      doubt: string
      authority: string
      reported_at: string
      doubted_at: string
    }
  }

/** Which document says who a patient is, what is doubted of links, and the facts that decide who may read it. */
export const patientRecords: Projection<Viewed> = {
  name: 'patient-records-2',
  tables: {
    ...accessTables,
    ...askingTables,
    patient_identity: {
      columns: { patient_id: 'text', document_id: 'text', reported_at: 'text' },
      key: ['patient_id'],
    },
    link_doubt: {
      columns: {
        link_id: 'text',
        message_id: 'text',
        patient_id: 'text',
        other_id: 'text',
        asked: 'text',
        doubt: 'text',
        authority: 'text',
        reported_at: 'text',
        doubted_at: 'text',
      },
      key: ['message_id'],
      indexes: [['doubted_at', 'message_id']],
    },
  },
  unread: [
    'WorkGiven',
    'ReferralTaken',
    'ReferralReleased',
    'InformationAsked',
    'InformationGiven',
    'AppointmentScheduled',
    'AppointmentMoved',
    'NoShowRecorded',
    'PatientSeen',
    'ReferralAnswered',
    'ReferralWidened',
    'ReferralEscalated',
    'AnswerOverdue',
    'PromiseKept',
    'PromiseMissed',
  ],
  rows: (decoded) => {
    const { event, metadata } = decoded
    if (event === undefined) return []
    if (isReferralEvent(event)) return askingRows(event)
    switch (event.type) {
      case 'IdentityRecorded': {
        const { patientId, identity, reportedAt } = event.data
        const row = { patient_id: patientId, document_id: identity.documentId, reported_at: reportedAt }
        return [upsert('patient_identity', row)]
      }
      case 'LinkDoubted':
        return [doubted(event.data, metadata.recordedAt)]
      case 'LinkDoubtSettled':
        return [remove('link_doubt', { message_id: event.data.messageId })]
      default:
        return accessRows({ ...decoded, event, metadata })
    }
  },
}

type Doubted = Extract<LinkEvent, { type: 'LinkDoubted' }>['data']

function doubted(data: Doubted, recordedAt: string): RowOperation {
  const { linkId, messageId, patientId, otherId, asked, doubt, authority, reportedAt } = data
  return upsert('link_doubt', {
    link_id: linkId,
    message_id: messageId,
    patient_id: patientId,
    other_id: otherId,
    asked,
    doubt,
    authority,
    reported_at: reportedAt,
    doubted_at: recordedAt,
  })
}
