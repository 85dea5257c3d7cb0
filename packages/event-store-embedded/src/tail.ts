import type { AppendOutcome, LogRecord } from './log.ts'
import type { Append } from './transaction.ts'

/** Whoever follows the log closely is within so many events of its end. */
const KEPT_EVENTS = 1024
const KEPT_BYTES = 4 * 1_048_576

/**
 * The last committed events, in memory: those who follow the log are given the same records, and SQLite is not asked.
 * Positions are contiguous, so that what is asked for is either there without a gap, or older than all of it.
 */
export function openTail() {
  let records: LogRecord[] = []
  let bytes = 0

  function drop(count: number) {
    for (const record of records.splice(0, count)) bytes -= sizeOf(record)
  }
  return {
    /** MUST be given every commit, in order; after one that is missing, what came before it is let go. */
    add(committed: readonly LogRecord[]) {
      const [first] = committed
      if (first === undefined) return
      if (records.length > 0 && records.at(-1)?.position !== first.position - 1) drop(records.length)
      records = records.concat(committed)
      for (const record of committed) bytes += sizeOf(record)
      if (bytes > KEPT_BYTES || records.length > 2 * KEPT_EVENTS) drop(excess(records, bytes))
    },
    /** From this position on; `undefined` when some of it is no longer here. */
    from(position: number): readonly LogRecord[] | undefined {
      const [first] = records
      if (first === undefined || position < first.position) return undefined
      return records.slice(position - first.position)
    },
  }
}

/** The records that a commit has added: an append that repeats an earlier one adds nothing. */
export function recordsOf(appends: readonly Append[], outcomes: readonly AppendOutcome[], before: number): LogRecord[] {
  let last = before
  return appends.flatMap(({ stream, events, created }, index) => {
    const outcome = outcomes[index]
    if (!outcome?.appended || outcome.position <= last) return []
    last = outcome.position
    const { position, revision } = outcome
    const back = (number: number) => events.length - 1 - number
    return events.map((event, number) => {
      return { ...event, stream, created, position: position - back(number), revision: revision - back(number) }
    })
  })
}

/** How many of the oldest to let go, so that half of what may be kept stays. */
function excess(records: readonly LogRecord[], bytes: number): number {
  let count = 0
  for (let left = bytes; left > KEPT_BYTES / 2 || records.length - count > KEPT_EVENTS; count += 1) {
    const oldest = records[count]
    if (oldest === undefined) break
    left -= sizeOf(oldest)
  }
  return count
}

const sizeOf = ({ data, metadata }: LogRecord) => data.byteLength + metadata.byteLength
