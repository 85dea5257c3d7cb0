import type { PathwayStay } from '@relais/contracts/pathway'

const ranks = { present: 0, onLeave: 0, expected: 1, discharged: 2, withdrawn: 3 } as const

const sinceOf = ({ placeSince, arrivedAt, expectedAt, dischargedAt }: PathwayStay) =>
  dischargedAt ?? placeSince ?? arrivedAt ?? expectedAt ?? ''

/**
 * The stay that says where somebody is: the one that lasts, else the next one, else the last one. Of several that last, the
 * one that began last: who is at the emergency department came there from elsewhere.
 */
export function tellingStay(stays: readonly PathwayStay[]): PathwayStay | undefined {
  return stays
    .filter(({ status }) => status !== 'withdrawn')
    .toSorted((a, b) => ranks[a.status] - ranks[b.status] || nearer(a, b))[0]
}

/** The next one first of those that are expected, the last one first of all others. */
function nearer(a: PathwayStay, b: PathwayStay): number {
  const order = sinceOf(a) < sinceOf(b) ? -1 : Number(sinceOf(a) > sinceOf(b))
  return a.status === 'expected' ? order : -order
}
