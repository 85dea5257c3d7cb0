import type { Instant } from '@relais/contracts/primitives'
import type { DeadlineRows, DuePlace } from './deadline-rows.ts'
import type { DueQueue } from './due-queue.ts'

const PAGE = 64
/** Where what is due is known already, because it failed: soon past it. */
const LONG_PAGE = 1024
/** A bound for the memory. */
const MOST_DUE = 10_000
const BEFORE_ALL: DuePlace = { dueAt: '', deadlineId: '' }

/** Brings what is due from the table to the queue, page by page, and remembers when the next one will be. */
export function dueReading({ rows, queue, now }: { rows: DeadlineRows; queue: DueQueue; now: () => Instant }) {
  let place: DuePlace | undefined = BEFORE_ALL
  let limit = PAGE
  let nextDueAt: Instant | undefined
  const isFull = () => queue.size() >= MOST_DUE
  return {
    isFull,
    restart() {
      place = { ...BEFORE_ALL }
      limit = PAGE
    },
    /** `undefined` where nothing is set, and as long as there is more to read. */
    nextDueAt: () => (place === undefined ? nextDueAt : undefined),
    /** @returns `false` when everything due was read, or too much of it is in the queue */
    async more(): Promise<boolean> {
      const from = place
      if (from === undefined || isFull()) return false
      const asked = limit
      const page = await rows.after(from, asked)
      const instant = now()
      const due = page.filter(({ dueAt }) => dueAt <= instant)
      const added = queue.add(due)
      const wasRestarted = place !== from
      if (wasRestarted) return true
      place = due.length === asked ? due.at(-1) : undefined
      limit = added === 0 ? LONG_PAGE : PAGE
      nextDueAt = page[due.length]?.dueAt
      return true
    },
  }
}
export type DueReading = ReturnType<typeof dueReading>
