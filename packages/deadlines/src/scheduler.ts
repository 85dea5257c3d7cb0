import type { Timers } from '@relais/channels/timers'
import type { Instant } from '@relais/contracts/primitives'
import type { FollowLog } from '@relais/projections/follower'
import type { FollowStatus, RunningProjection } from '@relais/projections/projection'
import type { Fire } from './deadline.ts'
import { type DeadlineDatabase, deadlineRows } from './deadline-rows.ts'
import { dueQueue } from './due-queue.ts'
import { dueReading } from './due-reading.ts'
import { firing, type Outcome } from './firing.ts'
import { outages } from './outages.ts'
import { alarmOf, oneAtATime, pausesOf } from './waiting.ts'

/** What time it is, and when it jumped: that of `@relais/runtime/clock` is one. */
export type DeadlineClock = { now(): Instant; onAdvanced(listener: () => void): () => void }

export type DeadlineOptions = {
  name: string
  /** Where the projection that declares `deadlineTables` writes them. */
  database: DeadlineDatabase
  /** That projection. */
  view: Pick<RunningProjection, 'status' | 'reaches'>
  clock: DeadlineClock
  timers: Timers
  log: FollowLog
  fire: Fire
}

export type RunningDeadlines = {
  name: string
  /** To be called when a commit of the projection may have set a deadline, and when a replica overtook it. */
  wake(): void
  /** For `readinessOf`: it lags while the log or a database is away. `failing` are due, were fired, and are still there. */
  status(): FollowStatus & { failing: number }
  /** Fires nothing more, and waits for what is being fired. MUST come before the projection is stopped. */
  stop(): Promise<void>
}

/** Timers take no more than 24 days, and a clock may be corrected without a word. */
const LONGEST_SLEEP_MILLISECONDS = 60_000
const VIEW_PAUSE_MILLISECONDS = 250

/**
 * Fires each deadline of the view when it falls due: in due order, a few at a time, one at a time per subject, and not
 * again until the view shows what came of it. A failure is tried again with growing pauses, beside the others. Nothing is
 * fired while the view has to catch up. Between two deadlines nothing is asked of the database.
 */
export function startDeadlines({ name, database, view, clock, timers, log, fire }: DeadlineOptions): RunningDeadlines {
  const pauses = pausesOf(timers)
  const alarm = alarmOf(timers)
  const queue = dueQueue()
  const rows = deadlineRows(database)
  const reading = dueReading({ rows, queue, now: clock.now })
  const looking = oneAtATime(look, pauses.isOver)
  const outage = outages({ name, now: clock.now, alarm, log, tryAgain: looking.start })
  const isHeld = () => pauses.isOver() || outage.isPausing()
  const due = firing({ name, fire, view, log, rows, queue, reading, pauses, isHeld }, onDone)
  let hasLooked = false
  let wasFull = false

  async function look(): Promise<void> {
    if (isHeld()) return
    if (view.status().state !== 'live') return alarm.set(VIEW_PAUSE_MILLISECONDS, looking.start)
    try {
      await due.begin()
    } catch (error) {
      outage.begin(error)
    }
    // An outage may have begun meanwhile, with what is being fired.
    if (isHeld()) return
    hasLooked = true
    if (due.isIdle()) outage.over()
    const isFull = reading.isFull()
    if (isFull && !wasFull) log.error({ name }, 'too many deadlines are due and stay, no other is fired')
    wasFull = isFull
    const dueAt = reading.nextDueAt()
    if (dueAt !== undefined) alarm.set(Math.min(millisecondsUntil(dueAt), LONGEST_SLEEP_MILLISECONDS), timePassed)
  }

  function onDone(outcome: Outcome): void {
    if (typeof outcome === 'object') outage.begin(outcome.outage)
    else if (outcome === 'fired') outage.over()
    looking.start()
  }

  function timePassed(): void {
    const dueAt = reading.nextDueAt()
    if (dueAt !== undefined && millisecondsUntil(dueAt) === 0) reading.restart()
    looking.start()
  }

  function millisecondsUntil(instant: Instant): number {
    return Math.max(0, Date.parse(instant) - Date.parse(clock.now()))
  }

  const forgetClock = clock.onAdvanced(timePassed)
  looking.start()
  return {
    name,
    wake() {
      reading.restart()
      looking.start()
    },
    status() {
      const isStopped = pauses.isOver() || view.status().state === 'stopped'
      const lag = outage.lagMilliseconds()
      const state = isStopped ? 'stopped' : hasLooked && lag === undefined ? 'live' : 'catchingUp'
      return { state, lagMilliseconds: lag ?? 0, hasCaughtUp: hasLooked, failing: queue.failing() }
    },
    async stop() {
      forgetClock()
      pauses.end()
      await Promise.all([looking.idle(), due.idle()])
      alarm.clear()
    },
  }
}
