import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  StreamNotFoundError,
  type AllStreamResolvedEvent,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client'
import {
  StoreUnavailable,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
} from '@relais/event-store/port'
import { framesOf } from './frames.ts'
import { isSystemRecord, positionOf, recordedEvent } from './recorded.ts'
import type { Session } from './session.ts'

/** Events taken from the client's buffer at once. */
const BATCH = 256
/** Asked for beyond the limit of a read of the whole log, as some may be the server's own. */
const MARGIN = 64

/** Reads one stream, going on after the last event received when the connection is lost. */
export async function* readStream(
  session: Session,
  stream: string,
  { direction = 'forwards', from, limit = Infinity }: ReadStreamOptions = {},
): AsyncGenerator<RecordedEvent> {
  const step = direction === 'forwards' ? 1 : -1
  const retries = session.startRetries(session.closing)
  let next = from
  for (let left = limit; left > 0;) {
    if (next !== undefined && next < 0) return
    if (session.closing.aborted) throw new StoreUnavailable('The store is closed')
    const call = session.connections.next().readStream(stream, {
      direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
      fromRevision: next === undefined ? startOf(direction) : BigInt(next),
      maxCount: Math.min(left, Number.MAX_SAFE_INTEGER),
    })
    try {
      for await (const { event } of received<ResolvedEvent>(session, call)) {
        if (!event) continue
        retries.succeeded()
        const recorded = recordedEvent(event)
        next = recorded.revision + step
        left -= 1
        yield recorded
      }
      return
    } catch (error) {
      if (error instanceof StreamNotFoundError) return
      await retries.afterFailure(error)
    }
  }
}

/** Reads the whole log without the server's own records, going on where the connection was lost. */
export async function* readAll(
  session: Session,
  { direction = 'forwards', from, limit = Infinity }: ReadAllOptions = {},
): AsyncGenerator<RecordedEvent> {
  const retries = session.startRetries(session.closing)
  let last: number | undefined
  for (let left = limit; left > 0;) {
    if (session.closing.aborted) throw new StoreUnavailable('The store is closed')
    const asked = Math.min(left + MARGIN, Number.MAX_SAFE_INTEGER)
    let count = 0
    const call = session.connections.next().readAll({
      direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
      fromPosition: positionFrom(last ?? from, direction),
      maxCount: asked,
    })
    try {
      for await (const { event } of received<AllStreamResolvedEvent>(session, call)) {
        count += 1
        // Forwards, the start is inclusive: the last one received comes again.
        if (!event || (direction === 'forwards' && positionOf(event) === last)) continue
        retries.succeeded()
        last = positionOf(event)
        if (isSystemRecord(event)) continue
        left -= 1
        yield recordedEvent(event)
        if (left <= 0) return
      }
      if (count < asked) return
    } catch (error) {
      await retries.afterFailure(error)
    }
  }
}

/** The events of one call. Leaving early cancels it: the client would keep it open. */
async function* received<Resolved>(session: Session, call: StreamingRead<Resolved>): AsyncGenerator<Resolved> {
  const frames = framesOf<Resolved>(call)
  const wait = { milliseconds: session.deadlineMilliseconds, signal: session.closing }
  try {
    for (;;) {
      const batch = await frames.take(BATCH, wait)
      if (batch === 'ended') return
      yield* batch
      if (session.closing.aborted) throw new StoreUnavailable('The store is closed')
    }
  } finally {
    // Rejects when the call could never be made, which is what its error said already.
    await call.cancel().catch(() => {})
  }
}

const startOf = (direction: 'forwards' | 'backwards') => (direction === 'forwards' ? START : END)

function positionFrom(from: number | undefined, direction: 'forwards' | 'backwards') {
  if (from === undefined || (from === 0 && direction === 'forwards')) return startOf(direction)
  return { commit: BigInt(from), prepare: BigInt(from) }
}
