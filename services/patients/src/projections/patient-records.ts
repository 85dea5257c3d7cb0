import { accessRows, accessTables, type AccessTables } from '@relais/access/facts'
import type { NoticeEvent } from '@relais/contracts/notices'
import type { CircleEvent, LinkEvent, PatientEvent } from '@relais/contracts/patients'
import type { StayEvent } from '@relais/contracts/stays'
import { type Projection, remove, type RowOperation, upsert } from '@relais/projections/projection'

export type PatientsTables = AccessTables & {
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
export const patientRecords: Projection<PatientEvent | StayEvent | CircleEvent | LinkEvent | NoticeEvent> = {
  name: 'patient-records-1',
  tables: {
    ...accessTables,
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
  rows: (decoded) => {
    const { event, metadata } = decoded
    switch (event?.type) {
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
        return accessRows(decoded)
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
