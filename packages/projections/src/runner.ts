import { exclusive } from '@relais/database/exclusive'
import { runner } from '@relais/database/statements'
import type { Decoded } from '@relais/event-store/codec'
import type { CodecSet } from '@relais/events/codec'
import { applyBatch, type Projected, type Target, targetOf } from './apply.ts'
import type { Batch } from './batches.ts'
import type { Generation } from './checkpoints.ts'
import { type FollowDeps, startFollower } from './follower.ts'
import { openGeneration, readGeneration, serveGeneration, servingGeneration } from './generations.ts'
import { historyLoader } from './history-loader.ts'
import { HISTORY_BATCH, JobAbandoned, projectionJobs } from './jobs.ts'
import type { Projection, RunningProjection } from './projection.ts'
import type { AnyDatabase } from './sql.ts'
import { checkDeclaration, declarationHash } from './tables.ts'

/** After a crash, at most so many events are read again that wrote nothing. */
const MOST_PASSED_EVENTS = 64

export type ProjectionOptions<Event> = FollowDeps & {
  projection: Projection<Event>
  codecs: CodecSet<Event>
  database: AnyDatabase
  /** The id of the log: with another one, the view is built again from its beginning. */
  epoch: string
  /**
   * Awaited after each commit of this process; what another replica commits is not passed on. `live` is false for the
   * history read at the start, and true ever after. A failure is logged and changes nothing.
   */
  onCommitted?: (decoded: readonly Decoded<Event>[], live: boolean) => Promise<void> | void
  /**
   * Awaited when the view has moved past events that `onCommitted` was not given: another replica committed them, a
   * long history was loaded at once, or this process never had the answer to its commit. Comes before whatever is
   * committed next.
   */
  onOvertaken?: () => Promise<void> | void
  /** On PostgreSQL, flushes each commit: for who tells others what is committed, and outlives a server that crashes. */
  flushed?: boolean
}

/**
 * Keeps the tables of a projection up to date with the log: rows and checkpoint of each batch in one transaction, so
 * that a restart anywhere changes nothing, and replicas share the work by compare-and-set of the checkpoint.
 * @throws Error for tables that cannot be declared so
 */
export function startProjection<Event>(options: ProjectionOptions<Event>): RunningProjection {
  const { projection, codecs, database, epoch, store, flushed = false } = options
  const { name, tables } = projection
  checkDeclaration(tables)
  const declaration = declarationHash(tables)
  const run = runner(database.kind)
  const projected: Projected<Event> = { projection, codecs, database, run, name, epoch, declaration, tables, flushed }
  const view = followedView(projected, listenersOf(options))
  const stopping = new AbortController()
  const jobs = projectionJobs({ projected, store, signal: stopping.signal, hold: view.hold, onServed: view.reload })
  const loadHistory = historyLoader({ store, kind: database.kind, load: jobs.load })
  const resumeAfter = async () => {
    const position = await view.resumeAfter()
    return position === 0 && view.isVisible() && (await loadHistory()) ? view.resumeAfter() : position
  }
  const follower = startFollower(
    { kind: 'projection', name, categories: codecs.categories, batchSize: HISTORY_BATCH, ...view, resumeAfter },
    options,
  )
  return {
    name,
    status: follower.status,
    reaches: follower.reaches,
    checksum: () => view.opened.then(jobs.checksum),
    rebuild: (onProgress) => view.opened.then(() => jobs.rebuild(onProgress)),
    verify: (onProgress) => view.opened.then(() => jobs.verify(onProgress)),
    async stop() {
      stopping.abort()
      view.opened.catch(() => undefined)
      view.abandon()
      await follower.stop()
      await jobs.idle()
    },
  }
}

type Listeners<Event> = {
  onCommitted(decoded: readonly Decoded<Event>[], live: boolean): Promise<void>
  onOvertaken(): Promise<void>
}

/** A failure of theirs is logged and changes nothing. */
function listenersOf<Event>(options: ProjectionOptions<Event>): Listeners<Event> {
  const { projection, log, onCommitted, onOvertaken } = options
  const tell = async (telling: () => Promise<void> | void, eventId?: string) => {
    try {
      await telling()
    } catch (error) {
      log.error({ projection: projection.name, eventId, error }, 'what follows a commit failed')
    }
  }
  return {
    onCommitted: (decoded, live) => tell(() => onCommitted?.(decoded, live), decoded[0]?.id),
    onOvertaken: () => tell(() => onOvertaken?.()),
  }
}

/** The generation that follows the log, and how it moves. */
function followedView<Event>(projected: Projected<Event>, { onCommitted, onOvertaken }: Listeners<Event>) {
  const hold = exclusive()
  const opened = Promise.withResolvers<void>()
  let target: Target | undefined

  const reload = async (): Promise<Target> => {
    const before = target?.generation
    const building = before?.serving === false ? await readGeneration(projected, before) : undefined
    target = targetOf(projected, building ?? (await servingGeneration(projected)), target)
    if (before !== undefined && hasPassedEvents(before, target.generation)) await onOvertaken()
    return target
  }
  const open = async (): Promise<Target> => {
    target = targetOf(projected, await openGeneration(projected))
    opened.resolve()
    return target
  }
  /** @returns whether the batch is done, by us or by another replica */
  const tryBatch = async (from: Target, batch: Batch, live: boolean): Promise<boolean> => {
    const { position } = from.generation
    const passed = from.passed?.position ?? position
    if (batch.position <= passed) return true
    const events = batch.events.filter((event) => event.position > passed)
    const mostPassed = from.generation.serving ? MOST_PASSED_EVENTS : 0
    const applied = await applyBatch(projected, from, { events, position: batch.position, mostPassed })
    if (applied === undefined) {
      const moved = await reload()
      if (moved.generation.position < position) throw new Error('The checkpoint was moved back')
      return false
    }
    target = applied.target
    if (applied.decoded.length > 0) await onCommitted(applied.decoded, live)
    return true
  }

  return {
    hold,
    opened: opened.promise,
    abandon: () => opened.reject(new JobAbandoned('The projection was stopped')),
    reload: async () => void (await reload()),
    resumeAfter: async () => (await (target === undefined ? open() : reload())).generation.position,
    async handle(batch: Batch, live: boolean) {
      for (let done = false; !done;) {
        const release = await hold()
        try {
          done = await tryBatch(target ?? (await open()), batch, live)
        } finally {
          release()
        }
      }
    },
    async caughtUp() {
      if (target === undefined || target.generation.serving) return
      await serveGeneration(projected, target.generation)
      await reload()
    },
    isVisible: () => target?.generation.serving === true,
  }
}

/** A replica with nothing to do saves its position too, which passes nobody's events. */
function hasPassedEvents(before: Generation, now: Generation): boolean {
  return now.position > before.position && now.handled !== before.handled
}
