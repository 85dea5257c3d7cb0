import {
  AccessDeniedError,
  CancelledError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  TimeoutError,
  UnavailableError,
} from '@eventstore/db-client'
import { AppendTooLarge, LogFull, StoreUnavailable } from '@relais/event-store/port'
import { StoreAccessDenied, StreamTombstoned } from './errors.ts'

/** gRPC status codes: CANCELLED, DEADLINE_EXCEEDED, ABORTED, UNAVAILABLE. */
const TRANSIENT_CODES = new Set<unknown>([1, 4, 10, 14])
const RESOURCE_EXHAUSTED = 8
const TRANSIENT_CLASSES = [UnavailableError, CancelledError, TimeoutError, DeadlineExceededError, NotLeaderError]
/** Discovery, a closed channel, a broken and a crowded connection raise errors without a class of their own. */
const TRANSIENT_MESSAGES =
  /failed to discover|channel has been|channel closed|write after end|RST_STREAM|bandwidth exhausted/i

/** No sign of life within the time allowed. The client itself sets no limit to reads and subscriptions. */
export class NoAnswer extends Error {
  readonly code = 'noAnswer'
}

/** Whether the same call may succeed a moment later. An append may have happened all the same. */
export function isTransient(error: unknown): boolean {
  if (error instanceof NoAnswer) return true
  if (!(error instanceof Error)) return false
  if (TRANSIENT_CLASSES.some((transient) => error instanceof transient)) return true
  return TRANSIENT_CODES.has(codeOf(error)) || TRANSIENT_MESSAGES.test(error.message)
}

/** The client's error in the port's words. What has none of its own rises as it is. */
export function translated(error: unknown): unknown {
  if (isTransient(error)) return new StoreUnavailable('The event store cannot be reached', { cause: error })
  if (error instanceof AccessDeniedError)
    return new StoreAccessDenied('The event store denied access', { cause: error })
  if (error instanceof StreamDeletedError)
    return new StreamTombstoned('The stream was closed for good', { cause: error })
  if (error instanceof MaxAppendSizeExceededError)
    return new AppendTooLarge(`More than ${error.maxAppendSize} bytes in one append`, { cause: error })
  return error instanceof Error ? translatedByText(error) : error
}

/** In a batch the status of one append loses its trailers: the text is all that remains. */
function translatedByText(error: Error): Error {
  if (/log-full/.test(error.message)) return new LogFull('No room on the disk of the event store', { cause: error })
  if (codeOf(error) === RESOURCE_EXHAUSTED && /larger than max/.test(error.message))
    return new AppendTooLarge('More than the event store receives in one message', { cause: error })
  return error
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined
}
