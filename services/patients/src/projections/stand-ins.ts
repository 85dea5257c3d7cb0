import {
  absenceRows,
  absenceTables,
  type AbsenceTables,
  standInRows,
  standInTables,
  type StandInTables,
} from '@relais/access/absences'
import { type AbsenceEvent, isAbsenceEvent } from '@relais/contracts/absences'
import type { CircleEvent } from '@relais/contracts/patients'
import type { Projection } from '@relais/projections/projection'

export type AbsentTables = AbsenceTables & StandInTables

/** Who is away, and who is in which circle because of that. */
export const standIns: Projection<AbsenceEvent | CircleEvent> = {
  name: 'stand-ins-1',
  tables: { ...absenceTables, ...standInTables },
  rows: ({ event }) => (event ? (isAbsenceEvent(event) ? absenceRows(event) : standInRows(event)) : []),
}
