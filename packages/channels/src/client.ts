import {
  CloseCode,
  type ChannelName,
  type ClientFrame,
  type EndedReason,
  type ServerFrame,
} from '@relais/contracts/channels'
import type { ChannelEntry, StateEntry } from '@relais/contracts/channel-entries'
import { backoffMilliseconds } from './backoff.ts'
import { type Connection, LOST, openConnection, type WebSocketConstructor } from './client-connection.ts'
import { systemTimers, type Timers } from './timers.ts'

export type ClientState = 'connecting' | 'open' | 'reconnecting' | 'closed'

/** Asked before each connection, so that a session that expired comes back with a new one. */
type Credentials =
  | { token: () => Promise<string>; ticket?: undefined }
  /** For a page that sees no token: asked also some time before the session ends, which then goes on without a cut. */
  | { ticket: () => Promise<string>; token?: undefined }

export type ClientOptions = Credentials & {
  /** Such as `wss://relais.example/channels`. */
  url: string
  /** @defaultValue the global one */
  webSocket?: WebSocketConstructor
  /** In [0, 1). @defaultValue Math.random */
  random?: () => number
  timers?: Timers
  /** After so long without a frame the gateway is asked whether it is there. @defaultValue 25000 */
  silenceMilliseconds?: number
  /** `closed` comes once and last; `code` says what ended the last connection. */
  onState?: (state: ClientState, code?: number) => void
}

export type SubscribeOptions = {
  /** The last cursor handled; without it the channel's present state comes first. */
  after?: string | undefined
  /**
   * Keep `cursor` with what the entry caused: given back as `after`, nothing is missed or repeated. After an error thrown
   * here, the client connects again, and the entry comes again.
   */
  onEntry(received: { entry: ChannelEntry; cursor: string; state?: StateEntry[] | undefined }): void
  onCaughtUp?(cursor: string | undefined): void
  /** The gateway ended the subscription. It is not tried again by itself. */
  onEnded?(reason: EndedReason): void
}

export type ClientSubscription = { stop(): void; readonly cursor: string | undefined }
export type ChannelsClient = {
  subscribe(channel: ChannelName, options: SubscribeOptions): ClientSubscription
  /** Closes for good: no callback comes after it but `onState('closed')`. */
  close(): void
}

type Following = SubscribeOptions & {
  channel: ChannelName
  cursor: string | undefined
  seen: Set<string>
  /** An acknowledgment is on its way. */
  acknowledging: boolean
}
type State = {
  options: ClientOptions & Required<Pick<ClientOptions, 'webSocket' | 'random' | 'timers' | 'silenceMilliseconds'>>
  name: ClientState | 'idle'
  following: Map<string, Following>
  subscriptions: number
  connection: Connection | undefined
  failures: number
  refusals: number
  cancelRetry: () => void
  /** When the present connection's session ends. */
  expiresAt: string | undefined
  cancelRenewal: () => void
}

/** Enough to recognise what a gateway might send twice around a reconnection. */
const CURSORS_REMEMBERED = 256
const NORMAL = 1000
/** Of an inbox, what came within this time is acknowledged at once. */
const ACKNOWLEDGMENT_MILLISECONDS = 200
const MESSAGE_TOO_BIG = 1009
/** A session is renewed when so much of it is left, or this part of it where that is less. */
const RENEWAL_MILLISECONDS = 60_000
const RENEWAL_PART = 0.2
/** The longest delay that timers keep: beyond, they fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1
/** After our own fault, or once the person has signed out, coming back would change nothing. */
const final: ReadonlySet<number> = new Set([
  MESSAGE_TOO_BIG,
  CloseCode.signedOut,
  CloseCode.unreadable,
  CloseCode.duplicateSubscription,
  CloseCode.tooManySubscriptions,
])

/**
 * A client of `docs/channels.md`: connects, reconnects with a jittered delay, and resumes each subscription from the
 * last cursor it handled, so that each entry comes once. It gives up, with `closed`, when the gateway says that the
 * client is at fault or the person has signed out, or refuses two tokens or tickets in a row.
 */
export function connectChannels(options: ClientOptions): ChannelsClient {
  const client: State = {
    options: {
      webSocket: WebSocket,
      random: Math.random,
      timers: systemTimers,
      silenceMilliseconds: 25_000,
      ...options,
    },
    name: 'idle',
    following: new Map(),
    subscriptions: 0,
    connection: undefined,
    failures: 0,
    refusals: 0,
    cancelRetry: () => {},
    expiresAt: undefined,
    cancelRenewal: () => {},
  }
  connect(client)
  return {
    subscribe: (channel, subscription) => subscribe(client, channel, subscription),
    close: () => finish(client, NORMAL),
  }
}

function connect(client: State): void {
  enter(client, client.name === 'idle' ? 'connecting' : 'reconnecting')
  client.connection = openConnection({
    ...client.options,
    hello: () => helloOf(client.options),
    onFrame: (frame) => handle(client, frame),
    onClosed: (code) => disconnected(client, code),
  })
}

async function helloOf({ token, ticket }: Credentials): Promise<ClientFrame> {
  return token ? { type: 'hello', token: await token() } : { type: 'hello', ticket: await ticket() }
}

function enter(client: State, name: ClientState, code?: number): void {
  if (client.name === name) return
  client.name = name
  if (code === undefined) client.options.onState?.(name)
  else client.options.onState?.(name, code)
}

function disconnected(client: State, code: number): void {
  if (client.name === 'closed') return
  client.cancelRenewal()
  client.expiresAt = undefined
  client.refusals = code === CloseCode.unauthorised && client.name !== 'open' ? client.refusals + 1 : 0
  if (final.has(code) || client.refusals > 1) return finish(client, code)
  enter(client, 'reconnecting', code)
  const delay = backoffMilliseconds(client.failures, client.options.random)
  client.failures += 1
  client.cancelRetry = client.options.timers.after(delay, () => connect(client))
}

function finish(client: State, code: number): void {
  if (client.name === 'closed') return
  enter(client, 'closed', code)
  client.following.clear()
  client.cancelRetry()
  client.cancelRenewal()
  client.connection?.close(code)
}

function subscribe(client: State, channel: ChannelName, options: SubscribeOptions): ClientSubscription {
  client.subscriptions += 1
  const id = String(client.subscriptions)
  const following: Following = { ...options, channel, cursor: options.after, seen: new Set(), acknowledging: false }
  if (client.name !== 'closed') client.following.set(id, following)
  if (client.name === 'open') ask(client, id, following)
  return {
    stop() {
      if (client.following.delete(id) && client.name === 'open') client.connection?.send({ type: 'unsubscribe', id })
    },
    get cursor() {
      return following.cursor
    },
  }
}

function ask(client: State, id: string, { channel, cursor }: Following): void {
  client.connection?.send({ type: 'subscribe', id, channel, ...(cursor === undefined ? {} : { after: cursor }) })
}

/** What a handler throws ends the connection: the next entry would be a cursor past the one that was not handled. */
function handle(client: State, frame: ServerFrame): void {
  try {
    receive(client, frame)
  } catch (error) {
    client.connection?.close(LOST)
    throw error
  }
}

function receive(client: State, frame: ServerFrame): void {
  switch (frame.type) {
    case 'welcome':
      client.refusals = 0
      enter(client, 'open')
      for (const [id, following] of client.following) ask(client, id, following)
      return renewInTime(client, frame)
    case 'renewed':
      return renewInTime(client, frame)
    case 'entry':
      return receiveEntry(client, frame)
    case 'caughtUp':
      return receiveCaughtUp(client, frame)
    case 'ended':
      return receiveEnded(client, frame)
    case 'pong':
  }
}

/**
 * The session lasts so long by the clock of the gateway: that of the browser may be wrong. When no ticket can be had, or
 * the gateway takes none, the session ends and is resumed.
 */
function renewInTime(client: State, { expiresAt, expiresInSeconds }: Received<'welcome' | 'renewed'>): void {
  const { ticket, timers } = client.options
  const hasGained = expiresAt > (client.expiresAt ?? '')
  client.expiresAt = expiresAt
  // A ticket of the same token changes nothing, however often it is asked for.
  if (!ticket || expiresInSeconds === undefined || !hasGained) return
  const left = expiresInSeconds * 1000
  const delay = Math.min(left - Math.min(RENEWAL_MILLISECONDS, left * RENEWAL_PART), LONGEST_DELAY)
  client.cancelRenewal = timers.after(delay, () => {
    const { connection } = client
    ticket().then(
      (renewal) => connection?.send({ type: 'renew', ticket: renewal }),
      () => {},
    )
  })
}

type Received<Type extends ServerFrame['type']> = Extract<ServerFrame, { type: Type }>

function receiveEntry(client: State, { id, entry, cursor, state }: Received<'entry'>): void {
  const following = client.following.get(id)
  if (!following || following.seen.has(cursor)) return
  following.onEntry({ entry, cursor, state })
  following.cursor = cursor
  following.seen.add(cursor)
  const [oldest] = following.seen
  if (oldest !== undefined && following.seen.size > CURSORS_REMEMBERED) following.seen.delete(oldest)
  client.failures = 0
  acknowledgeSoon(client, id, following)
}

function receiveCaughtUp(client: State, { id, cursor }: Received<'caughtUp'>): void {
  const following = client.following.get(id)
  if (!following) return
  following.cursor = cursor ?? following.cursor
  acknowledge(client, id, following)
  following.onCaughtUp?.(following.cursor)
  client.failures = 0
}

/** The sender of a notice is told that it reached a device. After a lost connection, catching up says it again. */
function acknowledge(client: State, id: string, following: Following): void {
  const { channel, cursor } = following
  if (!channel.startsWith('inbox/') || cursor === undefined || client.name !== 'open') return
  if (client.following.get(id) === following) client.connection?.send({ type: 'ack', id, cursor })
}

function acknowledgeSoon(client: State, id: string, following: Following): void {
  if (following.acknowledging || !following.channel.startsWith('inbox/')) return
  following.acknowledging = true
  client.options.timers.after(ACKNOWLEDGMENT_MILLISECONDS, () => {
    following.acknowledging = false
    acknowledge(client, id, following)
  })
}

function receiveEnded(client: State, { id, reason }: Received<'ended'>): void {
  const following = client.following.get(id)
  client.following.delete(id)
  following?.onEnded?.(reason)
}
