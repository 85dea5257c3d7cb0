import type { EhpadBoardRow } from '@relais/contracts/boards'

export type BoardSections = {
  /** Not in the house: at the emergency department first, then who is expected back, the soonest first. */
  away: EhpadBoardRow[]
  /** In the house, and expected at a hospital. */
  leaving: EhpadBoardRow[]
  present: EhpadBoardRow[]
  deceased: EhpadBoardRow[]
}

const AWAY: readonly EhpadBoardRow['place'][] = ['emergency', 'hospitalised', 'onLeave']
const LATEST = '9999'
const rooms = new Intl.Collator('fr', { numeric: true })

export const isAway = ({ place }: Pick<EhpadBoardRow, 'place'>) => AWAY.includes(place)

/** Who is where, in the order in which it matters to the house. */
export function sectionsOf(rows: readonly EhpadBoardRow[]): BoardSections {
  const inRooms = rows.toSorted(byRoom)
  const here = inRooms.filter(({ place }) => place === 'present')
  return {
    away: inRooms.filter(isAway).toSorted(byUrgency),
    leaving: here
      .filter(({ expectedAt }) => expectedAt !== undefined)
      .toSorted((one, other) => compare(one.expectedAt ?? LATEST, other.expectedAt ?? LATEST)),
    present: here.filter(({ expectedAt }) => expectedAt === undefined),
    deceased: inRooms.filter(({ place }) => place === 'deceased'),
  }
}

function byUrgency(one: EhpadBoardRow, other: EhpadBoardRow): number {
  const place = Number(other.place === 'emergency') - Number(one.place === 'emergency')
  if (place !== 0) return place
  return (
    compare(one.expectedBackAt ?? LATEST, other.expectedBackAt ?? LATEST) ||
    compare(other.since ?? '', one.since ?? '') ||
    byRoom(one, other)
  )
}

/** `9` before `12`, `12 bis` after `12`; who has no room comes last. */
export function byRoom(
  one: Pick<EhpadBoardRow, 'room' | 'residentId'>,
  other: Pick<EhpadBoardRow, 'room' | 'residentId'>,
): number {
  if (one.room === undefined || other.room === undefined)
    return (
      Number(one.room === undefined) - Number(other.room === undefined) || compare(one.residentId, other.residentId)
    )
  return rooms.compare(one.room, other.room) || compare(one.residentId, other.residentId)
}

export type ReturnsOfDay = { /** When the day begins here, in milliseconds. */ day: number; rows: EhpadBoardRow[] }

/** Those who are expected back, by day. What should have been by now is of today: nobody stops waiting. */
export function returnsByDay(rows: readonly EhpadBoardRow[], now: number): ReturnsOfDay[] {
  const today = startOfDay(now)
  const expected = rows
    .filter((row) => isAway(row) && row.expectedBackAt !== undefined)
    .toSorted((one, other) => compare(one.expectedBackAt ?? '', other.expectedBackAt ?? '') || byRoom(one, other))
  const days = Map.groupBy(expected, ({ expectedBackAt = '' }) =>
    Math.max(today, startOfDay(Date.parse(expectedBackAt))),
  )
  return [...days].map(([day, ofDay]) => ({ day, rows: ofDay }))
}

/** Those who are away, and of whom nobody has said when they come back. */
export function withoutReturn(rows: readonly EhpadBoardRow[]): EhpadBoardRow[] {
  return sectionsOf(rows).away.filter(({ expectedBackAt }) => expectedBackAt === undefined)
}

export function startOfDay(milliseconds: number): number {
  const at = new Date(milliseconds)
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

export const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other))
