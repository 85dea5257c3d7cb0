import type { RecordedEvent as ClientEvent } from '@eventstore/db-client'
import type { JsonObject, RecordedEvent } from '@relais/event-store/port'

/** The client's event in the shape of the port. What others stored that is not a JSON object reads as an empty one. */
export function recordedEvent(event: ClientEvent): RecordedEvent {
  return {
    id: event.id.toLowerCase(),
    type: event.type,
    data: event.isJson ? objectOf(event.data) : {},
    metadata: objectOf(event.metadata),
    stream: event.streamId,
    revision: safeNumber(event.revision),
    position: positionOf(event),
  }
}

/** @throws RangeError for an event without a position: the server is older than 22.6. */
export function positionOf({ position }: Pick<ClientEvent, 'position'>): number {
  if (!position) throw new RangeError('The event store gave an event without its position')
  return safeNumber(position.commit)
}

/** Records that the server wrote on its own account: in `$` streams, or the mark of a stream that was deleted. */
export function isSystemRecord({ streamId, type }: Pick<ClientEvent, 'streamId' | 'type'>): boolean {
  return streamId.startsWith('$') || type === '$streamDeleted'
}

/** @throws RangeError beyond 2^53: the position would not survive as a number. */
export function safeNumber(value: bigint): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is beyond the safe integers`)
  return number
}

function objectOf(value: unknown): JsonObject {
  const isObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  // Parsed by the client from JSON, and neither a primitive nor an array.
  return isObject ? (value as JsonObject) : {}
}
