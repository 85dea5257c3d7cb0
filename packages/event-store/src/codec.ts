import type { EventMetadata } from '@relais/contracts/actor'
import type { JsonObject, RecordedEvent } from './port.ts'

/** An event read back. `event` is `undefined` when its owner was forgotten: the key is gone, the routing fields remain. */
export type Decoded<Event> = {
  id: string
  stream: string
  revision: number
  position: number
  metadata: EventMetadata
  /** The current type name, without its version. */
  type: string
  routing: Readonly<Record<string, string>>
  event: Event | undefined
}

/** Without a promise when the key is at hand, so that reading a long history does not wait at every event. */
export type Decoding<Event> = Decoded<Event> | undefined | Promise<Decoded<Event> | undefined>

/** Between the log and the code: stored name and version, sealed body <-> current shape. Run by `@relais/events`. */
export type EventCodec<Event> = {
  category: string
  encode(event: Event, id: string): Promise<{ type: string; data: JsonObject }>
  /** `undefined` for a category or type that is not ours; throws UndecodableEvent for ours-but-unreadable. */
  decode(recorded: RecordedEvent): Decoding<Event>
}
