import { Metadata, status } from '@grpc/grpc-js'
import { AppendTooLarge, LogFull, StoreUnavailable } from '@relais/event-store/port'

/** A gRPC status other than OK. The trailer `exception` is what selects the error class in a client. */
export type Refusal = { code: status; details: string; metadata?: Metadata }

/** The most that one append may weigh: data, metadata and twice the length of each type name, in bytes. */
export const MAXIMUM_APPEND_SIZE = 1_048_576

function refusal(code: status, details: string, trailers: Record<string, string> = {}): Refusal {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value)
  return { code, details, metadata }
}

export const invalid = (details: string) => refusal(status.INVALID_ARGUMENT, details)
export const unavailable = () => refusal(status.UNAVAILABLE, 'The server is stopping')
export const unauthenticated = () => refusal(status.UNAUTHENTICATED, 'Unknown user or wrong password')
export const accessDenied = () => refusal(status.PERMISSION_DENIED, 'Access denied', { exception: 'access-denied' })
export const logFull = () =>
  refusal(status.RESOURCE_EXHAUSTED, 'log-full: no room on the disk, nothing was written', { exception: 'log-full' })

export const appendTooLarge = () =>
  refusal(status.INVALID_ARGUMENT, `An append may weigh ${MAXIMUM_APPEND_SIZE} bytes at most`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MAXIMUM_APPEND_SIZE),
  })
export const missingMetadata = () =>
  refusal(status.INVALID_ARGUMENT, 'An event needs a type and a content type', {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  })

/** What a client is told when the log throws. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof StoreUnavailable) return unavailable()
  if (error instanceof LogFull) return logFull()
  if (error instanceof AppendTooLarge) return appendTooLarge()
  return refusal(status.UNKNOWN, 'The log failed')
}
