import type { AbsenceEvent } from '@relais/contracts/absences'
import type { CircleEvent } from '@relais/contracts/patients'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'

/** Who is away now, and who stands in. Nobody stands in for whoever has no row. */
export const absenceTables = {
  absence: {
    columns: { professional_id: 'text', absence_id: 'text', replacement: 'text' },
    key: ['professional_id', 'absence_id'],
    indexes: [['replacement']],
  },
} as const satisfies Record<string, Table>

/** Who is in a circle because somebody else is away. */
export const standInTables = {
  stand_in: {
    columns: { patient_id: 'text', member_id: 'text', replaces: 'text' },
    key: ['patient_id', 'member_id'],
    indexes: [['member_id']],
  },
} as const satisfies Record<string, Table>

/** The same tables, for a query. */
export type AbsenceTables = { absence: { professional_id: string; absence_id: string; replacement: string } }
export type StandInTables = { stand_in: { patient_id: string; member_id: string; replaces: string } }

/** What an event changes in `absenceTables`, from the event alone. */
export function absenceRows({ type, data }: AbsenceEvent): readonly RowOperation[] {
  const key = { professional_id: data.professionalId, absence_id: data.absenceId }
  switch (type) {
    case 'AbsenceBegan':
      return data.replacement === undefined
        ? [remove('absence', key)]
        : [upsert('absence', { ...key, replacement: data.replacement })]
    case 'AbsenceEnded':
      return [remove('absence', key)]
    case 'AbsenceDeclared':
    case 'AbsenceWithdrawn':
      return []
  }
}

/** What an event changes in `standInTables`, from the event alone. */
export function standInRows({ type, data }: CircleEvent): readonly RowOperation[] {
  if (type === 'PatientDisowned' || data.role !== 'remplacant') return []
  const key = { patient_id: data.patientId, member_id: data.memberId }
  if (type === 'MemberLeft' || data.replaces === undefined) return [remove('stand_in', key)]
  return [upsert('stand_in', { ...key, replaces: data.replaces })]
}
