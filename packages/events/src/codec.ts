import { EventMetadata } from '@relais/contracts/actor'
import type { EventFamily } from '@relais/contracts/primitives'
import type { Decoded, Decoding, EventCodec } from '@relais/event-store/codec'
import type { RecordedEvent } from '@relais/event-store/port'
import type { z } from 'zod'
import { recentlyUsed } from './recently-used.ts'
import { type DataKey, DataKeyMissing, type Keyring, seal, SealBroken, unseal } from './sealing.ts'
import { type StoredShape, storedShapes } from './versions.ts'

/** Whoever is further from the others than this opens what they opened again. */
const KEPT_EVENTS = 1024

type AnyEvent = { type: string; data: object }
type Clear = Record<string, string>

/** An event of ours that cannot be read: tampered with, not of its schema, or written by a newer build. Stop there. */
export class UndecodableEvent extends Error {
  readonly code = 'undecodableEvent'
  readonly eventId: string
  readonly stream: string
  constructor({ id, stream, type }: RecordedEvent, reason: string, options?: ErrorOptions) {
    super(`Event ${id} (${type}) cannot be read: ${reason}`, options)
    this.eventId = id
    this.stream = stream
  }
}

/** An event that its own contract refuses: a defect of the writer, nothing was sealed. */
export class InvalidEvent extends Error {
  readonly code = 'invalidEvent'
}

/**
 * The codec of one family of events. Routing fields stay clear, every other field is sealed with the key of the owner
 * that the family names, bound to the stored type, the event id and the routing fields.
 *
 * Decoding has three outcomes: the current shape (`event: undefined` when its owner was forgotten), `undefined` for what
 * is not of this family, and a thrown `UndecodableEvent`.
 * @throws Error for a family that contradicts itself, such as a version without its upcast.
 */
export function eventCodec<Event extends AnyEvent>(family: EventFamily<Event>, keyring: Keyring): EventCodec<Event> {
  const { category, schema } = family
  const shapeOf = storedShapes(family)
  // Several who follow the log are given the same event: it is opened for the first of them.
  const opened = recentlyUsed<RecordedEvent, Decoded<Event>>(KEPT_EVENTS)
  const currentVersions = new Map<string, number>(Object.entries(family.versions))

  return {
    category,
    async encode(event, id) {
      const parsed = schema.safeParse(event)
      if (!parsed.success) throw new InvalidEvent(`A ${event.type} does not fit its contract: ${misfits(parsed.error)}`)
      const type = `${parsed.data.type}.v${currentVersions.get(parsed.data.type)}`
      const { clear, owner, rest } = split(parsed.data, family)
      const found = keyring.sealingKey(owner)
      const key = found instanceof Promise ? await found : found
      const sealed = seal(key, Buffer.from(JSON.stringify(rest)), sealContext(type, id, clear))
      return { type, data: { ...clear, sealed: sealed.toString('base64url') } }
    },
    decode(recorded) {
      const known = opened.get(recorded)
      const owner = known?.routing[family.sealedBy]
      if (known !== undefined && owner !== undefined) {
        // MUST ask for the key each time because an owner who was forgotten since is forgotten here too.
        return withKey(openingKey(keyring, owner, recorded), (key) => (key ? known : { ...known, event: undefined }))
      }
      return open(recorded)
    },
  }

  function open(recorded: RecordedEvent): Decoding<Event> {
    if (categoryOf(recorded.stream) !== category) return undefined
    const shape = shapeOf(recorded.type)
    if (shape === undefined) return undefined
    if (shape === 'newer') throw new UndecodableEvent(recorded, 'a newer build wrote it')
    const { clear, sealed } = clearPart(recorded)
    const owner = clear[family.sealedBy]
    if (owner === undefined) throw new UndecodableEvent(recorded, `it lacks ${family.sealedBy}`)
    return withKey(openingKey(keyring, owner, recorded), (key) => {
      if (key === undefined) return decoded<Event>(recorded, { type: shape.name, routing: clear, event: undefined })
      // Several wait for the key of a new owner together: the first of them opens.
      const known = opened.get(recorded)
      if (known !== undefined) return known
      const event = currentShape({ recorded, clear, sealed, key }, shape, schema)
      const made = decoded(recorded, { type: shape.name, routing: clear, event })
      opened.set(recorded, made)
      return made
    })
  }
}

/** Without a promise where the key is at hand. */
function withKey<Event>(
  found: DataKey | undefined | Promise<DataKey | undefined>,
  open: (key: DataKey | undefined) => Decoded<Event>,
): Decoding<Event> {
  return found instanceof Promise ? found.then(open) : open(found)
}

/** The codecs of one keyring, one for each family: whoever asks for the same family is given the same codec. */
export function codecsWith(keyring: Keyring): CodecOf {
  const known = new Map<unknown, unknown>()
  return <Event extends AnyEvent>(family: EventFamily<Event>) => {
    const codec = known.get(family) ?? eventCodec(family, keyring)
    known.set(family, codec)
    // What is known under a family was made for it.
    return codec as EventCodec<Event>
  }
}
export type CodecOf = <Event extends AnyEvent>(family: EventFamily<Event>) => EventCodec<Event>

/** Several codecs read as one: each event goes to the codec of its stream's category. */
export function codecSet<Codec extends EventCodec<unknown>>(codecs: readonly Codec[]): CodecSet<EventOf<Codec>> {
  const byCategory = new Map<string, EventCodec<unknown>>()
  for (const codec of codecs) {
    if (byCategory.has(codec.category)) throw new Error(`Two codecs for the category ${codec.category}`)
    byCategory.set(codec.category, codec)
  }
  return {
    categories: [...byCategory.keys()],
    decode(recorded) {
      // A codec answers with the events of its own category only, hence with one of the union.
      return byCategory.get(categoryOf(recorded.stream))?.decode(recorded) as Decoding<EventOf<Codec>>
    },
  }
}

export type CodecSet<Event> = {
  categories: string[]
  /** `undefined` for a category or a type that is not ours. @throws UndecodableEvent */
  decode(recorded: RecordedEvent): Decoding<Event>
}
export type EventOf<Codec> = Codec extends EventCodec<infer Event> ? Event : never

function split<Event extends AnyEvent>({ type, data }: Event, { routing, sealedBy }: EventFamily<Event>) {
  const clear: Clear = {}
  const rest: Record<string, unknown> = {}
  for (const [name, value] of Object.entries<unknown>({ ...data })) {
    if (!routing.includes(name)) rest[name] = value
    else if (typeof value === 'string') clear[name] = value
    else if (value !== undefined) throw new InvalidEvent(`The routing field ${name} of a ${type} is not a text`)
  }
  const owner = clear[sealedBy]
  if (owner === undefined) throw new InvalidEvent(`A ${type} lacks ${sealedBy}, which names its key`)
  return { clear, owner, rest }
}

/** MUST be computed from what is stored, not from today's routing fields, because those may change with versions. */
function sealContext(type: string, id: string, clear: Clear): string {
  const names = Object.keys(clear).toSorted()
  return JSON.stringify([type, id, names.map((name) => [name, clear[name]])])
}

function clearPart(recorded: RecordedEvent): { clear: Clear; sealed: string } {
  const clear: Clear = {}
  let sealed: string | undefined
  for (const [name, value] of Object.entries(recorded.data)) {
    if (typeof value !== 'string') throw new UndecodableEvent(recorded, `${name} is not a text`)
    if (name === 'sealed') sealed = value
    else clear[name] = value
  }
  if (sealed === undefined) throw new UndecodableEvent(recorded, 'it has no sealed part')
  return { clear, sealed }
}

function openingKey(keyring: Keyring, owner: string, recorded: RecordedEvent) {
  const explain = (error: unknown): never => {
    if (error instanceof DataKeyMissing) throw new UndecodableEvent(recorded, error.message, { cause: error })
    throw error
  }
  try {
    const key = keyring.openingKey(owner)
    return key instanceof Promise ? key.catch(explain) : key
  } catch (error) {
    return explain(error)
  }
}

type Sealed = { recorded: RecordedEvent; clear: Clear; sealed: string; key: DataKey }

/**
 * What was sealed under its current name was checked by `encode` before, and the seal says that nothing has changed since
 * (decision 0008). What comes out of an upcast is new, and checked here.
 */
function currentShape<Event>(sealed: Sealed, { name, upcasts }: StoredShape, schema: z.ZodType<Event>): Event {
  let data = openBody(sealed)
  // Sealed under this type by the codec of this schema.
  if (upcasts.length === 0) return { type: name, data } as Event
  for (const upcast of upcasts) {
    const older = upcast.safeParse(data)
    if (!older.success) throw new UndecodableEvent(sealed.recorded, misfits(older.error))
    data = older.data
  }
  const current = schema.safeParse({ type: name, data })
  if (!current.success) throw new UndecodableEvent(sealed.recorded, misfits(current.error))
  return current.data
}

function openBody({ recorded, clear, sealed, key }: Sealed): unknown {
  let body: unknown
  try {
    const bytes = unseal(key, Buffer.from(sealed, 'base64url'), sealContext(recorded.type, recorded.id, clear))
    body = JSON.parse(bytes.toString())
  } catch (error) {
    // The cause of a JSON error quotes what it could not read: it is left out.
    const reason = error instanceof SealBroken ? 'its seal is broken' : 'what was sealed is not JSON'
    throw new UndecodableEvent(recorded, reason)
  }
  if (typeof body !== 'object' || body === null)
    throw new UndecodableEvent(recorded, 'what was sealed is not an object')
  return Object.assign(body, clear)
}

type Content<Event> = Pick<Decoded<Event>, 'type' | 'routing' | 'event'>

function decoded<Event>(recorded: RecordedEvent, content: Content<Event>): Decoded<Event> {
  const metadata = EventMetadata.safeParse(recorded.metadata)
  if (!metadata.success) throw new UndecodableEvent(recorded, `metadata: ${misfits(metadata.error)}`)
  const { id, stream, revision, position } = recorded
  return { id, stream, revision, position, metadata: metadata.data, ...content }
}

/** Which fields do not fit, and how; never what they hold. */
function misfits(error: z.ZodError): string {
  return error.issues.map(({ path, code }) => `${path.map(String).join('.') || 'event'} (${code})`).join(', ')
}

function categoryOf(stream: string): string {
  const hyphen = stream.indexOf('-')
  return hyphen === -1 ? stream : stream.slice(0, hyphen)
}
