import type { Deadline } from './deadline.ts'

/** A deadline that is due, from when it was read until it is gone. */
export type Due = {
  readonly deadline: Deadline
  /** How often it was fired and threw. */
  failures: number
  /** How often it was fired in vain: what was answered is shown, and it is still there. */
  remained: number
}

/** What is due, in due order; one at a time per subject. */
export function dueQueue() {
  const known = new Map<string, Due>()
  const busy = new Set<string>()
  /** Their rows stay until the view is built again. */
  const over = new Set<string>()
  let waiting: Due[] = []

  const enqueue = (due: readonly Due[]) => {
    waiting = [...waiting, ...due].toSorted((one, other) => (isBefore(one.deadline, other.deadline) ? -1 : 1))
  }
  return {
    size: () => known.size,
    /** Those that failed, or were fired in vain more than once. */
    failing: () => [...known.values()].filter(({ failures, remained }) => failures > 0 || remained > 1).length,
    /** @returns how many; those that are known stay as they are, and those that are over stay out */
    add(deadlines: readonly Deadline[]): number {
      const added = deadlines.filter((each) => !known.has(each.deadlineId) && !over.has(placeOf(each)))
      const due = added.map((deadline) => ({ deadline, failures: 0, remained: 0 }))
      for (const one of due) known.set(one.deadline.deadlineId, one)
      if (due.length > 0) enqueue(due)
      return due.length
    },
    /** The first one whose subject is free, to be fired now. */
    next(): Due | undefined {
      const index = waiting.findIndex(({ deadline }) => !busy.has(deadline.subject))
      if (index < 0) return undefined
      const [next] = waiting.splice(index, 1)
      if (next !== undefined) busy.add(next.deadline.subject)
      return next
    },
    /** It was fired: its subject is free. */
    release: ({ deadline }: Due) => void busy.delete(deadline.subject),
    again: (due: Due) => enqueue([due]),
    forget: ({ deadline }: Due) => void known.delete(deadline.deadlineId),
    /** Nothing will come of it, whenever it is read again. */
    end({ deadline }: Due): void {
      known.delete(deadline.deadlineId)
      over.add(placeOf(deadline))
    },
  }
}
export type DueQueue = ReturnType<typeof dueQueue>

/** One that is set again for another time is another one. */
const placeOf = ({ deadlineId, dueAt }: Deadline) => `${deadlineId} ${dueAt}`

function isBefore(one: Deadline, other: Deadline): boolean {
  return one.dueAt < other.dueAt || (one.dueAt === other.dueAt && one.deadlineId < other.deadlineId)
}
