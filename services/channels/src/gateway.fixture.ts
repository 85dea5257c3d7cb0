import { once } from 'node:events'
import { join } from 'node:path'
import { Actor } from '@relais/contracts/actor'
import { ServerFrame, SUBPROTOCOL } from '@relais/contracts/channels'
import { circleEvents, type CircleEvent } from '@relais/contracts/patients'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import type { EventStore, ExpectedRevision, NewEvent } from '@relais/event-store/port'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { eventCodec } from '@relais/events/codec'
import { serve } from '@relais/http/serve'
import { openAdapters } from '@relais/runtime/adapters'
import { logger } from '@relais/telemetry/logger'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { WebSocket } from 'ws'
import { FACILITY, gp, streamOf } from './facts.fixture.ts'
import type { FeedEvent } from './projections/channel-feed.ts'
import { createService } from './service.ts'

type EntryFrame = Extract<ServerFrame, { type: 'entry' }>

export const nurse = person({ wards: ['3620'] })
export const physician = person({ id: gp, role: 'medecin', organisation: undefined })

export function person(overrides: Partial<Record<keyof Actor, unknown>>): string {
  const base = {
    id: 'rpps:10100000001',
    role: 'infirmier',
    organisation: FACILITY,
    wards: [],
    scopes: ['channel:follow'],
  }
  return JSON.stringify(Actor.parse({ ...base, ...overrides }))
}

/** A gateway on its own folder, or on one that an earlier gateway has left. In these tests a token is an actor. */
export async function openGateway({ folder = temporaryFolder(), store = inMemoryEventStore() } = {}) {
  const lines: Record<string, unknown>[] = []
  const { adapters, close: closeAdapters } = await openAdapters({
    mode: 'demonstration',
    store: { ...store, close: async () => {} },
    databaseUrl: `sqlite:${join(folder, 'views.sqlite')}`,
    verifier: {
      verify: async (token) => ({
        actor: Actor.parse(JSON.parse(token)),
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    },
    siteKey: Buffer.alloc(32, 1),
    masterKey: Buffer.alloc(32, 2),
    log: logger({ level: 'info', destination: { write: (line) => void lines.push(JSON.parse(line)) } }),
  })
  const service = await createService(adapters)
  await waitUntil(() => service.readiness().every(({ ready }) => ready), 'the gateway to have read the log')
  const http = await serve(service.app, { host: '127.0.0.1', port: 0 })
  const channels = service.attach(http.server)
  let isClosed = false
  const close = async () => {
    if (isClosed) return
    isClosed = true
    await channels.close()
    await http.close(100)
    await service.stop()
    await closeAdapters()
  }
  afterTestFile(close)
  const url = `ws://127.0.0.1:${http.port}/channels`
  const record = recorder(store, adapters.vault)
  return { url, folder, store, record, close, lines, service, vault: adapters.vault, port: http.port }
}
export type Gateway = Awaited<ReturnType<typeof openGateway>>

/** Appends facts; those of one stream go into one append. */
export function recorder(store: EventStore, keyring: Parameters<typeof eventCodec>[1]) {
  const stays = eventCodec<StayEvent>(stayEvents, keyring)
  const circles = eventCodec<CircleEvent>(circleEvents, keyring)
  const revisions = new Map<string, ExpectedRevision>()
  const encoded = async (event: FeedEvent): Promise<NewEvent> => {
    const id = crypto.randomUUID()
    const body =
      'stayId' in event.data ? stays.encode(event as StayEvent, id) : circles.encode(event as CircleEvent, id)
    const actor = { id: 'rpps:10100000001', role: 'infirmier' }
    const metadata = { $correlationId: 'test', recordedAt: new Date().toISOString(), actor }
    return { id, ...(await body), metadata }
  }
  return async (...events: FeedEvent[]) => {
    for (const [stream, together] of Map.groupBy(events, streamOf)) {
      const expected = revisions.get(stream) ?? 'noStream'
      const result = await store.append(stream, expected, await Promise.all(together.map(encoded)))
      if (!result.appended) throw new Error(`${stream} has moved on`)
      revisions.set(stream, result.revision)
    }
  }
}

/** A client that keeps every frame; it subscribes to one channel at a time. */
export async function connect({ url }: Pick<Gateway, 'url'>, token: string) {
  const socket = new WebSocket(url, SUBPROTOCOL)
  const frames: ServerFrame[] = []
  socket.on('message', (data: Buffer) => void frames.push(ServerFrame.parse(JSON.parse(data.toString()))))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', token }))
  await waitUntil(() => frames.some(({ type }) => type === 'welcome'), 'the welcome')
  let subscriptions = 0

  const follow = async (channel: string, after?: string) => {
    subscriptions += 1
    const id = String(subscriptions)
    const own = () => frames.filter((frame) => 'id' in frame && frame.id === id)
    const entries = () => own().filter((frame): frame is EntryFrame => frame.type === 'entry')
    const ended = () => own().find((frame) => frame.type === 'ended')?.reason
    const caughtUp = () => own().find((frame) => frame.type === 'caughtUp')?.cursor
    socket.send(JSON.stringify({ type: 'subscribe', id, channel, ...(after === undefined ? {} : { after }) }))
    await waitUntil(() => caughtUp() ?? ended(), 'the answer to a subscription')
    return {
      entries,
      ended,
      caughtUp,
      kinds: () => entries().map(({ entry }) => entry.kind),
      receives: (count: number) => waitUntil(() => entries().length >= count, `${count} entries on ${channel}`),
      ends: () => waitUntil(ended, `the end of ${channel}`),
      stop: () => socket.send(JSON.stringify({ type: 'unsubscribe', id })),
    }
  }
  return { follow, socket, close: () => socket.terminate() }
}
