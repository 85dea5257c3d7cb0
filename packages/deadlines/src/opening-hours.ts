import type { Instant } from '@relais/contracts/primitives'
import { isHoliday, type Place } from './holidays.ts'
import { addHours, dayAfter, dayOfWeek, instantAt, type LocalDate, localDate } from './local-date.ts'

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
type Weekday = (typeof weekdays)[number]

/** For each weekday ranges such as `08:00-20:00`, up to `24:00`; closed on the days that are left out. */
export type WeeklyRanges = Partial<Record<Weekday, readonly string[]>> & {
  /** Closed unless said; `asUsual` makes holidays days like any other. */
  holidays?: readonly string[] | 'asUsual'
}

type Range = { from: string; to: string }
type Day = readonly Range[]
/** Made by `openingHours`. Never empty: it opens at least once in a week without holidays. */
export type OpeningHours = { readonly week: readonly Day[]; readonly holidays: Day | 'asUsual' }
export type Calendar = Place & { hours: OpeningHours }

const HOUR = 3_600_000

/** @throws RangeError for a range that is none or overlaps another, and for hours that never come */
export function openingHours(ranges: WeeklyRanges): OpeningHours {
  const { holidays = [] } = ranges
  const week = weekdays.map((weekday) => rangesOf(ranges[weekday] ?? []))
  if (week.every((day) => day.length === 0)) throw new RangeError('These hours never come')
  return { week, holidays: holidays === 'asUsual' ? holidays : rangesOf(holidays) }
}

const working = ['08:00-20:00']
/** Of unscheduled care in a CPTS: weekdays from 8 to 20, and Saturday morning until the out-of-hours duty begins. */
export const unscheduledCareHours: OpeningHours = openingHours({
  monday: working,
  tuesday: working,
  wednesday: working,
  thursday: working,
  friday: working,
  saturday: ['08:00-12:00'],
})

/** Whether it is open: from the first moment of a range, and no more at its end. */
export function isOpen(instant: Instant, calendar: Calendar): boolean {
  return rangeFrom(instant, calendar).from <= instant
}

/** This instant where it is open, else the first moment of the next range. */
export function nextOpening(instant: Instant, calendar: Calendar): Instant {
  const { from } = rangeFrom(instant, calendar)
  return from <= instant ? instant : from
}

/**
 * When it will have been open for so many hours since then. The end of a range comes before the next opening: an hour
 * after 19:00 is 20:00.
 * @throws RangeError for less than none
 */
export function addOpenHours(instant: Instant, hours: number, calendar: Calendar): Instant {
  if (!(hours >= 0 && hours < Infinity)) throw new RangeError('Hours to add are none or more')
  let at = instant
  let left = Math.round(hours * HOUR)
  while (left > 0) {
    const { from, to } = rangeFrom(at, calendar)
    const start = from <= at ? at : from
    const open = Date.parse(to) - Date.parse(start)
    if (left <= open) return addHours(start, left / HOUR)
    left -= open
    at = to
  }
  return at
}

/** The first range that ends after this instant: the one it lies in, or the next. */
function rangeFrom(instant: Instant, calendar: Calendar): { from: Instant; to: Instant } {
  for (let date = localDate(instant, calendar.zone); ; date = dayAfter(date, 1)) {
    const found = openOn(date, calendar).find(({ to }) => to > instant)
    if (found !== undefined) return found
  }
}

function openOn(date: LocalDate, { hours, zone, territory }: Calendar): { from: Instant; to: Instant }[] {
  const { holidays, week } = hours
  const isAsUsual = holidays === 'asUsual' || !isHoliday(date, territory)
  const day = (isAsUsual ? week[dayOfWeek(date)] : holidays) ?? []
  const open = day.map(({ from, to }) => ({ from: instantAt(date, from, zone), to: instantAt(date, to, zone) }))
  // What lies in an hour that is skipped is empty.
  return open.filter(({ from, to }) => from < to)
}

function rangesOf(texts: readonly string[]): Day {
  const ranges = texts.map((text) => {
    const [, from = '', to = ''] = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.exec(text) ?? []
    if (from >= to) throw new RangeError(`Not a range of hours in a day: ${text}`)
    return { from, to }
  })
  const sorted = ranges.toSorted((one, other) => (one.from < other.from ? -1 : 1))
  const overlap = sorted.find(({ from }, index) => from < (sorted[index - 1]?.to ?? ''))
  if (overlap !== undefined) throw new RangeError(`A range begins before the end of another: ${overlap.from}`)
  return sorted
}
