import { type Link, linksAround, personIn, type Person } from '@relais/access/links'
import type { Database } from '@relais/database/database'
import { DatabaseUnavailable } from '@relais/database/errors'
import type { RunningProjection } from '@relais/projections/projection'
import type { PatientsTables } from './projections/patient-records.ts'

export type LinkViewDeps = {
  database: Database<PatientsTables>
  view: Pick<RunningProjection, 'reaches' | 'status'>
}
export type LinkView = ReturnType<typeof linkView>

const SLOWEST_VIEW_MILLISECONDS = 5000

/** What the view says of links, once it has seen everything that was written of them here before. */
export function linkView({ database, view }: LinkViewDeps) {
  let last: number | undefined

  async function around(ids: readonly string[]): Promise<Link[]> {
    const hasSeen =
      view.status().hasCaughtUp && (last === undefined || (await view.reaches(last, SLOWEST_VIEW_MILLISECONDS)))
    if (!hasSeen) throw new DatabaseUnavailable('The view of the links is not that far yet')
    return linksAround(database.db, ids)
  }

  return {
    around,
    person: async (patientId: string): Promise<Person> => personIn(await around([patientId]), patientId),
    /** Whether something that was said of links of these patients waits for a person to decide. */
    async isDoubted(ids: readonly string[]): Promise<boolean> {
      const about = database.db.selectFrom('link_doubt').select('message_id')
      const row = await about
        .where(({ or, eb }) => or([eb('patient_id', 'in', ids), eb('other_id', 'in', ids)]))
        .executeTakeFirst()
      return row !== undefined
    },
    wrote(position: number | undefined): void {
      last = Math.max(last ?? 0, position ?? 0)
    },
  }
}
