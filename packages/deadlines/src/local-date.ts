import type { Instant } from '@relais/contracts/primitives'
import { Temporal } from 'temporal-polyfill'

/** A day of the calendar: `2026-11-23`. */
export type LocalDate = string

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The day it is there. @throws RangeError for a zone that is not in the time zone database */
export function localDate(instant: Instant, zone: string): LocalDate {
  return inZone(instant, zone).toPlainDate().toString()
}

/**
 * When the wall clock there shows this time of that day. A time that it shows twice is the first one, summer time; one
 * that it skips is moved forward by what was skipped. `24:00` is the first moment of the next day.
 * @throws RangeError for what is no such day, time or zone
 */
export function instantAt(date: LocalDate, time: string, zone: string): Instant {
  const day = Temporal.PlainDate.from(date)
  const moment =
    time === '24:00'
      ? day.add({ days: 1 }).toZonedDateTime(zone)
      : day.toZonedDateTime({ timeZone: zone, plainTime: time })
  return written(moment)
}

/** So much later, whatever the clocks do meanwhile. */
export function addHours(instant: Instant, hours: number): Instant {
  return new Date(Date.parse(instant) + Math.round(hours * HOUR)).toISOString()
}

/** So many days later at the same time of the wall clock there, under the rule of `instantAt`. */
export function addDays(instant: Instant, days: number, zone: string): Instant {
  return written(inZone(instant, zone).add({ days }))
}

/** The last millisecond of the day it is there. */
export function endOfDay(instant: Instant, zone: string): Instant {
  return written(inZone(instant, zone).startOfDay().add({ days: 1 }).startOfDay().subtract({ milliseconds: 1 }))
}

/** Monday is 0, Sunday 6. */
export function dayOfWeek(date: LocalDate): number {
  return (new Date(date).getUTCDay() + 6) % 7
}

export function dayAfter(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)
}

function inZone(instant: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone)
}

function written(moment: Temporal.ZonedDateTime): Instant {
  return new Date(moment.epochMilliseconds).toISOString()
}
