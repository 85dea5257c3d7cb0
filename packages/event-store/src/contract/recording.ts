import type { EventStore, Notification, RecordedEvent } from '../port.ts'

/** A subscription whose notifications are kept, and can be waited for. */
export type Recording = {
  seen: Notification[]
  events(): RecordedEvent[]
  /** Resolves once `isEnough`; rejects when the subscription ends first. */
  until(isEnough: (recording: Recording) => boolean): Promise<void>
  /** Aborts the subscription and resolves when its loop has ended; rejects when that loop threw. */
  stop(): Promise<void>
}

type RecordingOptions = {
  after?: number | undefined
  categories: readonly string[]
  /** Awaited before the next notification is asked for. */
  handle?: (notification: Notification) => Promise<void>
}

export function record(store: EventStore, { after, categories, handle }: RecordingOptions): Recording {
  const controller = new AbortController()
  const seen: Notification[] = []
  let changed = Promise.withResolvers<void>()

  async function consume() {
    for await (const notification of store.subscribe({ after, categories, signal: controller.signal })) {
      seen.push(notification)
      changed.resolve()
      changed = Promise.withResolvers()
      await handle?.(notification)
    }
  }
  const ended = consume()
  const tooEarly = ended.then(() => {
    throw new Error('the subscription ended before what was waited for')
  })
  tooEarly.catch(() => {})
  const recording: Recording = {
    seen,
    events: () => eventsOf(seen),
    async until(isEnough) {
      while (!isEnough(recording)) await Promise.race([changed.promise, tooEarly])
    },
    async stop() {
      controller.abort()
      await ended
    },
  }
  return recording
}

export const eventsOf = (seen: readonly Notification[]): RecordedEvent[] =>
  seen.flatMap((notification) => (notification.type === 'events' ? notification.events : []))

export const isCaughtUp = ({ seen }: Recording): boolean => seen.some(({ type }) => type === 'caughtUp')
