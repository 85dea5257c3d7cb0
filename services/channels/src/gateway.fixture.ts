import { once } from 'node:events'
import { join } from 'node:path'
import { cursorCodec } from '@relais/channels/cursor'
import { Actor } from '@relais/contracts/actor'
import { ServerFrame, SUBPROTOCOL } from '@relais/contracts/channels'
import { type DeathEvent, deathEvents, isDeathEvent } from '@relais/contracts/deaths'
import { type ForgettingEvent, forgettingEvents } from '@relais/contracts/forgetting'
import { circleEvents, type CircleEvent, isLinkEvent, linkEvents, type LinkEvent } from '@relais/contracts/patients'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import type { EventStore, ExpectedRevision, NewEvent } from '@relais/event-store/port'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { codecsWith, eventCodec } from '@relais/events/codec'
import { serve } from '@relais/http/serve'
import { startProjection } from '@relais/projections/runner'
import { openAdapters } from '@relais/runtime/adapters'
import { asking } from '@relais/runtime/adapters.fixture'
import { toldStandings } from '@relais/runtime/told-standings.fixture'
import { logger } from '@relais/telemetry/logger'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { type KyselyPlugin, sql } from 'kysely'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { FACILITY, gp, type OutsideFact, streamOf } from './facts.fixture.ts'
import { feedReader } from './feed/feed-reader.ts'
import { feedHub } from './feed/hub.ts'
import { feedPush } from './feed/push.ts'
import { textsFrom } from './feed/texts.ts'
import { openSubscribers } from './feed/subscribers.ts'
import { channelFeed, type FeedTables } from './projections/channel-feed.ts'
import { feedCodecs } from './projections/feed-codecs.ts'
import { createService } from './service.ts'

const SignIn = z.object({ sid: z.string().exactOptional(), expiresAt: z.string().exactOptional() })
type EntryFrame = Extract<ServerFrame, { type: 'entry' }>

export const nurse = person({ wards: ['3620'] })
export const physician = person({ id: gp, role: 'medecin', organisation: undefined })

/** The same token, as an issuer gives it that names the sign-in. */
export const signedIn = (token: string, sid: string) => JSON.stringify({ ...JSON.parse(token), sid })

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

type Ground = {
  folder: string
  store: EventStore
  /** Instead of files in the folder. */
  databaseUrl?: string
  /** The clock of the gateway; facts are recorded by that of the machine. */
  now?: () => string
}
type GatewayOptions = Partial<Ground> & { port?: number; schema?: string }

/** The adapters of a gateway, on a folder and a store that outlive it. In these tests a token is an actor. */
async function adaptersOn({ folder, store, databaseUrl, now }: Ground) {
  const lines: Record<string, unknown>[] = []
  const opened = await openAdapters({
    mode: 'demonstration',
    store: { ...store, close: async () => {} },
    databaseUrl: databaseUrl ?? `sqlite:${join(folder, 'views.sqlite')}`,
    ...(now ? { now } : {}),
    verifier: {
      async verify(token) {
        const claims: unknown = JSON.parse(token.startsWith('{') ? token : Buffer.from(token, 'base64url').toString())
        const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
        return { actor: Actor.parse(claims), expiresAt, ...SignIn.parse(claims) }
      },
    },
    siteKey: Buffer.alloc(32, 1),
    masterKey: Buffer.alloc(32, 2),
    log: logger({ level: 'info', destination: { write: (line) => void lines.push(JSON.parse(line)) } }),
  })
  return { ...opened, lines }
}

/** A gateway on its own folder, or on one that an earlier gateway has left. */
export async function openGateway(options: GatewayOptions = {}) {
  const { folder = temporaryFolder(), store = inMemoryEventStore(), port = 0, schema = 'channels' } = options
  const { adapters, close: closeAdapters, lines } = await adaptersOn({ ...options, folder, store })
  const service = await createService(adapters, { schema })
  await waitUntil(() => service.readiness().every(({ ready }) => ready), 'the gateway to have read the log')
  const http = await serve(service.app, { host: '127.0.0.1', port })
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
  const views = await adapters.openViews<FeedTables>(schema)
  const append = recorder(store, adapters.vault)
  const checkpoint = sql<{ position: number }>`select position from projection_checkpoint where serving = 1`
  const reached = async () => Number((await checkpoint.execute(views.db)).rows[0]?.position)
  const shown = (position: number) => waitUntil(async () => (await reached()) >= position, 'the view to show it')
  /** Resolves once the view shows it. */
  const record = async (...events: OutsideFact[]) => {
    const position = await append(...events)
    await shown(position)
    return position
  }
  /** The routes of the service, for somebody; in a header a token is plain. */
  const as = (token: string) => asking(service.app, Buffer.from(token).toString('base64url'), JSON.parse)
  return { url, folder, store, record, shown, close, lines, as, vault: adapters.vault, port: http.port, db: views.db }
}
export type Gateway = Awaited<ReturnType<typeof openGateway>>

/** The hub of a gateway without its sockets. It reads through a handle of its own, `db`. */
export async function openHub() {
  const { adapters, close } = await adaptersOn({ folder: temporaryFolder(), store: inMemoryEventStore() })
  const { store, epoch, vault, now, log } = adapters
  const codecs = feedCodecs(codecsWith(vault))
  const database = await adapters.openViews<FeedTables>('channels')
  const { holding, holdNext } = resultHolder()
  const reading = (await adapters.openViews<FeedTables>('channels')).db.withPlugin(holding)
  const cursors = cursorCodec(adapters.siteKey, epoch)
  const deps = {
    db: reading,
    feed: feedReader(reading),
    cursors,
    subscribers: openSubscribers(),
    committed: () => view.status().position ?? 0,
    acknowledge: async () => {},
    openText: textsFrom(vault),
    now,
    log,
  }
  const pushing = feedPush(deps)
  const view = startProjection({ projection: channelFeed, store, codecs, database, epoch, log, now, ...pushing })
  afterTestFile(async () => {
    await view.stop()
    await close()
  })
  await waitUntil(() => view.status().hasCaughtUp, 'the view to be there')
  const append = recorder(store, vault)
  /** Resolves once the view shows it and it was pushed. */
  const shown = async (position: number) => void (await view.reaches(position, 10_000))
  const record = async (...events: OutsideFact[]) => shown(await append(...events))
  return { ...deps, hub: feedHub(deps), append, record, shown, store, vault, holdNext, database }
}

/** Keeps back the result of the next read, once it was read, so that something may happen in between. */
function resultHolder() {
  let next: { reached: () => void; released: Promise<void> } | undefined
  const holding: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      const held = next
      next = undefined
      held?.reached()
      await held?.released
      return result
    },
  }
  const holdNext = () => {
    const reached = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    next = { reached: reached.resolve, released: released.promise }
    return { reached: reached.promise, release: released.resolve }
  }
  return { holding, holdNext }
}

/** Writes into a log that gateways come and go on. */
export async function openWriter(folder: string, store: EventStore) {
  const { adapters, close } = await adaptersOn({ folder, store })
  afterTestFile(close)
  return recorder(store, adapters.vault)
}

const isStayEvent = (event: OutsideFact): event is StayEvent => event.type in stayEvents.versions

/**
 * Appends facts; those of one stream go into one append, those of a stay with what it then is. Answers with the last
 * position.
 */
export function recorder(store: EventStore, keyring: Parameters<typeof eventCodec>[1]) {
  const stays = eventCodec<StayEvent>(stayEvents, keyring)
  const circles = eventCodec<CircleEvent>(circleEvents, keyring)
  const links = eventCodec<LinkEvent>(linkEvents, keyring)
  const forgettings = eventCodec<ForgettingEvent>(forgettingEvents, keyring)
  const deaths = eventCodec<DeathEvent>(deathEvents, keyring)
  const encode = (event: OutsideFact, id: string) => {
    if (event.type === 'PatientForgotten') return forgettings.encode(event, id)
    if (isDeathEvent(event)) return deaths.encode(event, id)
    if (isLinkEvent(event)) return links.encode(event, id)
    return isStayEvent(event) ? stays.encode(event, id) : circles.encode(event, id)
  }
  const standings = toldStandings()
  const revisions = new Map<string, ExpectedRevision>()
  const encoded = async (event: OutsideFact): Promise<NewEvent> => {
    const id = crypto.randomUUID()
    const body = encode(event, id)
    const actor = { id: 'rpps:10100000001', role: 'infirmier' }
    const metadata = { $correlationId: 'test', recordedAt: new Date().toISOString(), actor }
    return { id, ...(await body), metadata }
  }
  return async (...events: OutsideFact[]): Promise<number> => {
    let last = 0
    for (const [stream, told] of Map.groupBy(events, streamOf)) {
      const together = stream.startsWith('stay-') ? standings(told.filter(isStayEvent)) : told
      const expected = revisions.get(stream) ?? 'noStream'
      const result = await store.append(stream, expected, await Promise.all(together.map(encoded)))
      if (!result.appended) throw new Error(`${stream} has moved on`)
      revisions.set(stream, result.revision)
      last = Math.max(last, result.position)
    }
    return last
  }
}

/** A client that keeps every frame; it subscribes to one channel at a time. */
export async function connect({ url }: Pick<Gateway, 'url'>, token: string) {
  const client = await knock({ url }, { token })
  if (!client.isWelcome) throw new Error('Not welcome')
  return client
}

/** The same, who may be refused. */
export async function knock({ url }: Pick<Gateway, 'url'>, credential: { token: string } | { ticket: string }) {
  const socket = new WebSocket(url, SUBPROTOCOL)
  const frames: ServerFrame[] = []
  const closed = once(socket, 'close').then(([code]) => Number(code))
  socket.on('message', (data: Buffer) => void frames.push(ServerFrame.parse(JSON.parse(data.toString()))))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', ...credential }))
  const isWelcome = () => frames.some(({ type }) => type === 'welcome')
  await waitUntil(() => isWelcome() || socket.readyState === WebSocket.CLOSED, 'the answer to hello')
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
  return { follow, socket, frames, closed, isWelcome: isWelcome(), close: () => socket.terminate() }
}
