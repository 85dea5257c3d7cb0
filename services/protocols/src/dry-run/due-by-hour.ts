import type { Instant } from '@relais/contracts/primitives'
import { addHours } from '@relais/deadlines/local-date'
import { hourOf } from '../projections/protocol-runs.ts'

/** Deadlines by the hour in which they fall due, for a clock that goes through the past. */
export function dueByHour(from: Instant) {
  const hours = new Map<string, Set<string>>()
  let reached = from

  return {
    put(deadlineId: string, dueAt: Instant): void {
      // What was due before it was set is due now.
      const hour = hourOf(dueAt < reached ? reached : dueAt)
      const known = hours.get(hour)
      if (known) known.add(deadlineId)
      else hours.set(hour, new Set([deadlineId]))
    },
    /** Moves the clock on; those that may have fallen due since, some of them later in the last hour. */
    take(until: Instant): string[] {
      const taken: string[] = []
      for (let at = reached; hourOf(at) <= hourOf(until); at = addHours(at, 1))
        taken.push(...(hours.get(hourOf(at)) ?? []))
      for (let at = reached; hourOf(at) < hourOf(until); at = addHours(at, 1)) hours.delete(hourOf(at))
      if (until > reached) reached = until
      return taken
    },
  }
}
