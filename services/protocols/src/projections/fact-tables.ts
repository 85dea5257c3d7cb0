import {
  absenceRows,
  absenceTables,
  type AbsenceTables,
  standInRows,
  standInTables,
  type StandInTables,
} from '@relais/access/absences'
import { type DeathTables, deathTables } from '@relais/access/deaths'
import { type LinkTables, linkTables } from '@relais/access/links'
import { type AccessTables, accessTables } from '@relais/access/facts'
import { type AbsenceEvent, isAbsenceEvent } from '@relais/contracts/absences'
import type { CircleEvent, PatientEvent } from '@relais/contracts/patients'
import { movementKinds, type StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'

/** What conditions and owners are decided on, beside the facts about access. */
export const factTables = {
  stay_standing: {
    columns: { stay_id: 'text', patient_id: 'text', revision: 'integer', standing: 'text' },
    key: ['stay_id'],
    indexes: [['patient_id']],
  },
  /** The arrivals at an emergency department that stand. */
  emergency_entry: {
    columns: { stay_id: 'text', movement_id: 'text' },
    key: ['stay_id', 'movement_id'],
  },
  /** Which document says who a patient is: the age is read from it, and kept nowhere else. */
  patient_identity: {
    columns: { patient_id: 'text', document_id: 'text', reported_at: 'text' },
    key: ['patient_id'],
  },
  ...absenceTables,
  ...standInTables,
  ...deathTables,
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type FactTables = AccessTables &
  AbsenceTables &
  StandInTables &
  DeathTables & {
    stay_standing: { stay_id: string; patient_id: string; revision: number; standing: string }
    emergency_entry: { stay_id: string; movement_id: string }
    patient_identity: { patient_id: string; document_id: string; reported_at: string }
  }

/** The rows of one person that are looked at, and by which column they are found. */
export const personColumns = {
  stay_standing: 'patient_id',
  emergency_entry: 'stay_id',
  patient_identity: 'patient_id',
  circle_member: 'patient_id',
  circle_departure: 'patient_id',
  patient_link: 'patient_id',
  stand_in: 'patient_id',
  absence: 'professional_id',
  death_report: 'patient_id',
} as const satisfies Partial<Record<keyof FactTables, string>>

export const personTables = {
  ...factTables,
  circle_member: accessTables.circle_member,
  circle_departure: accessTables.circle_departure,
  ...linkTables,
} satisfies Record<keyof typeof personColumns, Table>
export type PersonTables = Pick<FactTables, keyof typeof personColumns> & LinkTables

/** What an event changes in `factTables`, from the event alone. */
export function factRows({
  event,
  revision,
}: Pick<Decoded<StayEvent | PatientEvent | CircleEvent | AbsenceEvent>, 'event' | 'revision'>): RowOperation[] {
  if (event && isAbsenceEvent(event)) return [...absenceRows(event)]
  switch (event?.type) {
    case 'MemberJoined':
    case 'MemberLeft':
      return [...standInRows(event)]
    case 'StandingChanged': {
      const { stayId, patientId, standing } = event.data
      const row = { stay_id: stayId, patient_id: patientId, revision, standing: JSON.stringify(standing) }
      return [upsert('stay_standing', row)]
    }
    case 'IdentityRecorded': {
      const { patientId, identity, reportedAt } = event.data
      const row = { patient_id: patientId, document_id: identity.documentId, reported_at: reportedAt }
      return [upsert('patient_identity', row)]
    }
    case 'MovementWithdrawn':
      return [remove('emergency_entry', entryKey(event.data))]
    case 'PatientRegistered':
    case 'PatientAdmitted':
    case 'MovementCorrected':
      return entryRows(event)
    default:
      return []
  }
}

type Arrival = Extract<StayEvent, { type: 'PatientRegistered' | 'PatientAdmitted' | 'MovementCorrected' }>

function entryRows({ type, data }: Arrival): RowOperation[] {
  const kind = type === 'MovementCorrected' ? data.kind : movementKinds[type]
  if (kind !== 'registration' && kind !== 'admission') return []
  const key = entryKey({ ...data, movementId: data.movement.movementId })
  return [data.movement.patientClass === 'E' ? upsert('emergency_entry', key) : remove('emergency_entry', key)]
}

function entryKey({ stayId, movementId }: { stayId: string; movementId: string }) {
  return { stay_id: stayId, movement_id: movementId }
}
