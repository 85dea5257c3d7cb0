import { type FollowLog, isUnavailable } from '@relais/projections/follower'
import type { RunningProjection } from '@relais/projections/projection'
import type { Fire } from './deadline.ts'
import type { DeadlineRows, Standing } from './deadline-rows.ts'
import type { Due, DueQueue } from './due-queue.ts'
import type { DueReading } from './due-reading.ts'
import { growingPause, type Pauses } from './waiting.ts'

export type FiringDeps = {
  name: string
  fire: Fire
  view: Pick<RunningProjection, 'reaches'>
  log: FollowLog
  rows: DeadlineRows
  queue: DueQueue
  reading: DueReading
  pauses: Pauses
  isHeld: () => boolean
}

const FIRED_AT_ONCE = 8
const VIEW_PATIENCE_MILLISECONDS = 1000
const LONGEST_PAUSE_MILLISECONDS = 60_000
/** What is fired in vain waits for a fact, which changes its row, or for another build. */
const LONGEST_PAUSE_IN_VAIN_MILLISECONDS = 3_600_000
/** Once is nothing to speak of: of a command that is refused, the view may not show the reason yet. */
const WORTH_TELLING = 2

/** `ready`: one that was fired before may be fired again. */
export type Outcome = 'fired' | 'ready' | { outage: unknown }

/**
 * Fires what is due, a few at a time; `onDone` is called after each, since it leaves room for another. Where the log or a
 * database is away, it is told so, and the deadline keeps its place.
 */
export function firing(deps: FiringDeps, onDone: (outcome: Outcome) => void) {
  const { rows, queue, reading, pauses, isHeld } = deps
  const pursuits = new Set<Promise<void>>()

  /** Whether it still stands as it was read. */
  async function stands(due: Due): Promise<boolean> {
    try {
      const found = await rows.standing(due.deadline)
      if (found !== 'same') settle(due, found)
      return found === 'same'
    } catch (error) {
      putBack(due)
      throw error
    }
  }

  async function pursue(due: Due): Promise<Outcome> {
    const found = await fireOnce(deps, due)
    if (typeof found === 'string') settle(due, found)
    else putBack(due)
    return typeof found === 'string' ? 'fired' : found
  }

  function settle(due: Due, found: Standing | 'over'): void {
    queue.release(due)
    if (found === 'over') queue.end(due)
    else if (found === 'same') void fireAgain(due)
    else queue.forget(due)
    // What it was replaced with may be due too, and was passed over as long as this one was known.
    if (found === 'replaced') reading.restart()
  }

  function putBack(due: Due): void {
    queue.release(due)
    queue.again(due)
  }

  async function fireAgain(due: Due): Promise<void> {
    const longest = due.failures > 0 ? LONGEST_PAUSE_MILLISECONDS : LONGEST_PAUSE_IN_VAIN_MILLISECONDS
    await pauses.wait(growingPause(due.failures + due.remained, longest))
    queue.again(due)
    onDone('ready')
  }

  return {
    isIdle: () => pursuits.size === 0,
    /** @throws whatever reading the table throws */
    async begin(): Promise<void> {
      while (!isHeld() && pursuits.size < FIRED_AT_ONCE) {
        const due = queue.next()
        if (due === undefined) {
          if (await reading.more()) continue
          return
        }
        if (!(await stands(due))) continue
        const pursued = pursue(due).then((outcome) => {
          pursuits.delete(pursued)
          onDone(outcome)
        })
        pursuits.add(pursued)
      }
    },
    idle: async () => void (await Promise.all(pursuits)),
  }
}

/** Fires a deadline and waits until the view shows what came of it. Its own failures are logged, and leave it the same. */
async function fireOnce(deps: FiringDeps, due: Due): Promise<Standing | 'over' | { outage: unknown }> {
  const { name, log } = deps
  const { kind, subject: stream } = due.deadline
  try {
    const found = await fireAndSee(deps, due)
    if (found !== 'same') return found
    due.remained += 1
    const fields = { name, kind, stream, attempts: due.remained }
    if (due.remained === WORTH_TELLING) log.warn(fields, 'a deadline stays although its command changes nothing')
  } catch (error) {
    if (isUnavailable(error)) return { outage: error }
    due.failures += 1
    log.warn({ name, kind, stream, attempt: due.failures, error }, 'firing a deadline failed, trying again')
  }
  return 'same'
}

async function fireAndSee({ fire, view, rows, pauses }: FiringDeps, { deadline }: Due): Promise<Standing | 'over'> {
  const fired = await fire(deadline)
  if (fired === 'over') return fired
  const { position } = fired
  while (position !== undefined && !(await view.reaches(position, VIEW_PATIENCE_MILLISECONDS))) {
    if (pauses.isOver()) return 'same'
    await pauses.wait(VIEW_PATIENCE_MILLISECONDS)
  }
  return rows.standing(deadline)
}
