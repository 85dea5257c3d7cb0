import type { AbsenceEvent, AbsenceId } from '@relais/contracts/absences'
import {
  clearDeadline,
  deadlineIdOf,
  deadlineTables,
  type DeadlineTables,
  setDeadline,
} from '@relais/deadlines/deadline'
import { type Projection, remove, type RowOperation, upsert } from '@relais/projections/projection'

export type AbsenceViewTables = DeadlineTables & {
  declared_absence: {
    absence_id: string
    professional_id: string
    from_at: string
    to_at: string
    replacement: string | null
  }
}

/** What the deadlines of an absence are called: each is about a professional. */
export const BEGIN = 'beginAbsence'
export const END = 'endAbsence'

/** Who is, or will be, away, and when that begins and ends. */
export const absences: Projection<AbsenceEvent> = {
  name: 'absences-1',
  tables: {
    ...deadlineTables,
    declared_absence: {
      columns: { absence_id: 'text', professional_id: 'text', from_at: 'text', to_at: 'text', replacement: 'text?' },
      key: ['professional_id', 'absence_id'],
      indexes: [['absence_id'], ['professional_id', 'from_at']],
    },
  },
  rows: ({ event }) => (event ? rowsOf(event) : []),
}

function rowsOf({ type, data }: AbsenceEvent): RowOperation[] {
  const { absenceId, professionalId } = data
  switch (type) {
    case 'AbsenceDeclared': {
      const { from, to, replacement = null } = data
      const row = { absence_id: absenceId, professional_id: professionalId, from_at: from, to_at: to, replacement }
      return [upsert('declared_absence', row), at(from, BEGIN, data), at(to, END, data)]
    }
    case 'AbsenceBegan':
      return [clear(BEGIN, data)]
    case 'AbsenceEnded':
      return [clear(BEGIN, data), clear(END, data)]
    case 'AbsenceWithdrawn': {
      const key = { absence_id: absenceId, professional_id: professionalId }
      return [remove('declared_absence', key), clear(BEGIN, data), clear(END, data)]
    }
  }
}

type Named = { absenceId: AbsenceId; professionalId: string }
const idOf = (kind: string, { absenceId, professionalId }: Named) => deadlineIdOf(kind, professionalId, absenceId)
const clear = (kind: string, named: Named) => clearDeadline(idOf(kind, named))

function at(dueAt: string, kind: string, named: Named): RowOperation {
  const { absenceId, professionalId: subject } = named
  return setDeadline({ deadlineId: idOf(kind, named), kind, subject, dueAt, detail: { absenceId } })
}
