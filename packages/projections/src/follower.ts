import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { DatabaseFull, DatabaseUnavailable } from '@relais/database/errors'
import { type EventStore, LogFull, StoreUnavailable } from '@relais/event-store/port'
import type { LogLine } from '@relais/telemetry/logger'
import { type Batch, batches } from './batches.ts'
import type { FollowStatus } from './projection.ts'
import { type Standing, standingFrom } from './standing.ts'

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
 * is waited for without end, and counts for nothing: the lag says so.
 */
export function startFollower(handling: Handling, deps: FollowDeps): Follower {
  const stopping = new AbortController()
  const standing = standingFrom(deps.now)
  const running = run({
    handling,
    deps,
    standing,
    signal: stopping.signal,
    failures: 0,
    outages: 0,
    savedAt: 0,
    current: undefined,
  })
  return {
    status: standing.status,
    reaches: standing.reaches,
    async stop() {
      stopping.abort()
      standing.ended()
      await running
    },
  }
}

type Following = {
  readonly handling: Handling
  readonly deps: FollowDeps
  readonly standing: Standing
  readonly signal: AbortSignal
  /** In a row, at the same place. */
  failures: number
  /** In a row. */
  outages: number
  /** When a position was last saved that came without events. */
  savedAt: number
  current: Batch | undefined
}

async function run(following: Following): Promise<void> {
  let next: { oneByOne: number } | undefined = { oneByOne: 0 }
  while (next !== undefined && !following.signal.aborted) {
    try {
      await followOnce(following, next.oneByOne)
    } catch (error) {
      // Waiting ends early only because of `stop`.
      next = following.signal.aborted ? undefined : await recover(following, error).catch(() => undefined)
    }
  }
}

async function followOnce(following: Following, oneByOne: number): Promise<void> {
  const { handling, deps, standing, signal } = following
  const after = await handling.resumeAfter()
  if (handling.isVisible()) standing.reached(after)
  const { categories, batchSize: size } = handling
  for await (const batch of batches(deps.store, { after, categories, signal, size, oneByOne })) {
    following.current = batch
    await handleBatch(following, batch)
    if (standing.status().state !== 'live') await setImmediate()
  }
}

async function handleBatch(following: Following, batch: Batch): Promise<void> {
  const { handling, standing } = following
  if (batch.events.length > 0 || batch.caughtUp || isTimeToSave(following)) {
    standing.working(batch.events[0])
    await handling.handle(batch, standing.status().hasCaughtUp)
  }
  if (batch.caughtUp) await handling.caughtUp()
  following.outages = 0
  // Not for any empty batch: it may come before the event that fails, each time. The end of history comes after it.
  if (batch.events.length > 0 || batch.caughtUp) following.failures = 0
  standing.handled(batch)
  if (handling.isVisible()) standing.reached(batch.position)
}

/** Of a batch without events. */
function isTimeToSave(following: Following): boolean {
  const instant = Date.parse(following.deps.now())
  if (instant - following.savedAt < IDLE_SAVE_MILLISECONDS) return false
  following.savedAt = instant
  return true
}

/** @returns how carefully to try again; `undefined` when it is time for a person to look */
async function recover(following: Following, error: unknown): Promise<{ oneByOne: number } | undefined> {
  const { handling, deps, standing, signal, current } = following
  standing.interrupted()
  const isOutage = isUnavailable(error)
  const attempt = isOutage ? (following.outages += 1) : (following.failures += 1)
  const eventId = current?.events.length === 1 ? current.events[0]?.id : undefined
  const fields = { [handling.kind]: handling.name, eventId, attempt, error }
  if (!isOutage && attempt > ATTEMPTS) {
    standing.stopped()
    deps.log.error(fields, 'stopped following the log')
    return undefined
  }
  deps.log.warn(fields, 'following the log failed, trying again')
  const milliseconds = Math.min(FIRST_PAUSE_MILLISECONDS * 3 ** (attempt - 1), LONGEST_PAUSE_MILLISECONDS)
  await (deps.sleep === undefined ? pause(milliseconds, undefined, { signal }) : deps.sleep(milliseconds, signal))
  return { oneByOne: isOutage ? 0 : handling.batchSize }
}

/** Whether the log or a database is away or full: nothing is wrong with what was tried. */
export function isUnavailable(error: unknown): boolean {
  return [StoreUnavailable, LogFull, DatabaseUnavailable, DatabaseFull].some((kind) => error instanceof kind)
}
