import {
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client'
import {
  StoreUnavailable,
  type Notification,
  type RecordedEvent,
  type SubscribeOptions,
} from '@relais/event-store/port'
import { NoAnswer } from './failures.ts'
import { framesOf } from './frames.ts'
import { isSystemRecord, recordedEvent, safeNumber } from './recorded.ts'
import type { Session } from './session.ts'

/** Events held for a consumer that is busy, and the most that one batch brings. */
const BUFFER = 256
/** Events that the server looks at between two checkpoints. */
const CHECKPOINT_EVERY = 256
/** The server wants at least one prefix: a category that nobody has. */
const NO_CATEGORY = '$relais-no-category-'

/** What the subscription brings, in the order in which the server said it. */
type Mark = { mark: 'confirmed' } | { mark: 'caughtUp' } | { mark: 'checkpoint'; at: Position }
type Frame = AllStreamResolvedEvent | Mark

/**
 * Follows the log. A lost connection, or a server that drops a slow consumer, is followed by a new subscription after
 * the last position handed out: the consumer notices nothing but another `caughtUp`.
 * @throws StoreUnavailable when the server stays away, or the store closes
 */
export async function* subscribe(session: Session, options: SubscribeOptions): AsyncGenerator<Notification> {
  const signal = AbortSignal.any([options.signal, session.closing])
  const retries = session.startRetries(signal)
  let { after } = options
  while (!signal.aborted) {
    const lease = session.connections.lease()
    try {
      for await (const notification of notifications(session, lease.client, { ...options, after, signal })) {
        retries.succeeded()
        after = lastPosition(notification) ?? after
        yield notification
      }
    } catch (error) {
      if (!signal.aborted) await retries.afterFailure(error)
    } finally {
      lease.release()
    }
  }
  if (!options.signal.aborted) throw new StoreUnavailable('The store is closed')
}

/** One subscription of the client, until it fails or `signal` aborts. */
async function* notifications(
  session: Session,
  client: EventStoreDBClient,
  { after, categories, signal }: SubscribeOptions,
): AsyncGenerator<Notification> {
  const subscription = openSubscription(client, after, prefixesOf(categories))
  const frames = framesOf<Frame>(subscription)
  let milliseconds = session.deadlineMilliseconds
  try {
    while (!signal.aborted) {
      const batch = await frames.take(BUFFER, { milliseconds, signal })
      if (batch === 'ended') throw new NoAnswer('The subscription has ended')
      // Confirmed: from now on silence is normal, and the client's keepalive notices a dead connection.
      if (batch.length > 0) milliseconds = Infinity
      for (const notification of grouped(batch, after)) {
        if (signal.aborted) return
        after = lastPosition(notification) ?? after
        yield notification
      }
    }
  } finally {
    // Rejects when the subscription could never be made, which is what its error said already.
    await subscription.unsubscribe().catch(() => {})
  }
}

/**
 * The client announces marks when they arrive, ahead of the events that wait in its buffer: they are put into that
 * buffer, so that they come out in their place.
 */
function openSubscription(client: EventStoreDBClient, after: number | undefined, prefixes: string[]) {
  const filter = streamNameFilter({
    prefixes,
    maxSearchWindow: CHECKPOINT_EVERY,
    checkpointInterval: 1,
    checkpointReached: (_subscription, at) => put({ mark: 'checkpoint', at }),
  })
  const fromPosition = after === undefined || after === 0 ? START : { commit: BigInt(after), prepare: BigInt(after) }
  const subscription: AllStreamSubscription = client.subscribeToAll({ fromPosition, filter }, { highWaterMark: BUFFER })
  const put = (frame: Frame) => void subscription.push(frame)
  subscription.on('confirmation', () => put({ mark: 'confirmed' }))
  subscription.on('caughtUp', () => put({ mark: 'caughtUp' }))
  return subscription
}

/** Neighbouring events become one batch. Checkpoints that say nothing new are left out. */
function* grouped(frames: readonly Frame[], after: number | undefined): Generator<Notification> {
  let events: RecordedEvent[] = []
  let last = after ?? 0
  for (const frame of frames) {
    if (!('mark' in frame)) {
      if (frame.event && !isSystemRecord(frame.event)) events.push(recordedEvent(frame.event))
      continue
    }
    if (frame.mark === 'confirmed') continue
    if (events.length > 0) yield { type: 'events', events }
    last = events.at(-1)?.position ?? last
    events = []
    const position = frame.mark === 'checkpoint' ? safeNumber(frame.at.commit) : last
    if (frame.mark === 'caughtUp') yield { type: 'caughtUp' }
    else if (position > last) yield { type: 'checkpoint', position }
    last = position
  }
  if (events.length > 0) yield { type: 'events', events }
}

function lastPosition(notification: Notification): number | undefined {
  if (notification.type === 'events') return notification.events.at(-1)?.position
  return notification.type === 'checkpoint' ? notification.position : undefined
}

/** Streams whose name starts with `$` are never delivered. */
function prefixesOf(categories: readonly string[]): string[] {
  const prefixes = categories.filter((category) => !category.startsWith('$')).map((category) => `${category}-`)
  return prefixes.length > 0 ? prefixes : [NO_CATEGORY]
}
