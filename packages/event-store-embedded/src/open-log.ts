import { mkdirSync } from 'node:fs'
import { StoreUnavailable } from '@relais/event-store/port'
import { startAppendQueue } from './append-queue.ts'
import { lockFolder } from './folder-lock.ts'
import { prepareLogFile } from './log-file.ts'
import type { EmbeddedLog, LogPage, LogRecord } from './log.ts'
import { openReader, pageOf } from './reader.ts'
import { openTail } from './tail.ts'

export type EmbeddedLogOptions = {
  /** Created when missing, readable by its owner alone. */
  folder: string
  /** Milliseconds since 1970. */
  now?: () => number
  /** Makes each flush that much slower, to measure as if on a hospital's disk. */
  flushDelayMilliseconds?: number
  maxAppendBytes?: number
  /** The log refuses events (LogFull) beyond so many pages of 4 KiB. */
  maxPages?: number
}

/**
 * Opens the log of a folder, creating it when there is none. Writes happen in a worker thread, in WAL mode with
 * `synchronous=FULL`; reads happen in the caller.
 * @throws FolderInUse, UnreadableLog
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const { folder, now = Date.now, flushDelayMilliseconds = 0, maxAppendBytes = 1_048_576, maxPages } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  using opening = new DisposableStack()
  opening.defer(lockFolder(folder).release)
  const file = prepareLogFile(folder)
  const reader = openReader(file)
  opening.defer(reader.close)
  const commits = commitBoard(reader.lastPosition())
  const writerData = { file, flushDelayMilliseconds, maxPages }
  const queue = await startAppendQueue({ ...writerData, maxAppendBytes, onCommitted: commits.announce })
  const resources = opening.move()

  const whileOpen = () => {
    if (queue.closing.aborted) throw new StoreUnavailable('The log is closed.')
    return reader
  }
  async function close() {
    commits.end()
    // MUST close before the writer does: the last connection moves the WAL into the file, and this one cannot write.
    reader.close()
    await queue.close()
    resources.dispose()
  }
  return {
    append: (stream, expected, events) => queue.append({ stream, expected, events, created: now() }),
    readStream: (stream, page) => whileOpen().readStream(stream, page),
    readAll(page) {
      const open = whileOpen()
      return commits.recent(page) ?? open.readAll(page, commits.last())
    },
    readHistory(page) {
      const open = whileOpen()
      return commits.recent({ direction: 'forwards', ...page }) ?? open.readTexts(page, commits.last())
    },
    lastPosition: commits.last,
    onCommitted: commits.onCommitted,
    statistics: () => ({ ...queue.statistics }),
    closing: queue.closing,
    close,
  }
}

/** Remembers the last committed position and the last events, and tells the listeners of the next ones. */
function commitBoard(start: number) {
  const listeners = new Set<(position: number) => void>()
  const tail = openTail()
  let last = start
  return {
    last: () => last,
    /** A page of the end of the log; `undefined` for one that begins earlier than what is at hand. */
    recent(page: LogPage) {
      const { direction, from } = page
      const records = direction === 'forwards' && from !== undefined ? tail.from(from) : undefined
      return records && pageOf(records, page, last)
    },
    announce(records: readonly LogRecord[], position: number) {
      tail.add(records)
      last = position
      for (const listener of listeners) listener(position)
    },
    onCommitted(listener: (position: number) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    end: () => listeners.clear(),
  }
}
