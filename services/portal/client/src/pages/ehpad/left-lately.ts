import type { EhpadBoardRow, InboxItem, StayItem } from '@relais/contracts/boards'
import { compare } from './board-sections.ts'

const SHOWN_MILLISECONDS = 36 * 3_600_000

export const isStayItem = (item: InboxItem): item is StayItem => item.kind === 'stay'

export type Left = { row: EhpadBoardRow; item: StayItem }

/**
 * Residents whom the hospital says it has discharged, the last one first: the board has them in the house from that moment
 * on, when they may be on the road for hours. Shown for a day and a half, and as long as nobody said that it was heard.
 */
export function leftLately(rows: readonly EhpadBoardRow[], told: readonly InboxItem[], now: number): Left[] {
  const byPatient = new Map(rows.flatMap((row) => (row.patientId === undefined ? [] : [[row.patientId, row] as const])))
  return told
    .filter(isStayItem)
    .flatMap((item): Left[] => {
      const { standing, status, patientId } = item
      const row = byPatient.get(patientId)
      if (standing.status !== 'discharged' || standing.died || row?.place !== 'present') return []
      const isRecent = Date.parse(standing.dischargedAt ?? item.happenedAt) > now - SHOWN_MILLISECONDS
      const isHome = standing.patientClass === 'I' || standing.patientClass === 'E'
      return isHome && (isRecent || status === 'open') ? [{ row, item }] : []
    })
    .toSorted((one, other) => compare(other.item.happenedAt, one.item.happenedAt))
}
