import { type RowOperation, type Table, upsert } from '@relais/projections/projection'
import type { Decoded } from '@relais/event-store/codec'
import { personColumns } from './fact-tables.ts'
import type { RunViewEvent } from './run-view-event.ts'

/** What the facts were made of, so that a dry run begins with them as they stood when its period did. */
export const pastTables = {
  /** What an event changed of what is known of a person, or of absences, in the order of the log. */
  fact_change: {
    columns: { subject: 'text', position: 'integer', change: 'text' },
    key: ['subject', 'position'],
  },
  /** Where on its own stream a stay said how it stood, and of whom it was. */
  standing_change: {
    columns: { stay_id: 'text', position: 'integer', patient_id: 'text', revision: 'integer' },
    key: ['stay_id', 'position'],
    indexes: [['patient_id']],
  },
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type PastTables = {
  fact_change: { subject: string; position: number; change: string }
  standing_change: { stay_id: string; position: number; patient_id: string; revision: number }
}

/** What an event adds to `pastTables`, given what it changes in the others. */
export function pastRows(
  { event, position, revision }: Decoded<RunViewEvent>,
  operations: readonly RowOperation[],
): RowOperation[] {
  if (event === undefined) return []
  if (event.type === 'StandingChanged') {
    const { stayId: stay_id, patientId: patient_id } = event.data
    return [upsert('standing_change', { stay_id, position, patient_id, revision })]
  }
  const facts = operations.filter(({ table }) => table in personColumns)
  if (facts.length === 0) return []
  const change = JSON.stringify(facts)
  return subjectsOf(event).map((subject) => upsert('fact_change', { subject, position, change }))
}

/** Of whom a fact is: both of those who are linked; an absence is of the directory. */
function subjectsOf({ data }: RunViewEvent): string[] {
  if ('keyOwner' in data) return [data.keyOwner]
  return 'otherId' in data && data.otherId !== undefined ? [data.patientId, data.otherId] : [data.patientId]
}
