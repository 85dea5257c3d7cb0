import { accessRows, accessTables } from '@relais/access/facts'
import type { CircleEvent, PatientEvent } from '@relais/contracts/patients'
import type { StayEvent } from '@relais/contracts/stays'
import { type Projection, upsert } from '@relais/projections/projection'

/** Which document says who a patient is, and the facts that decide who may read it. */
export const patientRecords: Projection<PatientEvent | StayEvent | CircleEvent> = {
  name: 'patient-records-1',
  tables: {
    ...accessTables,
    patient_identity: { columns: { patient_id: 'text', document_id: 'text' }, key: ['patient_id'] },
  },
  rows: (decoded) => {
    const { event } = decoded
    if (event?.type !== 'IdentityRecorded') return accessRows(decoded)
    const row = { patient_id: event.data.patientId, document_id: event.data.identity.documentId }
    return [upsert('patient_identity', row)]
  },
}
