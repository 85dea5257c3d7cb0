import type { Instant } from '@relais/contracts/primitives'

export type DueAt = { deadlineId: string; dueAt: Instant }

/** Deadlines in the order in which they fall due, for a clock that goes through the past. */
export function dueInOrder() {
  /** The next one last. */
  const waiting: DueAt[] = []

  return {
    put(due: DueAt): void {
      let [low, high] = [0, waiting.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if ((waiting[middle]?.dueAt ?? '') > due.dueAt) low = middle + 1
        else high = middle
      }
      waiting.splice(low, 0, due)
    },
    /** The next one that is due by then. */
    take(until: Instant): DueAt | undefined {
      const next = waiting.at(-1)
      return next === undefined || next.dueAt > until ? undefined : waiting.pop()
    },
  }
}
