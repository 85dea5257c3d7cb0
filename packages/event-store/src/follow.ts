import { StoreUnavailable, type Notification, type RecordedEvent, type SubscribeOptions } from './port.ts'

/** A log that is at hand: readable a page at a time, and able to say that it has grown. */
export type FollowedLog = {
  /** Events of `categories` after a position. `scannedTo` is the last position examined, `undefined` at the end. */
  pageAfter(
    position: number,
    categories: readonly string[],
  ): { events: readonly RecordedEvent[]; scannedTo: number | undefined }
  lastPosition(): number
  onCommitted(listener: () => void): () => void
  closing: AbortSignal
  /** Lets others run between two pages of history. */
  betweenPages(): Promise<void>
}

/**
 * `EventStore.subscribe` over a log at hand. It reads on demand, so that a slow consumer misses nothing and holds one
 * page at most.
 * @throws StoreUnavailable when the log closes
 */
export async function* follow(log: FollowedLog, options: SubscribeOptions): AsyncGenerator<Notification> {
  const { after = 0, categories, signal } = options
  let handled = after
  let isLive = false
  while (!signal.aborted) {
    if (log.closing.aborted) throw new StoreUnavailable('The log is closed.', { cause: log.closing.reason })
    const { events, scannedTo = handled } = log.pageAfter(handled, categories)
    const isExhausted = scannedTo >= log.lastPosition()
    if (events.length > 0) yield { type: 'events', events }
    if (scannedTo > (events.at(-1)?.position ?? handled)) yield { type: 'checkpoint', position: scannedTo }
    if (isExhausted && !isLive) yield { type: 'caughtUp' }
    handled = scannedTo
    isLive = isExhausted
    if (isExhausted) await growth(log, handled, signal)
    else await log.betweenPages()
  }
}

/** Resolves once the log has gone past `position`, closes, or `signal` aborts. */
async function growth(log: FollowedLog, position: number, signal: AbortSignal): Promise<void> {
  if (log.lastPosition() > position || signal.aborted || log.closing.aborted) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  const stopListening = log.onCommitted(wake)
  signal.addEventListener('abort', wake)
  log.closing.addEventListener('abort', wake)
  await promise
  stopListening()
  signal.removeEventListener('abort', wake)
  log.closing.removeEventListener('abort', wake)
}
