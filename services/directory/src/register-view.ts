import { peopleOf } from '@relais/access/links'
import { PatientId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { DatabaseUnavailable } from '@relais/database/errors'
import type { RunningProjection } from '@relais/projections/projection'
import { residentsOfPatients, type ResidentTables } from './projections/residents.ts'

type RegisterViewDeps = {
  database: Database<ResidentTables>
  view: Pick<RunningProjection, 'reaches' | 'status'>
}
export type RegisterView = ReturnType<typeof registerView>

const SLOWEST_VIEW_MILLISECONDS = 5000

/** What the view of the registers says of links and of matches. */
export function registerView({ database, view }: RegisterViewDeps) {
  return {
    /** Waits until the view shows everything up to a position. @throws DatabaseUnavailable: try again */
    async seen(position: number): Promise<void> {
      const isThere = view.status().hasCaughtUp && (await view.reaches(position, SLOWEST_VIEW_MILLISECONDS))
      if (!isThere) throw new DatabaseUnavailable('The view of the registers is not that far yet')
    },
    /** All numbers of each person of whom one is among these. */
    async persons(patientIds: Iterable<string>): Promise<PatientId[][]> {
      const ids = [...patientIds]
      const personOf = await peopleOf(database.db, ids)
      const persons = new Set(ids.map((id) => personOf(id).ids.join(' ')))
      return [...persons].map((person) => person.split(' ').map((id) => PatientId.parse(id)))
    },
    residentsOf: (patientIds: readonly string[]) => residentsOfPatients(database, patientIds),
  }
}
