import type { Standing } from './standing.ts'

const transfers: ReadonlySet<string | undefined> = new Set(['6', '7'])
/** ZFM-4: hospitals. Not hospital care at home (6), a nursing home (7) or nurses at home (8). */
const hospitals: ReadonlySet<string | undefined> = new Set(['1', '2', '3', '4', '5', 'R', 'U'])

/** Whether a patient has gone on to another hospital, or is to: nobody is to follow that up, nor to prepare a return. */
export function isElsewhere({ discharge, plannedDischarge }: Standing): boolean {
  const said = discharge ?? plannedDischarge
  return transfers.has(said?.exitMode) && hospitals.has(said?.destinationKind)
}
