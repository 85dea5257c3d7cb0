import type { EhpadBoardRow, StayItem } from '@relais/contracts/boards'
import type { NoticeNature } from '@relais/contracts/notices'
import { compare, isAway, sectionsOf } from './board-sections.ts'

const EVENING_HOUR = 20
const MORNING_HOUR = 8

/** The night that is under way, or that comes next: from 20:00 until 8:00, on this device's clock. */
export type Night = { /** When what is new began: the last 20:00. */ since: number; until: number }

export function nightOf(now: number): Night {
  const evening = atHour(now, EVENING_HOUR)
  const since = now >= evening ? evening : atHour(now, EVENING_HOUR, -1)
  const morning = atHour(now, MORNING_HOUR)
  return { since, until: now < morning ? morning : atHour(now, MORNING_HOUR, 1) }
}

/** By the calendar, not by adding hours: there are nights of eleven hours and of thirteen. */
function atHour(now: number, hour: number, days = 0): number {
  const day = new Date(now)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hour).getTime()
}

export type Change = {
  residentId: string
  at: string
  /** What was told of the stay, or that the resident moved in. */
  nature: NoticeNature | 'entered'
  row: EhpadBoardRow | undefined
  item?: StayItem
}

type Told = { rows: readonly EhpadBoardRow[]; items: readonly StayItem[]; since: number }

/** What became otherwise since then, the last thing first: one line for each stay, as it was last told. */
export function changesSince({ rows, items, since }: Told): Change[] {
  const isNew = (at: string) => Date.parse(at) >= since
  const told = items
    .filter(({ receipts }) => isNew(receipts.sentAt))
    .map((item): Change => {
      const row = rows.find(({ stayId }) => stayId === item.stayId) ?? rowOfPatient(rows, item.patientId)
      return { residentId: row?.residentId ?? item.stayId, at: item.happenedAt, nature: item.nature, row, item }
    })
  const entered = rows
    .filter(({ enteredAt }) => isNew(enteredAt))
    .map((row): Change => ({ residentId: row.residentId, at: row.enteredAt, nature: 'entered', row }))
  return [...told, ...entered].toSorted((one, other) => compare(other.at, one.at))
}

const rowOfPatient = (rows: readonly EhpadBoardRow[], patientId: string) =>
  rows.find((row) => row.patientId === patientId)

export type Tonight = {
  emergency: EhpadBoardRow[]
  /** Before the morning, or late already. */
  returning: EhpadBoardRow[]
  /** Others who are away: they sleep elsewhere, and nothing is to be done about it. */
  elsewhere: EhpadBoardRow[]
}

export function tonightOf(rows: readonly EhpadBoardRow[], { until }: Night): Tonight {
  const { away } = sectionsOf(rows)
  const comesBack = ({ expectedBackAt }: EhpadBoardRow) =>
    expectedBackAt !== undefined && Date.parse(expectedBackAt) < until
  return {
    emergency: away.filter(({ place }) => place === 'emergency'),
    returning: away.filter((row) => row.place !== 'emergency' && comesBack(row)),
    elsewhere: away.filter((row) => isAway(row) && row.place !== 'emergency' && !comesBack(row)),
  }
}
