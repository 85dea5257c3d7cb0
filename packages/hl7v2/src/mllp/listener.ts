import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls'
import { type Connection, type ConnectionHandlers, type Peer, serveConnection } from './connection.ts'

export type { Peer } from './connection.ts'

const HANDSHAKE_MILLISECONDS = 10_000

export type MllpListenerOptions = Pick<ConnectionHandlers, 'idleMilliseconds' | 'handle' | 'onBadFrame'> & {
  host: string
  port: number
  /** With `requestCert`, peers are known by their certificate; trust is then `ca`, or the fingerprint handed to `handle`. */
  tls?: TlsOptions
  /** Of one message, framing not counted. */
  maxBytes?: number
  maxConnections?: number
  maxInWork?: number
  /** Take any free port where `port` is in use. */
  fallbackToFreePort?: boolean
  log?: { warn(fields: object, message: string): void }
}

export type MllpListener = {
  port: number
  /** Accepts nobody, reads nothing more, answers what was received; after `graceMilliseconds` connections are cut. */
  close(graceMilliseconds: number): Promise<void>
}

/**
 * Listens for HL7 v2 messages over MLLP. Each connection's messages are handled and answered in order. When `handle`
 * rejects, the connection is cut without an answer, so that the sender sends the message again.
 * @throws the listen error, such as EADDRINUSE without `fallbackToFreePort`
 */
export async function listenMllp(options: MllpListenerOptions): Promise<MllpListener> {
  const { maxBytes = 1_048_576, maxInWork = 16, maxConnections = 256, idleMilliseconds, log } = options
  const sockets = new Set<Socket>()
  const connections = new Set<Connection>()
  const handlers: ConnectionHandlers = {
    maxBytes,
    maxInWork,
    idleMilliseconds,
    handle: options.handle,
    onBadFrame: options.onBadFrame,
    onFault: (error) => log?.warn({ err: error }, 'message not answered, connection cut'),
  }

  function accept(socket: Socket) {
    const connection = serveConnection(socket, peerOf(socket), handlers)
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
  }

  const server = options.tls
    ? createTlsServer({ handshakeTimeout: HANDSHAKE_MILLISECONDS, ...options.tls, allowHalfOpen: true }, accept)
    : createServer({ allowHalfOpen: true }, accept)
  server.maxConnections = maxConnections
  server.on('connection', (socket) => track(sockets, socket))
  server.on('drop', () => log?.warn({}, 'too many MLLP connections, one refused'))
  server.on('tlsClientError', () => log?.warn({}, 'TLS handshake failed'))
  const port = await listen(server, options)
  server.on('error', (error: Error) => log?.warn({ err: error }, 'MLLP listener failed'))
  return { port, close: (graceMilliseconds) => close({ server, sockets, connections }, graceMilliseconds) }
}

function track(sockets: Set<Socket>, socket: Socket) {
  sockets.add(socket)
  socket.on('error', () => socket.destroy())
  socket.once('close', () => sockets.delete(socket))
}

function peerOf(socket: Socket): Peer {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  if (!(socket instanceof TLSSocket)) return { address }
  // An object without fields where the peer showed no certificate, whatever the declared type says.
  const { fingerprint256 } = socket.getPeerCertificate() as { fingerprint256?: string }
  if (!fingerprint256) return { address }
  return { address, certificateFingerprint: fingerprint256.replaceAll(':', '').toLowerCase() }
}

async function listen(server: Server, options: MllpListenerOptions): Promise<number> {
  try {
    return await listenOn(server, options.host, options.port)
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!taken || !options.fallbackToFreePort) throw error
    return listenOn(server, options.host, 0)
  }
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

type Open = { server: Server; sockets: Set<Socket>; connections: Set<Connection> }

async function close({ server, sockets, connections }: Open, graceMilliseconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const cut = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceMilliseconds)
  await Promise.all([...connections].map((connection) => connection.drain()))
  await closed
  clearTimeout(cut)
}
