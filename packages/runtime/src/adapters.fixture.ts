import { join } from 'node:path'
import { Actor } from '@relais/contracts/actor'
import type { EventFamily, Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import type { EventStore, RecordedEvent } from '@relais/event-store/port'
import { eventCodec } from '@relais/events/codec'
import type { Keyring } from '@relais/events/sealing'
import { logger } from '@relais/telemetry/logger'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import type { Hono } from 'hono'
import { type Adapters, openAdapters } from './adapters.ts'
import type { Service } from './service-process.ts'
import type { Mode } from './settings.ts'
import { tokenIssuer } from './tokens.fixture.ts'

/** A day after what the fixtures of `@relais/hl7v2` tell. */
export const START = '2026-11-03T08:00:00.000Z'

export type TestAdapterOptions = {
  /** Where vault and views are kept; adapters opened again on a folder are those of a restarted process. */
  folder?: string
  /** Left open by `close`, so that it may outlive these adapters. */
  store?: EventStore
  mode?: Mode
  /** Where views go instead of the folder. */
  openViews?: <Tables>(schema: string) => Promise<Database<Tables>>
}
export type TestAdapters = Awaited<ReturnType<typeof openTestAdapters>>

/** What a process gives to a service, with a clock that only the test moves, tokens of its own and its log lines kept. */
export async function openTestAdapters(options: TestAdapterOptions = {}) {
  const { folder = temporaryFolder(), store = inMemoryEventStore(), mode = 'demonstration', openViews } = options
  const lines: string[] = []
  const clock = { now: START }
  const now = () => clock.now
  const { verifier, tokenFor } = await tokenIssuer(now)
  const { adapters, close } = await openAdapters({
    mode,
    store: { ...store, close: async () => {} },
    databaseUrl: `sqlite:${join(folder, 'relais.sqlite')}`,
    verifier,
    siteKey: Buffer.alloc(32, 's'),
    masterKey: Buffer.alloc(32, 'm'),
    log: logger({ level: 'trace', destination: { write: (line) => void lines.push(line) } }),
    now,
  })
  afterTestFile(close)
  const given: Adapters = { ...adapters, ...(openViews ? { openViews } : {}) }
  return { adapters: given, store, folder, lines, clock, tokenFor, close }
}

export type Asked = { method?: string; body?: unknown; headers?: Record<string, string> }

/** Asks a service as somebody, in JSON; `parse` reads what is answered. A view that is not that far yet is asked again. */
export function asking<Body>(app: Hono, token: string, parse: (text: string) => Body) {
  return async (path: string, { method, body, headers = {} }: Asked = {}) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const asked = {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { authorization: `Bearer ${token}`, ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    const { response, text } = await waitUntil(async () => {
      const response = await app.request(path, asked)
      const text = await response.text()
      return !(response.status === 503 && text.includes('urn:relais:problem:positionNotReached')) && { response, text }
    }, `what ${path} waits for`)
    return { status: response.status, headers: response.headers, body: parse(text === '' ? 'null' : text) }
  }
}

/** A person with every scope but `operate`, unless the test says otherwise. */
export function person(details: Partial<Record<keyof Actor, unknown>>): Actor {
  return Actor.parse({
    id: 'rpps:10100000001',
    role: 'infirmier',
    wards: [],
    scopes: ['pathway:read', 'circle:write', 'message:send', 'quarantine:read', 'quarantine:repair'],
    ...details,
  })
}

/** What to call to end a service that is ready, then its adapters: once, by the test or at the end of its file. */
export async function closingOnce(
  service: Service,
  adapters: { close(): Promise<void> },
): Promise<() => Promise<void>> {
  await isReady(service)
  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    await service.stop()
    await adapters.close()
  }
  afterTestFile(close)
  return close
}

/** Waits until a service has read the log it started on. */
export function isReady(service: Pick<Service, 'readiness'>): Promise<boolean> {
  return waitUntil(() => service.readiness().every(({ ready }) => ready), 'the service to be ready')
}

type Checkpoints = { reaction_checkpoint: { name: string; position: number } }

/** Waits until a reaction of a service, the only one unless it is named, has handled everything that is in the log, its own writing included. */
export async function hasReacted(
  { adapters, store }: Pick<TestAdapters, 'adapters' | 'store'>,
  { schema, categories, name }: { schema: string; categories: readonly string[]; name?: string },
): Promise<void> {
  const { db } = await adapters.openViews<Checkpoints>(schema)
  const last = async () => {
    for await (const { stream, position } of store.readAll({ direction: 'backwards' }))
      if (categories.includes(stream.split('-')[0] ?? '')) return position
    return 0
  }
  await waitUntil(async () => {
    // MUST be read before the log: nothing may come between what was handled and the end.
    const checkpoints = db.selectFrom('reaction_checkpoint').select('position')
    const own = name === undefined ? checkpoints : checkpoints.where('name', '=', name)
    const handled = await own.executeTakeFirst()
    return (handled?.position ?? 0) >= (await last())
  }, `the reaction of ${schema}`)
}

type Fact = { type: string; data: object }
type Caused = {
  $correlationId?: string
  $causationId?: string
  actor?: { id: string; role: string; organisation?: string }
}
export type Recording = { at?: Instant; id?: string; metadata?: Caused }

/** Appends facts to streams that belong to other services, as those would. Answers the position. */
export function recorder({ store, keyring, now }: { store: EventStore; keyring: Keyring; now: () => Instant }) {
  return async function record<Event extends Fact>(
    family: EventFamily<Event>,
    event: Event,
    { id = crypto.randomUUID(), at = now(), owner, metadata: said = {} }: Recording & { owner: string },
  ): Promise<number> {
    const stream = `${family.category}-${owner}`
    const encoded = await eventCodec(family, keyring).encode(event, id)
    const actor = { id: 'sender:test', role: 'system' }
    const metadata = { $correlationId: 'test', recordedAt: at, actor, ...said }
    const last = await lastOf(store.readStream(stream, { direction: 'backwards', limit: 1 }))
    const result = await store.append(stream, last?.revision ?? 'noStream', [{ id, ...encoded, metadata }])
    if (!result.appended) throw new Error(`${stream} has moved on`)
    return result.position
  }
}

async function lastOf(events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent | undefined> {
  for await (const event of events) return event
  return undefined
}
