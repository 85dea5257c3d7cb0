import type { Instant } from '@relais/contracts/primitives'
import type { DeadlineRows, DuePlace } from './deadline-rows.ts'
import type { DueQueue } from './due-queue.ts'

const PAGE = 64
/** Past so many that are due and still there, no more is read: what makes so many fail is nothing of theirs. */
const MOST_DUE = 1000
const BEFORE_ALL: DuePlace = { dueAt: '', deadlineId: '' }

/** Brings what is due from the table to the queue, page by page, and remembers when the next one will be. */
export function dueReading({ rows, queue, now }: { rows: DeadlineRows; queue: DueQueue; now: () => Instant }) {
  let place: DuePlace | undefined = BEFORE_ALL
  let nextDueAt: Instant | undefined
  return {
    restart: () => void (place = { ...BEFORE_ALL }),
    /** `undefined` where nothing is set, and as long as there is more to read. */
    nextDueAt: () => (place === undefined ? nextDueAt : undefined),
    /** @returns `false` when everything due was read, or too much of it is in the queue */
    async more(): Promise<boolean> {
      const from = place
      if (from === undefined || queue.size() >= MOST_DUE) return false
      const page = await rows.after(from, PAGE)
      const instant = now()
      const due = page.filter(({ dueAt }) => dueAt <= instant)
      queue.add(due)
      const wasRestarted = place !== from
      if (wasRestarted) return true
      place = due.length === PAGE ? due.at(-1) : undefined
      nextDueAt = page[due.length]?.dueAt
      return true
    },
  }
}
export type DueReading = ReturnType<typeof dueReading>
