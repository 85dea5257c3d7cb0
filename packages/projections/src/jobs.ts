import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { exclusive } from '@relais/database/exclusive'
import type { EventStore } from '@relais/event-store/port'
import { applyBatch, type Projected, type Target, targetOf } from './apply.ts'
import { batches } from './batches.ts'
import { holdCheckpoints } from './checkpoints.ts'
import { checksumOf } from './checksum.ts'
import {
  completeShadow,
  createShadow,
  dropGeneration,
  readGeneration,
  serveWithin,
  servingGeneration,
} from './generations.ts'
import type { OnProgress, RunningProjection } from './projection.ts'
import { type Connection, snapshot, structureChange } from './sql.ts'

export const HISTORY_BATCH = 2048
/** A replica may move the view on between two looks; a long reader may keep the switch from its locks. */
const ATTEMPTS = 50
const LOCK_PAUSE_MILLISECONDS = 200

/** The projection must have been stopped, or another build has taken its place, while a job was running. */
export class JobAbandoned extends Error {
  readonly code = 'jobAbandoned'
}

type JobDeps<Event> = {
  projected: Projected<Event>
  store: EventStore
  signal: AbortSignal
  /** Keeps this process from moving the serving generation on, until the function it answers is called. */
  hold: () => Promise<() => void>
  /** Another generation serves now. */
  onServed: () => Promise<void>
}
type Jobs = Pick<RunningProjection, 'checksum' | 'rebuild' | 'verify'> & {
  /** Resolves once no job is under way. */
  idle(): Promise<void>
}

/** What is done to a whole view, one job at a time, while it is served and kept up to date. */
export function projectionJobs<Event>(deps: JobDeps<Event>): Jobs {
  const { projected } = deps
  const nextTurn = exclusive()
  const inTurn = async <Outcome>(job: () => Promise<Outcome>): Promise<Outcome> => {
    const release = await nextTurn()
    try {
      return await job()
    } finally {
      release()
    }
  }
  const checksum = () =>
    snapshot(projected.database, async (connection) => {
      const { generation } = await servingGeneration(projected, connection)
      return checksumOf(projected.run, connection, { tables: projected.tables, generation })
    })
  return {
    checksum,
    idle: () => inTurn(() => Promise.resolve()),
    rebuild: (onProgress) =>
      inTurn(() =>
        withShadow(deps, onProgress, async (shadow) => {
          await switchTo(deps, shadow)
          return { checksum: await checksum() }
        }),
      ),
    verify: (onProgress) =>
      inTurn(() =>
        withShadow(deps, onProgress, async (shadow) => {
          const compared = await compareWith(deps, shadow)
          await dropGeneration(projected, shadow.generation)
          return compared
        }),
      ),
  }
}

/** The last events and the switch are one transaction, which the view waits for: nobody sees it go back. */
async function switchTo<Event>(deps: JobDeps<Event>, shadow: Target): Promise<void> {
  const { projected, hold, onServed, signal } = deps
  const goOn = await hold()
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await inStep(deps, shadow, ({ generation }, connection) => serveWithin(projected, connection, generation))
        return await onServed()
      } catch (error) {
        if (attempt === ATTEMPTS || !isLockTimeout(error)) throw error
      }
      // Whoever reads that long is let through, and others behind.
      await pause(LOCK_PAUSE_MILLISECONDS, undefined, { signal })
    }
  } finally {
    goOn()
  }
}

async function compareWith<Event>(
  deps: JobDeps<Event>,
  shadow: Target,
): Promise<{ checksum: string; matches: boolean }> {
  let target = shadow
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const goOn = await deps.hold()
    try {
      target = await inStep(deps, target, () => Promise.resolve())
      const compared = await compare(deps.projected, target, goOn)
      if (compared !== undefined) return compared
    } finally {
      goOn()
    }
  }
  throw new JobAbandoned('Another replica moved the view on each time it was looked at')
}

/** Brings the shadow to where the view is, which nobody moves on meanwhile, and goes on in the same transaction. */
function inStep<Event>(
  deps: JobDeps<Event>,
  shadow: Target,
  work: (shadow: Target, connection: Connection) => Promise<void>,
): Promise<Target> {
  const { projected } = deps
  return structureChange(projected.database, async (connection) => {
    await holdCheckpoints(projected, connection)
    const { position } = await servingGeneration(projected, connection)
    const target = await fill(deps, shadow, { until: position, within: connection })
    await work(target, connection)
    return target
  })
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03'
}

async function withShadow<Event, Result>(
  deps: JobDeps<Event>,
  onProgress: OnProgress | undefined,
  work: (shadow: Target) => Promise<Result>,
): Promise<Result> {
  const { projected } = deps
  const serving = await servingGeneration(projected)
  const created = await createShadow(projected)
  try {
    const report = (handled: number) => onProgress?.({ handled, total: Math.max(handled, serving.handled) })
    report(0)
    const filled = await fill(deps, targetOf(projected, created), { until: serving.position, report })
    await completeShadow(projected, filled.generation)
    // What came in while history was read, without holding anyone up.
    const { position } = await servingGeneration(projected)
    const upToDate = await fill(deps, filled, { until: position, report })
    return await work(upToDate)
  } catch (error) {
    // What cannot be dropped now is dropped by the next job, or at the next start.
    const shadow = await readGeneration(projected, created).catch(() => undefined)
    if (shadow?.serving === false) await dropGeneration(projected, created).catch(() => undefined)
    throw error
  }
}

/** Applies the log to a shadow, up to exactly this position, which the serving generation has reached. */
async function fill<Event>(
  { projected, store, signal }: JobDeps<Event>,
  shadow: Target,
  { until, report, within }: { until: number; report?: (handled: number) => void; within?: Connection },
): Promise<Target> {
  const after = shadow.generation.position
  if (after >= until) return shadow
  const { categories } = projected.codecs
  let target = shadow
  for await (const batch of batches(store, { after, categories, signal, size: HISTORY_BATCH, oneByOne: 0 })) {
    const isLast = batch.caughtUp || batch.position >= until
    const events = isLast ? batch.events.filter(({ position }) => position <= until) : batch.events
    const applied = await applyBatch(projected, target, { events, position: isLast ? until : batch.position, within })
    if (applied === undefined) throw new JobAbandoned('Another process has started over')
    target = applied.target
    report?.(target.generation.handled)
    if (isLast) return target
    await setImmediate()
  }
  throw new JobAbandoned('The projection was stopped')
}

/** Both checksums in one state of the database; `undefined` when they are not at the same position there. */
function compare<Event>(projected: Projected<Event>, shadow: Target, goOn: () => void) {
  const { database, run, tables } = projected
  return snapshot(database, async (connection) => {
    const serving = await servingGeneration(projected, connection)
    const built = await readGeneration(projected, shadow.generation, connection)
    if (built?.position !== serving.position) return undefined
    goOn()
    const checksum = await checksumOf(run, connection, { tables, generation: built.generation })
    const served = await checksumOf(run, connection, { tables, generation: serving.generation })
    return { checksum, matches: checksum === served }
  })
}
