import { createHash } from 'node:crypto'
import { event, type EventFamily } from '@relais/contracts/primitives'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { type EventStore, type Notification, StoreUnavailable, type SubscribeOptions } from '@relais/event-store/port'
import { codecSet, eventCodec } from '@relais/events/codec'
import { inMemoryKeyring } from '@relais/events/in-memory-keyring'
import { logger } from '@relais/telemetry/logger'
import { z } from 'zod'
import { type Projection, remove, upsert } from './projection.ts'
import { type ProjectionOptions, startProjection } from './runner.ts'
import type { AnyDatabase } from './sql.ts'

const bed = { bedId: z.string(), patientId: z.string() }
const BedEvent = z.discriminatedUnion('type', [
  event('BedTaken', { ...bed, ward: z.string(), weightGrams: z.number() }),
  event('BedFreed', bed),
])
export type BedEvent = z.infer<typeof BedEvent>
const bedEvents = {
  category: 'bed',
  routing: ['bedId', 'patientId'],
  sealedBy: 'patientId',
  schema: BedEvent,
  versions: { BedTaken: 1, BedFreed: 1 },
  upcasts: {},
} satisfies EventFamily<BedEvent>

export type BedTables = {
  bed: { bed_id: string; patient_id: string; ward: string | null }
  bed_change: { event_id: string; bed_id: string; kind: string; grams: number | null }
}

/** Who lies where, and every change there was. */
export const bedBoard: Projection<BedEvent> = {
  name: 'bed-board-1',
  tables: {
    bed: { columns: { bed_id: 'text', patient_id: 'text', ward: 'text?' }, key: ['bed_id'], indexes: [['patient_id']] },
    bed_change: {
      columns: { event_id: 'text', bed_id: 'text', kind: 'text', grams: 'integer?' },
      key: ['bed_id', 'event_id'],
    },
  },
  rows({ id, type, routing, event: fact }) {
    const bedId = routing['bedId'] ?? ''
    const grams = fact?.type === 'BedTaken' ? fact.data.weightGrams : undefined
    const change = upsert('bed_change', { event_id: id, bed_id: bedId, kind: type, grams })
    if (fact === undefined) return [change]
    if (fact.type === 'BedFreed') return [change, remove('bed', { bed_id: bedId })]
    return [change, upsert('bed', { bed_id: bedId, patient_id: fact.data.patientId, ward: fact.data.ward })]
  },
}

export const RECORDED_AT = '2026-11-02T08:00:00.000Z'
export const EPOCH = '00000000-0000-4000-8000-000000000001'

/** A log of beds, with ids that are the same in every run. */
export function bedLog() {
  const store = inMemoryEventStore()
  const codec = eventCodec(bedEvents, inMemoryKeyring())
  const revisions = new Map<string, number>()
  let count = 0
  const append = async (fact: BedEvent): Promise<number> => {
    const id = uuidOf(`event ${(count += 1)}`)
    const stream = `bed-${fact.data.bedId}`
    const encoded = await codec.encode(fact, id)
    const metadata = { $correlationId: id, recordedAt: RECORDED_AT, actor: { id: 'ward:1', role: 'infirmier' } }
    const expected = revisions.get(stream) ?? 'noStream'
    const result = await store.append(stream, expected, [{ id, ...encoded, metadata }])
    if (!result.appended) throw new Error('The stream moved on')
    revisions.set(stream, result.revision)
    return result.position
  }
  const appendAll = async (facts: readonly BedEvent[]): Promise<number> => {
    let position = 0
    for (const fact of facts) position = await append(fact)
    return position
  }
  return { store, codecs: codecSet([codec]), append, appendAll }
}
export type BedLog = ReturnType<typeof bedLog>

export function taken(bedId: string, patient = 'p1', weightGrams = 71_500): BedEvent {
  return { type: 'BedTaken', data: { bedId, patientId: patient, ward: 'Cardiologie – été', weightGrams } }
}
export function freed(bedId: string, patient = 'p1'): BedEvent {
  return { type: 'BedFreed', data: { bedId, patientId: patient } }
}
export function manyBeds(count: number): BedEvent[] {
  return Array.from({ length: count }, (_, number) => taken(`b${number % 50}`, `p${number}`, number))
}

/** Follows a log on a database; `lines` is what it logs. */
export function follow(
  { store, codecs }: { store: EventStore; codecs: BedLog['codecs'] },
  database: AnyDatabase,
  options: Partial<ProjectionOptions<BedEvent>> = {},
) {
  const lines: Record<string, unknown>[] = []
  const log = logger({ level: 'info', destination: { write: (line) => void lines.push(JSON.parse(line)) } })
  const running = startProjection({
    projection: bedBoard,
    store,
    codecs,
    database,
    epoch: EPOCH,
    log,
    now: () => RECORDED_AT,
    sleep: () => Promise.resolve(),
    ...options,
  })
  return { ...running, lines }
}

/** A store whose subscriptions can be lost: it cannot be reached, unless another error says what went wrong. */
export function losable(store: EventStore) {
  let lost = Promise.withResolvers<never>()
  async function* subscribe(options: SubscribeOptions) {
    const notifications = store.subscribe(options)[Symbol.asyncIterator]()
    for (;;) {
      const next: IteratorResult<Notification, undefined> = await Promise.race([notifications.next(), lost.promise])
      if (next.done === true) return
      yield next.value
    }
  }
  return {
    store: { ...store, subscribe },
    lose(reason: Error = new StoreUnavailable('lost')) {
      lost.promise.catch(() => undefined)
      lost.reject(reason)
    },
    find: () => void (lost = Promise.withResolvers<never>()),
  }
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
