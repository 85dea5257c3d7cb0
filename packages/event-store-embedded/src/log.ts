/** One event as bytes: the log does not look inside. `json` says how the writer declared `data`. */
export type LogEvent = { id: string; type: string; json: boolean; data: Uint8Array; metadata: Uint8Array }

/** A stored event. `created` is in milliseconds since 1970, by the clock of the process that appended it. */
export type LogRecord = LogEvent & { position: number; stream: string; revision: number; created: number }

/** The same, its bytes as text: for who reads JSON, at a third of the cost. */
export type LogText = Omit<LogRecord, 'data' | 'metadata'> & { data: string; metadata: string }

/**
 * `revision` is the last one of the stream, -1 while it is empty. `position` is that of the last event named in the
 * append, or the last position of the log when the append named none.
 */
export type AppendOutcome =
  | { appended: true; revision: number; position: number }
  | { appended: false; revision: number }

/** `from` is inclusive in both directions; `undefined` starts at the first, or backwards at the last, revision. */
export type StreamPage = { direction: 'forwards' | 'backwards'; from?: number | undefined; limit: number }

/** `from` is inclusive forwards, exclusive backwards; `undefined` starts at the beginning, or backwards at the end. */
export type LogPage = StreamPage & {
  /** Only streams whose name starts with one of these; none at all when empty; every stream when `undefined`. */
  prefixes?: readonly string[] | undefined
}

/** A page forwards, `from` inclusive. */
export type HistoryPage = { from: number; limit: number; prefixes: readonly string[] }

/** `scannedTo` is the last position examined, `undefined` at the end. */
export type Scanned<Record> = { records: readonly Record[]; scannedTo: number | undefined }

/** How much was made durable since the log was opened: one flush may carry many appends. */
export type LogStatistics = { flushes: number; appends: number; events: number }

/** A durable, ordered log of byte events in one folder. Opened by `openEmbeddedLog` of `open-log.ts`. */
export type EmbeddedLog = {
  /**
   * Appends all events or none, durable and visible to reads once it resolves. Checked and answered in the order of
   * the calls. The bytes must not change until then.
   * @throws StoreUnavailable, LogFull, AppendTooLarge of `@relais/event-store/port`
   */
  append(stream: string, expected: 'noStream' | number, events: readonly LogEvent[]): Promise<AppendOutcome>
  /** One page, synchronously. It may be shorter than `limit` (large events): only an empty page is the end. */
  readStream(stream: string, page: StreamPage): LogRecord[]
  /**
   * One page of every stream, `$` streams included, synchronously. It may hold fewer records than `limit`, even none:
   * continue after `scannedTo`, the last position examined, until that is `undefined`, which is the end. Backwards,
   * `scannedTo` is the next exclusive `from`; forwards, `scannedTo + 1` is the next inclusive one.
   */
  readAll(page: LogPage): Scanned<LogRecord>
  /** As `readAll`: what is read from the file as text, the end of the log as those who follow it were given it. */
  readHistory(page: HistoryPage): Scanned<LogRecord | LogText>
  /** The last durable position, 0 while the log is empty. Positions start at 1. */
  lastPosition(): number
  /** Calls `listener` with the last position after each commit, when it is durable and visible. Returns the way to stop. */
  onCommitted(listener: (position: number) => void): () => void
  statistics(): LogStatistics
  /** Aborts when the log closes, or when its writer is lost: reads and appends then throw StoreUnavailable. */
  closing: AbortSignal
  /** Answers the appends already asked for, then releases the folder. Repeating it is harmless. */
  close(): Promise<void>
}
