import type { Instant } from '@relais/contracts/primitives'
import { addDays, type Day, dayAt } from './calendar.ts'
import { messagesAfterDay, messagesOfDay, type Timed } from './day.ts'

export type Dated = { seed: number; day: Day }
/** A day to play, and the one that was played last, whose patients may still be there. */
export type Listed = Dated & { after?: Dated | undefined }

/** Stories last that long at most. */
const DAYS_OF_A_STORY = 3

/**
 * The first day that has not begun yet. Another seed waits until everybody of the last one has left: it tells other
 * stories of the same people.
 */
export function dayToPlay({ seed, now, last }: { seed: number; now: Instant; last: Dated | undefined }): Listed {
  const today = dayAt(now)
  const hasBegun = (messagesOfDay(seed, today)[0]?.at ?? now) < now
  const first = hasBegun ? addDays(today, 1) : today
  if (!last) return { seed, day: first }
  const earliest = addDays(last.day, last.seed === seed ? 1 : DAYS_OF_A_STORY)
  return { seed, day: first < earliest ? earliest : first, after: last }
}

/** What is sent on that day, after what was left to tell of the day that was played last. */
export function messagesToPlay({ seed, day, after }: Listed): Timed[] {
  const left = after ? messagesAfterDay(after.seed, after.day).filter(({ at }) => dayAt(at) < day) : []
  const own = messagesOfDay(seed, day)
  const known = new Set(left.map(({ controlId }) => controlId))
  return [...left, ...own.filter(({ controlId }) => !known.has(controlId))]
}
