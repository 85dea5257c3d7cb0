import { setImmediate } from 'node:timers/promises'
import { exclusive } from '@relais/database/exclusive'
import type { EventStore } from '@relais/event-store/port'
import { applyBatch, type Projected, type Target, targetOf } from './apply.ts'
import { batches } from './batches.ts'
import { checksumOf } from './checksum.ts'
import {
  completeShadow,
  createShadow,
  dropGeneration,
  readGeneration,
  serveGeneration,
  servingGeneration,
} from './generations.ts'
import type { OnProgress, RunningProjection } from './projection.ts'
import { snapshot } from './sql.ts'

export const HISTORY_BATCH = 2048
/** Replicas may move the view on between two looks: each lap is shorter than the one before. */
const LAPS = 50

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
  const { projected, onServed } = deps
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
  const serve = async ({ generation }: Target) => {
    const served = await serveGeneration(projected, generation)
    if (served) await onServed()
    return served || undefined
  }

  return {
    checksum,
    idle: () => inTurn(() => Promise.resolve()),
    rebuild: (onProgress) =>
      inTurn(() =>
        withShadow(deps, onProgress, async (shadow) => {
          await inLaps(deps, shadow, serve)
          return { checksum: await checksum() }
        }),
      ),
    verify: (onProgress) =>
      inTurn(() =>
        withShadow(deps, onProgress, async (shadow) => {
          const compared = await inLaps(deps, shadow, (target, goOn) => compare(projected, target, goOn))
          await dropGeneration(projected, shadow.generation)
          return compared
        }),
      ),
  }
}

/**
 * Brings the shadow to the position of the view, which this process keeps still meanwhile, and does something with both;
 * again when that answers `undefined`, because a replica has moved the view on.
 */
async function inLaps<Event, Result>(
  deps: JobDeps<Event>,
  shadow: Target,
  work: (shadow: Target, goOn: () => void) => Promise<Result | undefined>,
): Promise<Result> {
  let target = shadow
  for (let lap = 1; lap <= LAPS; lap++) {
    const goOn = await deps.hold()
    try {
      const { position } = await servingGeneration(deps.projected)
      target = await fill(deps, target, { until: position })
      const result = await work(target, goOn)
      if (result !== undefined) return result
    } finally {
      goOn()
    }
  }
  throw new JobAbandoned('The view never stood still for long enough')
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
  { until, report }: { until: number; report?: (handled: number) => void },
): Promise<Target> {
  const after = shadow.generation.position
  if (after >= until) return shadow
  const { categories } = projected.codecs
  let target = shadow
  for await (const batch of batches(store, { after, categories, signal, size: HISTORY_BATCH, oneByOne: 0 })) {
    const isLast = batch.caughtUp || batch.position >= until
    const events = isLast ? batch.events.filter(({ position }) => position <= until) : batch.events
    const applied = await applyBatch(projected, target, { events, position: isLast ? until : batch.position })
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
