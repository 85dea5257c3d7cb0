import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { DatabaseUnavailable } from '@relais/database/errors'
import { exclusive } from '@relais/database/exclusive'
import type { Connection } from '@relais/database/statements'
import type { EventStore } from '@relais/event-store/port'
import { applyBatch, loadingTarget, type Projected, type Target, targetOf } from './apply.ts'
import { batches } from './batches.ts'
import { type Generation, holdServing } from './checkpoints.ts'
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
import { snapshot, structureChange } from './sql.ts'

export const HISTORY_BATCH = 2048
/** Whoever reads a view for long keeps the switch from its lock on PostgreSQL. */
const SWITCH_ATTEMPTS = 50
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
  /** Takes the place of a view that is still empty: history up to `until`, in the way of a rebuild. */
  load(until: number): Promise<void>
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
    load: (until) => inTurn(() => withShadow(deps, { until }, (shadow) => switchTo(deps, shadow))),
    rebuild: (onProgress) =>
      inTurn(() =>
        withShadow(deps, { onProgress }, async (shadow) => {
          await switchTo(deps, shadow)
          return { checksum: await checksum() }
        }),
      ),
    verify: (onProgress) =>
      inTurn(() =>
        withShadow(deps, { onProgress }, async (shadow) => {
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
        if (attempt === SWITCH_ATTEMPTS || !isLockTimeout(error)) throw error
      }
      // Whoever reads that long is let through, and others behind.
      await pause(LOCK_PAUSE_MILLISECONDS, undefined, { signal })
    }
  } finally {
    goOn()
  }
}

/** The view stands still until both can be looked at in one state of the database, not while they are read. */
async function compareWith<Event>(
  deps: JobDeps<Event>,
  shadow: Target,
): Promise<{ checksum: string; matches: boolean }> {
  const { projected } = deps
  const goOn = await standStill(deps)
  try {
    const { position } = await servingGeneration(projected)
    const { generation } = await fill(deps, shadow, { until: position })
    return await compare(projected, generation, goOn)
  } finally {
    await goOn()
  }
}

/** Keeps this process, and on PostgreSQL other replicas, from moving the view on. */
async function standStill<Event>({ projected, hold }: JobDeps<Event>): Promise<() => Promise<void>> {
  const goOnHere = await hold()
  const held = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const holding =
    projected.database.kind === 'sqlite'
      ? held.resolve()
      : projected.database.db.transaction().execute(async (connection) => {
          await holdServing(projected, connection)
          held.resolve()
          await over.promise
        })
  try {
    await Promise.race([held.promise, holding])
  } catch (error) {
    goOnHere()
    throw error
  }
  return async () => {
    over.resolve()
    goOnHere()
    await holding
  }
}

/** Brings the shadow to where the view is, which nobody moves on meanwhile, and goes on in the same transaction. */
function inStep<Event>(
  deps: JobDeps<Event>,
  shadow: Target,
  work: (shadow: Target, connection: Connection) => Promise<void>,
): Promise<Target> {
  const { projected } = deps
  return structureChange(projected.database, async (connection) => {
    await holdServing(projected, connection)
    const { position } = await servingGeneration(projected, connection)
    const target = await fill(deps, shadow, { until: position, within: connection })
    await work(target, connection)
    return target
  })
}

function isLockTimeout(error: unknown): boolean {
  const cause = error instanceof DatabaseUnavailable ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === '55P03'
}

async function withShadow<Event, Result>(
  deps: JobDeps<Event>,
  { onProgress, until }: { onProgress?: OnProgress | undefined; until?: number },
  work: (shadow: Target) => Promise<Result>,
): Promise<Result> {
  const { projected } = deps
  const serving = await servingGeneration(projected)
  const created = await createShadow(projected)
  try {
    const report = (handled: number) => onProgress?.({ handled, total: Math.max(handled, serving.handled) })
    report(0)
    const loaded = await fill(deps, loadingTarget(projected, created), { until: until ?? serving.position, report })
    await completeShadow(projected, loaded.generation)
    const filled = targetOf(projected, loaded.generation)
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

/** Both checksums in one state of the database, which may move on once it is fixed. */
function compare<Event>(projected: Projected<Event>, shadow: Generation, goOn: () => Promise<void>) {
  const { database, run, tables } = projected
  return snapshot(database, async (connection) => {
    const serving = await servingGeneration(projected, connection)
    const built = await readGeneration(projected, shadow, connection)
    if (built?.position !== serving.position) throw new JobAbandoned('Another process moved the view on')
    await goOn()
    const checksum = await checksumOf(run, connection, { tables, generation: built.generation })
    const served = await checksumOf(run, connection, { tables, generation: serving.generation })
    return { checksum, matches: checksum === served }
  })
}
