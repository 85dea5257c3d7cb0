import type { Instant } from '@relais/contracts/primitives'
import { readLocalTime } from '@relais/hl7v2/local-time'

/** A calendar day of the hospital, `2026-11-23`. */
export type Day = string

/** The hospital's clock. HL7 local times carry no zone. */
const ZONE = 'Europe/Paris'
const MILLISECONDS_PER_DAY = 86_400_000

/** Days since 1970. */
export const numberOf = (day: Day) => Date.parse(day) / MILLISECONDS_PER_DAY

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * MILLISECONDS_PER_DAY).toISOString().slice(0, 10)
}

/** The day that the hospital's calendar shows. */
export function dayAt(at: Instant): Day {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(new Date(at))
}

/** Seconds of a day, of a time such as `08:20`. */
export function secondsOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (hours * 60 + minutes) * 60
}

/** As HL7 writes it: `YYYYMMDDHHMMSS`. */
export function localTime(day: Day, seconds: number): string {
  return new Date(Date.parse(day) + seconds * 1000).toISOString().replaceAll(/\D/g, '').slice(0, 14)
}

/** The instant of a local time that the calendar has, in daytime: neither doubled nor skipped. */
export function instantOf(local: string): Instant {
  const read = readLocalTime(local, ZONE)
  if (!read) throw new RangeError('Not a local time')
  return read.at
}
