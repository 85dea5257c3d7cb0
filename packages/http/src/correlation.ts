import { z } from 'zod'

/** What ties a request to its log lines, its events and its answer. */
export type Correlation = { correlationId: string; traceparent: string | undefined }

/** Made once: it is compiled by the first value that it reads. */
const CorrelationId = z.uuid().optional()

/** W3C Trace Context, version 00: trace id, parent id, flags; ids that are all zero are invalid. */
const TRACEPARENT = /^00-(?!0{32})(?<traceId>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/**
 * The caller's correlation id when it is a UUID, else the trace id of its `traceparent`, else a new one. Any other text
 * is dropped, because it might name a person: the id ends up in logs and in events, for ever.
 */
export function correlationOf(header: (name: string) => string | undefined, newId: () => string): Correlation {
  const received = CorrelationId.safeParse(header('x-correlation-id')).data
  const trace = TRACEPARENT.exec(header('traceparent') ?? '')
  return {
    correlationId: received ?? trace?.groups?.['traceId'] ?? newId(),
    traceparent: trace?.[0],
  }
}
