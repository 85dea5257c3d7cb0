import type { Credentials } from '@eventstore/db-client'
import type { Connections } from './connections.ts'
import type { Retries } from './retries.ts'

/** What the parts of one open store share. */
export type Session = {
  connections: Connections
  /** How long any answer may take. */
  deadlineMilliseconds: number
  appendCredentials: Credentials | undefined
  /** Aborts when the store closes. */
  closing: AbortSignal
  startRetries(signal: AbortSignal): Retries
}
