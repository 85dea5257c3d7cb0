import type { Instant } from '@relais/contracts/primitives'

export type LocalTime = {
  at: Instant
  precision: 'day' | 'minute' | 'second'
  /** Set where the wall clock showed this time twice, or never. */
  flag?: 'localTimeDoubled' | 'localTimeSkipped'
}

const syntax =
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:(?<hour>\d{2})(?<minute>\d{2})(?:(?<second>\d{2})(?:\.(?<fraction>\d{1,4}))?)?)?(?<offset>[+-]\d{4})?$/

const MINUTE = 60_000
const DAY = 86_400_000
/** HL7 offsets reach from −12:00 to +14:00. */
const LARGEST_OFFSET = 14 * 60

/**
 * Reads an HL7 TS (v2.5, 2.A.77) in a facility's zone: a day (read as its first minute), to the minute, to the second,
 * to the millisecond. A written offset wins over the zone. An hour that the clock shows twice is the first one, summer
 * time; one that it skips is moved forward by what was skipped. `undefined` for what is no such time.
 * @throws RangeError for a zone that is not in the time zone database
 */
export function readLocalTime(text: string, zone: string): LocalTime | undefined {
  const parts = syntax.exec(text)?.groups
  const wallClock = parts && wallClockOf(parts)
  if (!parts || wallClock === undefined) return undefined
  const precision = parts['hour'] === undefined ? 'day' : parts['second'] === undefined ? 'minute' : 'second'
  const offset = parts['offset'] === undefined ? undefined : offsetOf(parts['offset'])
  if (parts['offset'] !== undefined && offset === undefined) return undefined
  const { instant, flag } =
    offset === undefined ? inZone(wallClock, zone) : { instant: wallClock - offset, flag: undefined }
  return { at: new Date(instant).toISOString(), precision, ...(flag ? { flag } : {}) }
}

/** Milliseconds of this wall clock time as if it were UTC; `undefined` for a day or a time that does not exist. */
function wallClockOf(parts: Record<string, string | undefined>): number | undefined {
  const number = (name: string) => Number(parts[name] ?? 0)
  const day = Date.UTC(number('year'), number('month') - 1, number('day'))
  const sameDay = new Date(day).toISOString().slice(0, 10) === `${parts['year']}-${parts['month']}-${parts['day']}`
  const dayExists = number('year') >= 1900 && sameDay
  if (!dayExists || number('hour') > 23 || number('minute') > 59 || number('second') > 59) return undefined
  const milliseconds = Math.trunc(Number(`0.${parts['fraction'] ?? '0'}`) * 1000)
  return day + (number('hour') * 60 + number('minute')) * MINUTE + number('second') * 1000 + milliseconds
}

function offsetOf(text: string): number | undefined {
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3))
  if (Number(text.slice(3)) > 59 || minutes > LARGEST_OFFSET) return undefined
  return (text.startsWith('-') ? -minutes : minutes) * MINUTE
}

function inZone(wallClock: number, zone: string): { instant: number; flag: LocalTime['flag'] | undefined } {
  const before = zoneOffset(wallClock - DAY, zone)
  const after = zoneOffset(wallClock + DAY, zone)
  const readings = [before, after]
    .map((offset) => wallClock - offset)
    .filter((instant) => instant + zoneOffset(instant, zone) === wallClock)
  const first = Math.min(...readings)
  if (readings.length === 0) return { instant: wallClock - before, flag: 'localTimeSkipped' }
  return { instant: first, flag: readings.some((instant) => instant !== first) ? 'localTimeDoubled' : undefined }
}

/** Clocks change at quarters of an hour, so an offset holds for one. */
const QUARTER = 15 * MINUTE
const OFFSETS_REMEMBERED = 10_000
const offsets = new Map<string, number>()

/** Milliseconds to add to UTC for the wall clock of this zone at this instant. */
function zoneOffset(instant: number, zone: string): number {
  const quarter = Math.floor(instant / QUARTER) * QUARTER
  const key = `${zone} ${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  if (offsets.size >= OFFSETS_REMEMBERED) offsets.clear()
  const offset = readOffset(quarter, zone)
  offsets.set(key, offset)
  return offset
}

function readOffset(instant: number, zone: string): number {
  const formatted = formatterOf(zone).formatToParts(instant)
  const parts = new Map(formatted.map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  const wallClock = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return wallClock - instant
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
  const options = { ...numeric, second: 'numeric', hourCycle: 'h23', timeZone: zone } as const
  const formatter = new Intl.DateTimeFormat('en-US', options)
  formatters.set(zone, formatter)
  return formatter
}

const overseasZones = new Map([
  ['971', 'America/Guadeloupe'],
  ['972', 'America/Martinique'],
  ['973', 'America/Cayenne'],
  ['974', 'Indian/Reunion'],
  ['975', 'America/Miquelon'],
  ['976', 'Indian/Mayotte'],
  ['977', 'America/St_Barthelemy'],
  ['978', 'America/Marigot'],
  ['986', 'Pacific/Wallis'],
  ['987', 'Pacific/Tahiti'],
  ['988', 'Pacific/Noumea'],
])

/**
 * The time zone of a facility by the département its FINESS begins with: overseas `97` and the fourth character where
 * the third is 0 (`9704…` is La Réunion), Mayotte `98`. Anything else, a namespace included, is Europe/Paris.
 */
export function zoneOfFiness(facility: string): string {
  if (!/^9[78][\dAB]\d{6}$/.test(facility)) return 'Europe/Paris'
  const department = facility.startsWith('970') ? `97${facility[3]}` : facility.slice(0, 3)
  const zone = overseasZones.get(department)
  return zone ?? (facility.startsWith('98') ? 'Indian/Mayotte' : 'Europe/Paris')
}
