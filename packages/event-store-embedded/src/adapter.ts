import { setImmediate as nextTurn } from 'node:timers/promises'
import { follow, type FollowedLog } from '@relais/event-store/follow'
import type {
  EventStore,
  JsonObject,
  NewEvent,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
} from '@relais/event-store/port'
import type { EmbeddedLog, LogEvent, LogRecord, LogText } from './log.ts'

const PAGE = 256

/** The port over an embedded log. Closing the store closes the log. */
export function embeddedEventStore(log: EmbeddedLog): EventStore {
  const toEvent = eachOnce()
  return {
    async append(stream, expected, events) {
      const outcome = await log.append(stream, expected, events.map(toLogEvent))
      if (outcome.appended) return outcome
      return { appended: false, revision: outcome.revision < 0 ? 'noStream' : outcome.revision }
    },
    readStream: (stream, options = {}) => readStream(log, stream, options),
    readAll: (options = {}) => readAll(log, options),
    subscribe: (options) => follow(followed(log, toEvent), options),
    close: () => log.close(),
  }
}

async function* readStream(log: EmbeddedLog, stream: string, options: ReadStreamOptions) {
  const { direction = 'forwards', limit = Infinity } = options
  const step = direction === 'forwards' ? 1 : -1
  let { from } = options
  for (let left = limit; left > 0;) {
    const records = log.readStream(stream, { direction, from, limit: Math.min(left, PAGE) })
    const last = records.at(-1)
    if (!last) return
    yield* records.map(toRecordedEvent)
    left -= records.length
    from = last.revision + step
    if (from < 0) return
    if (records.length === PAGE) await nextTurn()
  }
}

async function* readAll(log: EmbeddedLog, options: ReadAllOptions) {
  const { direction = 'forwards', limit = Infinity } = options
  let { from } = options
  for (let left = limit; left > 0;) {
    const { records, scannedTo } = log.readAll({ direction, from, limit: PAGE })
    if (scannedTo === undefined) return
    const events = visible(records).slice(0, left)
    yield* events
    left -= events.length
    from = direction === 'forwards' ? scannedTo + 1 : scannedTo
    await nextTurn()
  }
}

function followed(log: EmbeddedLog, toEvent: (record: LogRecord | LogText) => RecordedEvent): FollowedLog {
  return {
    pageAfter(position, categories) {
      const prefixes = categories.filter((category) => !category.startsWith('$')).map((category) => `${category}-`)
      const page = log.readHistory({ from: position + 1, limit: PAGE, prefixes })
      return { events: page.records.map(toEvent), scannedTo: page.scannedTo }
    },
    lastPosition: log.lastPosition,
    onCommitted: log.onCommitted,
    closing: log.closing,
    betweenPages: () => nextTurn(),
  }
}

function toLogEvent({ id, type, data, metadata }: NewEvent): LogEvent {
  return {
    id,
    type,
    json: true,
    data: Buffer.from(JSON.stringify(data)),
    metadata: Buffer.from(JSON.stringify(metadata)),
  }
}

/** Those who follow the end of the log are given the same record, and share what is made of it; history is theirs. */
function eachOnce(): (record: LogRecord | LogText) => RecordedEvent {
  const made = new WeakMap<LogRecord, RecordedEvent>()
  return (record) => {
    if (isText(record)) return toRecordedEvent(record)
    const known = made.get(record)
    if (known) return known
    const result = toRecordedEvent(record)
    made.set(record, result)
    return result
  }
}

const isText = (record: LogRecord | LogText): record is LogText => typeof record.data === 'string'

const visible = (records: readonly LogRecord[]) =>
  records.filter(({ stream }) => !stream.startsWith('$')).map(toRecordedEvent)

function toRecordedEvent(record: LogRecord | LogText): RecordedEvent {
  const { id, type, stream, revision, position } = record
  const data = record.json ? parseObject(record.data) : {}
  return { id, type, data, metadata: parseObject(record.metadata), stream, revision, position }
}

/** Other writers may store what the port has no shape for: it reads as an empty object. */
function parseObject(stored: Uint8Array | string): JsonObject {
  try {
    const value: unknown = JSON.parse(typeof stored === 'string' ? stored : textOf(stored))
    // Parsed JSON that is neither a primitive nor an array is a JsonObject.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
  } catch {
    return {}
  }
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
