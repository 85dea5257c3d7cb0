import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { DatabaseFull, DatabaseUnavailable } from '@relais/database/errors'
import { type EventStore, LogFull, StoreUnavailable } from '@relais/event-store/port'
import type { LogLine } from '@relais/telemetry/logger'
import { type Batch, batches } from './batches.ts'
import { lagMeter } from './lag.ts'
import type { FollowStatus } from './projection.ts'
import { reachedPosition } from './reached-position.ts'

export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>
export type FollowLog = Readonly<Record<'info' | 'warn' | 'error', LogLine>>

/** What every loop over the log is given at the composition root. */
export type FollowDeps = {
  store: EventStore
  log: FollowLog
  /** The current instant, as contracts write it. */
  now: () => string
  /** Waits between two attempts; rejects when `signal` aborts. */
  sleep?: Sleep
}

export type Handling = {
  kind: 'projection' | 'reaction'
  name: string
  categories: readonly string[]
  /** Events of history handled together. */
  batchSize: number
  /** The last position handled, 0 for none. */
  resumeAfter(): Promise<number>
  /** `live` once history was exhausted for the first time. A batch without events only moves the position. */
  handle(batch: Batch, live: boolean): Promise<void>
  /** History is exhausted. */
  caughtUp(): Promise<void>
  /** Whether what was handled can be seen yet. */
  isVisible(): boolean
}

export type Follower = {
  status(): FollowStatus
  reaches(position: number, timeoutMilliseconds: number): Promise<boolean>
  stop(): Promise<void>
}

const ATTEMPTS = 5
const FIRST_PAUSE_MILLISECONDS = 100
const LONGEST_PAUSE_MILLISECONDS = 5000
/** Events of others move the position without work: it is saved at most so often. */
const IDLE_SAVE_MILLISECONDS = 1000

/**
 * Follows the log from what was handled last. A failure is tried again from there, event by event so that the log names
 * the one that fails; after five failures at the same place it stops, for a person to look. What is merely unavailable
 * is waited for without end: the lag says so.
 */
export function startFollower(handling: Handling, deps: FollowDeps): Follower {
  const { kind, name } = handling
  const stopping = new AbortController()
  const { signal } = stopping
  const lag = lagMeter(deps.now)
  const reached = reachedPosition()
  const sleep = deps.sleep ?? ((milliseconds, until) => pause(milliseconds, undefined, { signal: until }))
  let state: FollowStatus['state'] = 'catchingUp'
  let hasCaughtUp = false
  let failures = 0
  let current: Batch | undefined
  let savedAt = 0

  const handleBatch = async (batch: Batch) => {
    current = batch
    const instant = Date.parse(deps.now())
    if (batch.events.length > 0 || batch.caughtUp || instant - savedAt >= IDLE_SAVE_MILLISECONDS) {
      lag.working(batch.events[0])
      await handling.handle(batch, hasCaughtUp)
      savedAt = instant
    }
    if (batch.events.length > 0) failures = 0
    if (batch.caughtUp) await handling.caughtUp()
    hasCaughtUp ||= batch.caughtUp
    if (batch.caughtUp) state = 'live'
    if (state === 'live') lag.upToDate()
    else lag.handled(batch.events.at(-1))
    if (handling.isVisible()) reached.moveTo(batch.position)
  }

  const followOnce = async (oneByOne: number) => {
    const after = await handling.resumeAfter()
    if (handling.isVisible()) reached.moveTo(after)
    const { categories, batchSize: size } = handling
    for await (const batch of batches(deps.store, { after, categories, signal, size, oneByOne })) {
      await handleBatch(batch)
      if (state !== 'live') await setImmediate()
    }
  }

  /** @returns whether to try again, and how carefully */
  const recover = async (error: unknown): Promise<{ oneByOne: number } | undefined> => {
    state = 'catchingUp'
    lag.interrupted()
    const eventId = current?.events.length === 1 ? current.events[0]?.id : undefined
    const attempt = (failures += 1)
    const fields = { [kind]: name, eventId, attempt, error }
    if (!isUnavailable(error) && attempt > ATTEMPTS) {
      state = 'stopped'
      reached.giveUp()
      deps.log.error(fields, 'stopped following the log')
      return undefined
    }
    deps.log.warn(fields, 'following the log failed, trying again')
    await sleep(Math.min(FIRST_PAUSE_MILLISECONDS * 3 ** (attempt - 1), LONGEST_PAUSE_MILLISECONDS), signal)
    return { oneByOne: isUnavailable(error) ? 0 : handling.batchSize }
  }

  const run = async () => {
    let next: { oneByOne: number } | undefined = { oneByOne: 0 }
    while (next !== undefined && !signal.aborted) {
      try {
        await followOnce(next.oneByOne)
      } catch (error) {
        // Waiting ends early only because of `stop`.
        next = signal.aborted ? undefined : await recover(error).catch(() => undefined)
      }
    }
  }

  const running = run()
  return {
    status: () => ({ state, ...reached.status(), lagMilliseconds: lag.milliseconds(), hasCaughtUp }),
    reaches: reached.reaches,
    async stop() {
      stopping.abort()
      reached.giveUp()
      await running
    },
  }
}

function isUnavailable(error: unknown): boolean {
  return [StoreUnavailable, LogFull, DatabaseUnavailable, DatabaseFull].some((kind) => error instanceof kind)
}
