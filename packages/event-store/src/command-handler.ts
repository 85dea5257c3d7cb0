import type { EventMetadata } from '@relais/contracts/actor'
import type { Instant } from '@relais/contracts/primitives'
import type { Decider } from '@relais/decider/decider'
import type { EventCodec } from './codec.ts'
import type { EventStore, ExpectedRevision, JsonObject, NewEvent } from './port.ts'

/** How often a command is decided in all while other writers keep moving its stream. */
const ATTEMPTS = 5

export type CommandContext = {
  metadata: Omit<EventMetadata, 'recordedAt'>
  /** For reactions: ids derived from the source event, so that a redelivery names the same events. */
  eventId?: (index: number) => string
}

export type CommandResult<Event, Rejection> =
  | { accepted: true; events: readonly Event[]; revision: ExpectedRevision; position: number | undefined }
  | { accepted: false; rejection: Rejection }

/** The stream moved on each time the command was decided. Worth trying again later. */
export class ConcurrencyExhausted extends Error {
  readonly code = 'concurrencyExhausted'
}

/** A stream folded: its state, its last revision, and the position of its last event. */
export type Loaded<State> = { state: State; revision: ExpectedRevision; position: number | undefined }

/** Folds one stream. A forgotten event changes the revision only. @throws StoreUnavailable, UndecodableEvent */
export async function loadState<Command, Event, State, Rejection>(
  decider: Decider<Command, Event, State, Rejection>,
  { store, codec }: { store: EventStore; codec: EventCodec<Event> },
  id: string,
): Promise<Loaded<State>> {
  const loaded: Loaded<State> = { state: decider.initialState, revision: 'noStream', position: undefined }
  for await (const recorded of store.readStream(`${codec.category}-${id}`)) {
    const event = (await codec.decode(recorded))?.event
    if (event !== undefined) loaded.state = decider.evolve(loaded.state, event)
    loaded.revision = recorded.revision
    loaded.position = recorded.position
  }
  return loaded
}

type Dependencies<Event> = { store: EventStore; codec: EventCodec<Event>; now: () => Instant; newId: () => string }

/**
 * Makes the function that loads a stream, folds it, decides, and appends at the revision it read, deciding again when
 * another writer came first. What was already true answers with the last position of the stream, `undefined` if empty.
 * @throws ConcurrencyExhausted, StoreUnavailable, LogFull, AppendTooLarge, UndecodableEvent
 */
export function commandHandler<Command, Event, State, Rejection>(
  decider: Decider<Command, Event, State, Rejection>,
  { store, codec, now, newId }: Dependencies<Event>,
) {
  async function encode(events: readonly Event[], metadata: JsonObject, context: CommandContext): Promise<NewEvent[]> {
    const encoded = events.map(async (event, index) => {
      const id = context.eventId?.(index) ?? newId()
      return { id, ...(await codec.encode(event, id)), metadata }
    })
    return Promise.all(encoded)
  }

  return async function handle(
    id: string,
    command: Command,
    context: CommandContext,
  ): Promise<CommandResult<Event, Rejection>> {
    const stream = `${codec.category}-${id}`
    const metadata = asJson({ ...context.metadata, recordedAt: now() })
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { state, revision, position } = await loadState(decider, { store, codec }, id)
      const decision = decider.decide(command, state)
      if (!decision.accepted) return decision
      const { events } = decision
      if (events.length === 0) return { accepted: true, events, revision, position }
      const result = await store.append(stream, revision, await encode(events, metadata, context))
      if (result.appended) return { accepted: true, events, revision: result.revision, position: result.position }
    }
    throw new ConcurrencyExhausted(`${ATTEMPTS} writers came first in a row.`)
  }
}

/** The metadata without the optional fields that are absent. */
function asJson(metadata: EventMetadata): JsonObject {
  // JSON text of an object reads back as one.
  return JSON.parse(JSON.stringify(metadata)) as JsonObject
}
