export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

export type NewEvent = { id: string; type: string; data: JsonObject; metadata: JsonObject }
/** `position` orders the whole log: strictly increasing, with gaps, never 0, below 2^53. */
export type RecordedEvent = NewEvent & { stream: string; revision: number; position: number }

/** The port has no "any": a writer names the revision it read. */
export type ExpectedRevision = 'noStream' | number

/** `revision` is the last one: of what was appended, or of the stream that had moved on. */
export type AppendResult =
  | { appended: true; revision: number; position: number }
  | { appended: false; revision: ExpectedRevision }

export type ReadStreamOptions = { direction?: 'forwards' | 'backwards'; from?: number; limit?: number }
/** Forwards from a position is inclusive, backwards exclusive, as EventStoreDB does. */
export type ReadAllOptions = { direction?: 'forwards' | 'backwards'; from?: number; limit?: number }
export type SubscribeOptions = {
  /** The last position handled; `undefined` starts at the beginning. */
  after: number | undefined
  /** Only streams of these categories (the part before the first hyphen). */
  categories: readonly string[]
  signal: AbortSignal
}

/**
 * Batches arrive in log order, without gap or duplicate. `caughtUp` comes each time history is exhausted, also when it
 * was empty. A `checkpoint` says that everything up to its position was looked at although nothing matched.
 */
export type Notification =
  | { type: 'events'; events: readonly RecordedEvent[] }
  | { type: 'checkpoint'; position: number }
  | { type: 'caughtUp' }

export type EventStore = {
  /**
   * Appends atomically, durable once it resolves. Repeating the same event ids at the same expected revision is
   * answered as the first time, also when the stream has grown since.
   * @throws StoreUnavailable, LogFull, AppendTooLarge
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>
  /** A stream that was never written yields nothing. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>
  /** Streams whose name starts with `$` are left out. */
  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent>
  /** Ends when `signal` aborts; throws StoreUnavailable when the store is lost: subscribe again from the last handled. */
  subscribe(options: SubscribeOptions): AsyncIterable<Notification>
  close(): Promise<void>
}

/** The store cannot be reached or is stopping. The append may have happened: retry it with the same ids. */
export class StoreUnavailable extends Error {
  readonly code = 'storeUnavailable'
}
/** No room on the disk: nothing of this append was written. */
export class LogFull extends Error {
  readonly code = 'logFull'
}
/** More than 1 MiB in one append. */
export class AppendTooLarge extends Error {
  readonly code = 'appendTooLarge'
}
