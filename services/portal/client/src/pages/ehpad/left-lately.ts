import type { EhpadBoardRow, InboxItem, StayItem } from '@relais/contracts/boards'
import { compare } from './board-sections.ts'

const SHOWN_MILLISECONDS = 36 * 3_600_000

export const isStayItem = (item: InboxItem): item is StayItem => item.kind === 'stay'

export type Left = { row: EhpadBoardRow; item: StayItem }
export type LeftLately = {
  /** In the last day and a half: on the road, or just back. */
  recent: Left[]
  /** Before, and nobody of the house has said that it was heard. */
  unconfirmed: Left[]
}

/**
 * Residents whom the hospital says it has discharged, the last one first, each once: the board has them in the house from
 * that moment on, when they may be on the road for hours.
 */
export function leftLately(rows: readonly EhpadBoardRow[], told: readonly InboxItem[], now: number): LeftLately {
  const byPatient = new Map(rows.flatMap((row) => (row.patientId === undefined ? [] : [[row.patientId, row] as const])))
  const left = told
    .filter(isStayItem)
    .flatMap((item): Left[] => {
      const row = byPatient.get(item.patientId)
      return row?.place === 'present' && isHome(item) ? [{ row, item }] : []
    })
    .toSorted(byTime)
  // What is said of a stay is over once the next one is: of each resident the last one stays.
  const lasts = [...new Map(left.map((each) => [each.row.residentId, each])).values()].toSorted(byTime).toReversed()
  const isRecent = ({ item }: Left) => Date.parse(leftAt(item)) > now - SHOWN_MILLISECONDS
  return {
    recent: lasts.filter(isRecent),
    unconfirmed: lasts.filter((each) => !isRecent(each) && each.item.status === 'open'),
  }
}

const byTime = (one: Left, other: Left) => compare(leftAt(one.item), leftAt(other.item))

export const leftAt = ({ standing, happenedAt }: StayItem) => standing.dischargedAt ?? happenedAt

/** Has left the hospital for the house: after a consultation nobody was away. */
function isHome({ standing: { status, died, patientClass } }: StayItem): boolean {
  return status === 'discharged' && !died && (patientClass === 'I' || patientClass === 'E')
}
