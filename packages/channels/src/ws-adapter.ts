import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { CloseCode, SUBPROTOCOL } from '@relais/contracts/channels'
import { type WebSocket, WebSocketServer } from 'ws'
import { type ArrivalLimits, type Arrivals, openArrivals } from './arrivals.ts'
import { openSession, type Session, type SessionDeps, type SessionLimits } from './session.ts'

export type ChannelLimits = SessionLimits &
  ArrivalLimits & {
    messageBytes: number
    heartbeatMilliseconds: number
    closeMilliseconds: number
  }

/** The limits of `docs/channels.md` §8. */
export const defaultLimits: ChannelLimits = {
  helloMilliseconds: 10_000,
  subscriptions: 100,
  // All subscriptions, and all those that they replace.
  decisions: 200,
  // All subscriptions taken up, replaced and replaced again within moments, and room to spare.
  framesAtOnce: 600,
  framesPerSecond: 20,
  unwelcomedSockets: 1000,
  unwelcomedSocketsPerAddress: 64,
  bufferedBytes: 1_048_576,
  drainMilliseconds: 30_000,
  messageBytes: 16_384,
  heartbeatMilliseconds: 30_000,
  closeMilliseconds: 5000,
}

export type ChannelsOptions = Omit<SessionDeps, 'socket' | 'limits' | 'onWelcomed'> & {
  /** @defaultValue '/channels' */
  path?: string
  limits?: Partial<ChannelLimits>
  /** The only origins that a browser's page may come from; any when absent. Programs that send none are let in. */
  origins?: readonly string[]
  /** New sockets are refused with 503 until then. */
  isReady?: () => boolean
}

export type AttachedChannels = {
  /** How many sockets are open. */
  sessions(): number
  /** The sign-ins of those that are open. */
  signIns(): ReadonlySet<string>
  /** Ends the sessions of these sign-ins with 4403, those included that are being opened or renewed. */
  signedOut(signIns: ReadonlySet<string>): void
  /** Refuses new sockets, ends every session with 1001, and resolves once the last one is gone. */
  close(): Promise<void>
}

/** Bytes, too, are sent as a text message. */
const TEXT = { binary: false }

type Gateway = {
  options: ChannelsOptions
  limits: ChannelLimits
  sockets: WebSocketServer
  sessions: Map<WebSocket, Session>
  arrivals: Arrivals
  answering: WeakSet<WebSocket>
  closing: boolean
}

/** Serves `docs/channels.md` on an HTTP server, beside whatever else it serves. */
export function attachChannels(server: Server, options: ChannelsOptions): AttachedChannels {
  const limits = { ...defaultLimits, ...options.limits }
  const socketOptions = {
    noServer: true,
    maxPayload: limits.messageBytes,
    closeTimeout: limits.closeMilliseconds,
    handleProtocols: () => SUBPROTOCOL,
  }
  const sockets = new WebSocketServer(socketOptions)
  const gateway: Gateway = {
    options,
    limits,
    sockets,
    sessions: new Map(),
    arrivals: openArrivals(limits),
    answering: new WeakSet(),
    closing: false,
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const pathMatches = request.url?.split('?')[0] === (options.path ?? '/channels')
    if (!pathMatches && server.listenerCount('upgrade') > 1) return
    const refusal = pathMatches ? refusalOf(gateway, request) : '404 Not Found'
    if (refusal) refuse(socket, refusal)
    else sockets.handleUpgrade(request, socket, head, (accepted) => serveSession(gateway, accepted, addressOf(request)))
  }
  server.on('upgrade', onUpgrade)
  const stopHeartbeat = startHeartbeat(gateway)

  return {
    sessions: () => gateway.sessions.size,
    signIns: () => new Set([...gateway.sessions.values()].flatMap((session) => session.signIn() ?? [])),
    signedOut(signIns) {
      for (const session of gateway.sessions.values()) session.signedOut(signIns)
    },
    async close() {
      gateway.closing = true
      stopHeartbeat()
      const open = [...gateway.sessions]
      const gone = open.map(([webSocket]) => new Promise((resolve) => webSocket.once('close', resolve)))
      for (const [, session] of open) session.end(CloseCode.goingAway, 'going away')
      await Promise.all(gone)
      server.off('upgrade', onUpgrade)
    },
  }
}

function refusalOf({ options, closing, arrivals }: Gateway, request: IncomingMessage): string | undefined {
  const { headers } = request
  if (closing || options.isReady?.() === false) return '503 Service Unavailable'
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim())
  if (!offered?.includes(SUBPROTOCOL)) return '400 Bad Request'
  const foreign = headers.origin !== undefined && options.origins?.includes(headers.origin) === false
  if (foreign) return '403 Forbidden'
  return arrivals.hasRoom(addressOf(request)) ? undefined : '503 Service Unavailable'
}

/** Of the TCP connection: what a header says of it anybody may write. */
const addressOf = ({ socket }: IncomingMessage) => socket.remoteAddress ?? ''

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {})
  // Not left to the peer: one that never ends its side would keep the connection.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function serveSession(gateway: Gateway, webSocket: WebSocket, address: string): void {
  const { options, limits, sessions, answering, arrivals } = gateway
  const socket = {
    send: (text: string | Uint8Array) => webSocket.send(text, TEXT),
    close: (code: number, reason: string) => webSocket.close(code, reason),
    get bufferedAmount() {
      return webSocket.bufferedAmount
    },
  }
  const leaveArrivals = arrivals.enter(address)
  const session = openSession({ ...options, socket, limits, onWelcomed: leaveArrivals })
  sessions.set(webSocket, session)
  answering.add(webSocket)
  webSocket.on('message', (data: Buffer, isBinary) => {
    answering.add(webSocket)
    session.receive(isBinary ? undefined : data.toString())
  })
  webSocket.on('pong', () => answering.add(webSocket))
  // MUST be listened to because an unheard error ends the process; `ws` closes the socket itself.
  webSocket.on('error', () => {})
  webSocket.on('close', () => {
    sessions.delete(webSocket)
    leaveArrivals()
    session.closed()
  })
}

/** A peer that answered nothing since the last ping is gone, whatever its TCP connection says. */
function startHeartbeat({ sessions, answering, limits, options: { timers } }: Gateway): () => void {
  const beat = () => {
    for (const webSocket of sessions.keys()) {
      if (!answering.delete(webSocket)) webSocket.terminate()
      else if (webSocket.readyState === webSocket.OPEN) webSocket.ping()
    }
    cancel = timers.after(limits.heartbeatMilliseconds, beat)
  }
  let cancel = timers.after(limits.heartbeatMilliseconds, beat)
  return () => cancel()
}
