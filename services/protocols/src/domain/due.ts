import type { Instant } from '@relais/contracts/primitives'
import type { Due } from '@relais/contracts/protocols'
import { isHoliday, type Place, placeOf } from '@relais/deadlines/holidays'
import {
  addHours,
  dayAfter,
  dayOfWeek,
  endOfDay,
  instantAt,
  type LocalDate,
  localDate,
} from '@relais/deadlines/local-date'
import { addOpenHours, unscheduledCareHours } from '@relais/deadlines/opening-hours'

const FRIDAY = 4

/** When a step is due that counts from `from`: the moment of the protocol, or when what comes before it was settled. */
export function dueAt(due: Due, from: Instant, department: string): Instant {
  const place = placeOf(department)
  switch (due.kind) {
    case 'hours':
      return due.clock === 'plain'
        ? addHours(from, due.hours)
        : addOpenHours(from, due.hours, { ...place, hours: unscheduledCareHours })
    case 'days':
      return endOf(dayAfter(localDate(from, place.zone), due.days), place)
    case 'workingDays':
      return endOf(workingDayAfter(localDate(from, place.zone), due.days, place), place)
    case 'beforeArrival':
      return addHours(from, -due.hours)
    case 'lastWorkingDay':
      return instantAt(lastWorkingDay(localDate(from, place.zone), place), due.at, place.zone)
  }
}

/** Whether a due date counts from the moment of the protocol: it is known from the start, and moves with it. */
export function countsFromTrigger(due: Due): boolean {
  return !('from' in due) || due.from === 'trigger'
}

/** Whether a moment is on a closed day, or after this time on the eve of one. */
export function isClosedAhead(at: Instant, after: string, department: string): boolean {
  const place = placeOf(department)
  const day = localDate(at, place.zone)
  if (!isWorkingDay(day, place)) return true
  return !isWorkingDay(dayAfter(day, 1), place) && at > instantAt(day, after, place.zone)
}

/** Whole years on that day; `undefined` for a birth date that is not known to the day. */
export function ageAt(at: Instant, birthDate: string, department: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) return undefined
  const day = localDate(at, placeOf(department).zone)
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years
}

function isWorkingDay(date: LocalDate, { territory }: Place): boolean {
  return dayOfWeek(date) <= FRIDAY && !isHoliday(date, territory)
}

function lastWorkingDay(date: LocalDate, place: Place): LocalDate {
  let day = date
  while (!isWorkingDay(day, place)) day = dayAfter(day, -1)
  return day
}

function workingDayAfter(date: LocalDate, days: number, place: Place): LocalDate {
  let day = date
  for (let left = days; left > 0; left -= isWorkingDay(day, place) ? 1 : 0) day = dayAfter(day, 1)
  return day
}

function endOf(date: LocalDate, { zone }: Place): Instant {
  return endOfDay(instantAt(date, '12:00', zone), zone)
}
