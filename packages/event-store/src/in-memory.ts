import { follow } from './follow.ts'
import {
  AppendTooLarge,
  StoreUnavailable,
  type AppendResult,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
} from './port.ts'

const MAX_APPEND_BYTES = 1_048_576
const PAGE = 256

type Stored = { stream: string; revision: number; position: number; id: string; text: string }

/** A store that forgets everything with its process. It uses no timer and no clock. */
export function inMemoryEventStore(): EventStore {
  const log = memoryLog()
  const closing = new AbortController()
  const whileOpen = () => {
    if (closing.signal.aborted) throw new StoreUnavailable('The store is closed.')
    return log
  }
  const followed = {
    pageAfter: log.pageAfter,
    lastPosition: log.lastPosition,
    onCommitted: log.onCommitted,
    closing: closing.signal,
    betweenPages: () => Promise.resolve(),
  }
  return {
    append: async (stream, expected, events) => whileOpen().append(stream, expected, events),
    async *readStream(stream, options = {}) {
      yield* whileOpen().readStream(stream, options)
    },
    async *readAll(options = {}) {
      yield* whileOpen().readAll(options)
    },
    subscribe: (options) => follow(followed, options),
    close: async () => closing.abort(),
  }
}

function memoryLog() {
  const all: Stored[] = []
  const streams = new Map<string, Stored[]>()
  const listeners = new Set<() => void>()
  const lastPosition = () => all.at(-1)?.position ?? 0

  function write(stream: string, history: Stored[], events: readonly Stored[]) {
    streams.set(stream, history)
    history.push(...events)
    all.push(...events)
    for (const listener of listeners) listener()
  }
  function append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): AppendResult {
    const texts = storableTexts(events)
    const history = streams.get(stream) ?? []
    const current = history.length - 1
    const after = expected === 'noStream' ? -1 : expected
    if (after === current) {
      // One position is left out before each append: readers MUST NOT count on a log without gaps.
      const start = lastPosition() + 2
      const stored = events.map(({ id }, index) => {
        return { stream, revision: current + 1 + index, position: start + index, id, text: texts[index] ?? '' }
      })
      if (stored.length > 0) write(stream, history, stored)
      return { appended: true, revision: history.length - 1, position: lastPosition() }
    }
    const position = repeated(history.slice(after + 1), events)
    if (position === undefined) return { appended: false, revision: current < 0 ? 'noStream' : current }
    return { appended: true, revision: after + events.length, position }
  }
  return {
    append,
    lastPosition,
    readStream: (stream: string, options: ReadStreamOptions) => revisions(streams.get(stream) ?? [], options),
    readAll: (options: ReadAllOptions) => positions(all, options),
    pageAfter(position: number, categories: readonly string[]) {
      const start = indexAfter(all, position)
      const page = all.slice(start, start + PAGE)
      const events = page.filter(({ stream }) => isVisible(stream) && categories.includes(categoryOf(stream)))
      return { events: events.map(toRecordedEvent), scannedTo: page.at(-1)?.position }
    },
    onCommitted(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function storableTexts(events: readonly NewEvent[]): string[] {
  const texts = events.map(({ type, data, metadata }) => JSON.stringify({ type, data, metadata }))
  const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (size > MAX_APPEND_BYTES) throw new AppendTooLarge(`An append of ${size} bytes exceeds ${MAX_APPEND_BYTES}.`)
  return texts
}

function repeated(stored: readonly Stored[], events: readonly NewEvent[]): number | undefined {
  if (!events.every(({ id }, index) => stored[index]?.id === id)) return undefined
  return stored[events.length - 1]?.position
}

function* revisions(history: readonly Stored[], options: ReadStreamOptions): Generator<RecordedEvent> {
  const { direction = 'forwards', limit = Infinity } = options
  const isForwards = direction === 'forwards'
  const from = options.from ?? (isForwards ? 0 : history.length - 1)
  const wanted = isForwards ? history.slice(from) : history.slice(0, from + 1).toReversed()
  yield* wanted.slice(0, limit).map(toRecordedEvent)
}

function* positions(all: readonly Stored[], options: ReadAllOptions): Generator<RecordedEvent> {
  const { direction = 'forwards', from, limit = Infinity } = options
  const first = from === undefined ? undefined : indexAfter(all, from - 1)
  const wanted = direction === 'forwards' ? all.slice(first ?? 0) : all.slice(0, first ?? all.length).toReversed()
  const visible = wanted.filter(({ stream }) => isVisible(stream))
  yield* visible.slice(0, limit).map(toRecordedEvent)
}

/** The index of the first event after `position`. */
function indexAfter(all: readonly Stored[], position: number): number {
  let low = 0
  let high = all.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((all[middle]?.position ?? Infinity) <= position) low = middle + 1
    else high = middle
  }
  return low
}

const isVisible = (stream: string) => !stream.startsWith('$')

/** The part of a stream name before its first hyphen; a name without one belongs to no category. */
const categoryOf = (stream: string) => (stream.includes('-') ? stream.slice(0, stream.indexOf('-')) : '')

function toRecordedEvent({ text, ...place }: Stored): RecordedEvent {
  // The text is one that storableTexts made.
  const content = JSON.parse(text) as Pick<NewEvent, 'type' | 'data' | 'metadata'>
  return { ...content, ...place }
}
