import type { QuietHours } from '@relais/contracts/conversations'
import type { Instant } from '@relais/contracts/primitives'
import { dayAfter, instantAt, localDate } from '@relais/deadlines/local-date'

/** When the quiet hours that this instant lies in end; `undefined` outside of them. They exclude their last instant. */
export function quietUntil(instant: Instant, { from, to, zone }: QuietHours): Instant | undefined {
  const today = localDate(instant, zone)
  const isOverMidnight = to <= from
  // Those that began yesterday, and those that begin today.
  for (const day of [dayAfter(today, -1), today]) {
    const begin = instantAt(day, from, zone)
    const end = instantAt(isOverMidnight ? dayAfter(day, 1) : day, to, zone)
    if (begin <= instant && instant < end) return end
  }
  return undefined
}
