import { type DeathEvent, deathSource } from '@relais/contracts/deaths'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import type { Kysely } from 'kysely'

/** The deaths that are said, beside those of stays: by whom, so that one who takes it back takes back nothing else. */
export const deathTables = {
  death_report: {
    columns: { patient_id: 'text', source: 'text', died_at: 'text?' },
    key: ['patient_id', 'source'],
  },
} satisfies Record<string, Table>

/** The same table, for a query. */
export type DeathTables = { death_report: { patient_id: string; source: string; died_at: string | null } }

/** What an event changes in `deathTables`, from the event alone. */
export function deathRows(event: DeathEvent): RowOperation[] {
  const key = { patient_id: event.data.patientId, source: deathSource(event.data) }
  if (event.type === 'DeathDenied') return [remove('death_report', key)]
  return [upsert('death_report', { ...key, died_at: event.data.diedAt ?? null })]
}

/** What is said of the death of any of these patients; nothing where nobody says that they died. */
export function deathsOf(db: Kysely<DeathTables>, patientIds: readonly string[]) {
  if (patientIds.length === 0) return Promise.resolve([])
  const said = db.selectFrom('death_report').select(['patient_id', 'died_at']).where('patient_id', 'in', patientIds)
  return said.orderBy('patient_id').orderBy('source').execute()
}
