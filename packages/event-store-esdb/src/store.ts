import { setMaxListeners } from 'node:events'
import { StoreUnavailable, type AppendResult, type EventStore } from '@relais/event-store/port'
import { append } from './appending.ts'
import { openConnections } from './connections.ts'
import { appendCredentials } from './credentials.ts'
import { readAll, readStream } from './reading.ts'
import { startRetries, type RetryPolicy, type Warn } from './retries.ts'
import type { Session } from './session.ts'
import { subscribe } from './subscribing.ts'

const DEADLINE_MILLISECONDS = 10_000
const RETRY: RetryPolicy = { tries: 8, firstPauseMilliseconds: 100, longestPauseMilliseconds: 2_000 }

export type EsdbOptions = {
  /** `esdb://user:password@host:port?tls=true&tlsCAFile=…`, `esdb://h1,h2,h3` or `esdb+discover://name`. */
  connectionString: string
  /** Connections for reads and appends. Subscriptions open others as they need. */
  connections?: number
  /** How long the server may take to answer an append, to bring the next event of a read or to accept a subscription. */
  deadlineMilliseconds?: number
  retry?: RetryPolicy
  log?: Warn
}

/**
 * The port over `@eventstore/db-client`. Nothing is sent before the first call. A server that is lost is tried again,
 * eight times in some six seconds by default, then StoreUnavailable. A subscription resumes by itself likewise, and
 * starts counting anew whenever something arrived.
 * @throws Error for a connection string that the client cannot read; calls throw, besides the errors of the port,
 * StoreAccessDenied and StreamTombstoned.
 */
export function esdbEventStore({
  connectionString,
  connections: count = 1,
  deadlineMilliseconds = DEADLINE_MILLISECONDS,
  retry = RETRY,
  log,
}: EsdbOptions): EventStore {
  // KurrentDB is the newer name: the same protocol, under a scheme that this client does not know.
  const url = connectionString.trim().replace(/^kurrentdb(?=:|\+)/, 'esdb')
  const connections = openConnections(url, count)
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  const appends = new Set<Promise<AppendResult>>()
  const session: Session = {
    connections,
    deadlineMilliseconds,
    appendCredentials: appendCredentials(url),
    closing: closing.signal,
    startRetries: (signal) => startRetries(retry, signal, log),
  }
  return {
    append(stream, expected, events) {
      if (closing.signal.aborted) return Promise.reject(new StoreUnavailable('The store is closed'))
      const appending = append(session, { stream, expected, events }).finally(() => appends.delete(appending))
      appends.add(appending)
      return appending
    },
    readStream: (stream, options) => readStream(session, stream, options),
    readAll: (options) => readAll(session, options),
    subscribe: (options) => subscribe(session, options),
    async close() {
      closing.abort()
      await Promise.allSettled(appends)
      await connections.close()
    },
  }
}
