import type { EventStore, RecordedEvent } from '@relais/event-store/port'
import { StoreUnavailable } from '@relais/event-store/port'

/** Events to handle together, in log order. Once they are handled, everything up to `position` is. */
export type Batch = {
  events: readonly RecordedEvent[]
  position: number
  /** Whether history is exhausted with this batch. */
  caughtUp: boolean
}

type Subscription = {
  after: number
  categories: readonly string[]
  signal: AbortSignal
  /** How many events of history are handled together; what comes live is handed on at once. */
  size: number
  /** So many events are handed on one by one first, to find the one that fails. */
  oneByOne: number
}

/**
 * The log after a position, in batches, until `signal` aborts.
 * @throws StoreUnavailable
 */
export async function* batches(store: EventStore, subscription: Subscription): AsyncGenerator<Batch> {
  const { after, categories, signal, size } = subscription
  let { oneByOne } = subscription
  let waiting: RecordedEvent[] = []
  let position = after
  let live = false
  for await (const notification of store.subscribe({ after: after === 0 ? undefined : after, categories, signal })) {
    if (notification.type === 'events') {
      for (const event of notification.events) {
        waiting.push(event)
        position = event.position
        if (oneByOne > 0) yield { events: waiting.splice(0), position, caughtUp: false }
        oneByOne -= 1
      }
    }
    if (notification.type === 'checkpoint') position = Math.max(position, notification.position)
    const caughtUp = notification.type === 'caughtUp'
    const isEarly = waiting.length > 0 && waiting.length < size && !live
    if (caughtUp || !isEarly) {
      yield { events: waiting, position, caughtUp }
      waiting = []
    }
    live ||= caughtUp
  }
  if (!signal.aborted) throw new StoreUnavailable('The subscription ended')
}
