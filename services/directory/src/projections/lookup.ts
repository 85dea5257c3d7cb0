import { FacilityDetails, type OnCallScope, ProfessionalDetails, WardDetails } from '@relais/contracts/directory'
import { OnCallPeriod } from '@relais/contracts/directory-routes'
import type { ProfessionalId } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import type { DirectoryTables } from './directory.ts'

/** A facility and its wards in the order of their codes, closed or not. */
export async function loadFacility({ db }: Database<DirectoryTables>, finess: string) {
  const found = await db
    .selectFrom('facility')
    .leftJoin('facility_closure', 'facility_closure.finess', 'facility.finess')
    .select(['facility.details', 'facility_closure.closed_at'])
    .where('facility.finess', '=', finess)
    .executeTakeFirst()
  if (!found) return undefined
  const wards = await db.selectFrom('ward').selectAll().where('finess', '=', finess).orderBy('code').execute()
  return {
    finess,
    ...FacilityDetails.parse(JSON.parse(found.details)),
    ...(found.closed_at === null ? {} : { closedAt: found.closed_at }),
    wards: wards.map(({ code, details }) => ({ code, ...WardDetails.parse(JSON.parse(details)) })),
  }
}

/** A professional, without who said what. */
export async function loadProfessional({ db }: Database<DirectoryTables>, professionalId: ProfessionalId) {
  const query = db.selectFrom('professional').select('details').where('professional_id', '=', professionalId)
  const found = await query.executeTakeFirst()
  return found && { professionalId, ...ProfessionalDetails.parse(JSON.parse(found.details)) }
}

const MOST_PERIODS = 100

/** The periods that cover an instant; their end is no longer covered. */
export async function loadOnCall({ db }: Database<DirectoryTables>, scope: OnCallScope, at: string) {
  const rows = await db
    .selectFrom('on_call')
    .select('details')
    .where('scope', '=', scope)
    .where('to_at', '>', at)
    .where('from_at', '<=', at)
    .orderBy('from_at')
    .orderBy('on_call_id')
    .limit(MOST_PERIODS)
    .execute()
  return rows.map(({ details }) => OnCallPeriod.parse(JSON.parse(details)))
}
