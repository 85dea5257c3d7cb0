import type { WardBoardRow } from '@relais/contracts/boards'
import type { LateKind } from './lateness.ts'

export type Group = WardBoardRow['group']
export const groups = ['present', 'onLeave', 'expected', 'left'] as const satisfies readonly Group[]

export type Sorting = 'room' | 'departure' | 'name'
export type Asked = {
  group: Group | 'all'
  /** Only what is late, or only who leaves today. */
  only: 'all' | 'late' | 'leaving'
  search: string
  sorting: Sorting
}
/** A row with what is found out about it. */
export type Seen = { row: WardBoardRow; name: string; late: readonly LateKind[] }

/** Numbers in rooms count as numbers, and one who has no room comes last. */
const natural = new Intl.Collator('fr', { numeric: true, sensitivity: 'base' })

/** The rows that are asked for, in their order. */
export function askedRows(seen: readonly Seen[], asked: Asked, today: { from: number; to: number }): Seen[] {
  const words = plain(asked.search).split(' ').filter(Boolean)
  const found = seen
    .filter(({ row }) => asked.group === 'all' || row.group === asked.group)
    .filter((one) => asked.only !== 'late' || one.late.length > 0)
    .filter(({ row }) => asked.only !== 'leaving' || leavesIn(row, today))
    .filter((one) => words.every((word) => plain(textOf(one)).includes(word)))
  return found.toSorted(orders[asked.sorting])
}

/** How many there are of each, whatever is asked for. */
export function countRows(seen: readonly Seen[], today: { from: number; to: number }) {
  const of = (group: Group) => seen.filter(({ row }) => row.group === group).length
  return {
    present: of('present'),
    onLeave: of('onLeave'),
    expected: of('expected'),
    left: of('left'),
    late: seen.filter(({ late }) => late.length > 0).length,
    leaving: seen.filter(({ row }) => leavesIn(row, today)).length,
  }
}

/**
 * The rows as they are shown while somebody is about to press one: who was there stays in place and in the same list, who is
 * new comes last.
 */
export function heldRows(
  held: readonly { stayId: string; group: Group }[],
  rows: readonly Seen[],
): (Seen & { group: Group })[] {
  const places = new Map(held.map(({ stayId, group }, index) => [stayId, { index, group }]))
  return rows
    .map((one) => ({ ...one, group: places.get(one.row.stayId)?.group ?? one.row.group }))
    .toSorted((a, b) => placeIn(a) - placeIn(b))

  function placeIn({ row }: Seen): number {
    return places.get(row.stayId)?.index ?? held.length
  }
}

function leavesIn({ group, departureAt }: WardBoardRow, { to }: { to: number }): boolean {
  if ((group !== 'present' && group !== 'onLeave') || departureAt === undefined) return false
  // One that is overdue is still to be seen to today.
  return Date.parse(departureAt) < to
}

function textOf({ name, row: { standing } }: Seen): string {
  return `${name} ${standing.room ?? ''} ${standing.bed ?? ''}`
}

/** Without accents nor capitals, as one types in a hurry. */
function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

const byRoom = (a: Seen, b: Seen) =>
  Number(isUnplaced(a)) - Number(isUnplaced(b)) ||
  natural.compare(placeOf(a), placeOf(b)) ||
  natural.compare(a.name, b.name)
const orders: Record<Sorting, (a: Seen, b: Seen) => number> = {
  room: byRoom,
  name: (a, b) => natural.compare(a.name, b.name) || byRoom(a, b),
  departure: (a, b) => departureOf(a) - departureOf(b) || byRoom(a, b),
}
const isUnplaced = ({ row: { standing } }: Seen) => standing.room === undefined && standing.bed === undefined
const placeOf = ({ row: { standing } }: Seen) => `${standing.room ?? ''} ${standing.bed ?? ''}`
/** Of whom nothing is planned, after all others. */
const departureOf = ({ row: { departureAt, standing } }: Seen) =>
  Date.parse(departureAt ?? standing.dischargedAt ?? '9999-12-31')

/** The day that `now` is in, where this device is. */
export function dayOf(now: number): { from: number; to: number } {
  const at = new Date(now)
  const from = new Date(at.getFullYear(), at.getMonth(), at.getDate())
  const to = new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1)
  return { from: from.getTime(), to: to.getTime() }
}
