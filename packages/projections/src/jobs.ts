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
import { type Connection, snapshot } from './sql.ts'

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
type Jobs = Pick<RunningProjection, 'checksum' | 'rebuild' | 'verify'>

/** What is done to a whole view, one job at a time, while it is served and kept up to date. */
export function projectionJobs<Event>(deps: JobDeps<Event>): Jobs {
  const { projected, hold, onServed } = deps
  const nextJob = exclusive()

  const checksum = () =>
    snapshot(projected.database, async (connection) => {
      const { generation } = await servingGeneration(projected, connection)
      return checksumOf(projected.run, connection, { tables: projected.tables, generation })
    })

  return {
    checksum,
    async rebuild(onProgress) {
      const release = await nextJob()
      try {
        return await withShadow(deps, onProgress, async (shadow) => {
          await inLaps(shadow, deps, async ({ generation }) => {
            const served = await serveGeneration(projected, generation)
            if (served) await onServed()
            return served || undefined
          })
          return { checksum: await checksum() }
        })
      } finally {
        release()
      }
    },
    async verify(onProgress) {
      const release = await nextJob()
      try {
        return await withShadow(deps, onProgress, async (shadow) => {
          const compared = await inLaps(shadow, deps, (target, goOn) => compare(projected, target, goOn))
          await dropGeneration(projected, shadow.generation)
          return compared
        })
      } finally {
        release()
      }
    },
  }

  /** Brings the shadow to the position of the view, which stands still meanwhile, and does something with both. */
  async function inLaps<Result>(
    shadow: Target,
    job: JobDeps<Event>,
    work: (shadow: Target, goOn: () => void) => Promise<Result | undefined>,
  ): Promise<Result> {
    let target = shadow
    for (let lap = 1; lap <= LAPS; lap++) {
      const goOn = await hold()
      try {
        const { position } = await servingGeneration(projected)
        target = await fill(job, target, { until: position })
        const result = await work(target, goOn)
        if (result !== undefined) return result
      } finally {
        goOn()
      }
    }
    throw new JobAbandoned('The view never stood still for long enough')
  }
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
function compare<Event>({ database, run, tables, ...scope }: Projected<Event>, shadow: Target, goOn: () => void) {
  const declared = { database, run, tables, ...scope }
  return snapshot(database, async (connection: Connection) => {
    const serving = await servingGeneration(declared, connection)
    const built = await readGeneration(declared, shadow.generation, connection)
    if (built?.position !== serving.position) return undefined
    goOn()
    const checksum = await checksumOf(run, connection, { tables, generation: built.generation })
    const served = await checksumOf(run, connection, { tables, generation: serving.generation })
    return { checksum, matches: checksum === served }
  })
}
