import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls'
import { type Connection, type ConnectionHandlers, type Peer, serveConnection } from './connection.ts'
import { type MllpLine, type MllpLog, sparingLog } from './log.ts'

export type { Peer } from './connection.ts'

const HANDSHAKE_MILLISECONDS = 10_000
const PATIENCE_MILLISECONDS = 30_000

export type MllpListenerOptions = Pick<ConnectionHandlers, 'idleMilliseconds' | 'handle' | 'onBadFrame'> & {
  host: string
  port: number
  /** With `requestCert`, peers are known by their certificate; trust is then `ca`, or the fingerprint handed to `admits`. */
  tls?: TlsOptions
  /** Whether this peer is known, asked when it connects. One that is not gets an answer to its first frame and is cut. */
  admits?: (peer: Peer) => boolean
  /** Of one message, framing not counted. */
  maxBytes?: number
  /** Of known peers, and of unknown ones. */
  maxConnections?: number
  maxUnknown?: number
  /** From one address, known or not. */
  maxPerAddress?: number
  patienceMilliseconds?: number
  /** Take any free port where `port` is in use. */
  fallbackToFreePort?: boolean
  log?: MllpLog
}

export type MllpListener = {
  port: number
  /** Accepts nobody, reads nothing more, answers what was received; after `graceMilliseconds` connections are cut. */
  close(graceMilliseconds: number): Promise<void>
}

/**
 * Listens for HL7 v2 messages over MLLP. Each connection's messages are handled and answered in order. When `handle`
 * rejects, the connection is cut without an answer, so that the sender sends the message again. Cut as well: who begins
 * with anything but a frame, as a browser does; who sends bad frames only; who does not read its answers.
 * @throws the listen error, such as EADDRINUSE without `fallbackToFreePort`
 */
export async function listenMllp(options: MllpListenerOptions): Promise<MllpListener> {
  const { maxBytes = 1_048_576, patienceMilliseconds = PATIENCE_MILLISECONDS, log = { warn: () => {} } } = options
  const { idleMilliseconds, handle, onBadFrame, maxConnections = 256, maxUnknown = 16, maxPerAddress = 32 } = options
  const sparing = sparingLog(log)
  const sockets = new Set<Socket>()
  const connections = new Set<Connection>()
  const ofOneAddress = places(maxPerAddress)
  const [known, unknown] = [places(maxConnections), places(maxUnknown)]
  const handlers = { maxBytes, patienceMilliseconds, idleMilliseconds, handle, onBadFrame, log, sparingLog: sparing }

  function connected(socket: Socket) {
    track(sockets, socket)
    const { address } = peerOf(socket)
    if (!ofOneAddress.take(socket, address)) refuse(socket, 'too many MLLP connections of one peer, one refused')
  }

  function accept(socket: Socket) {
    if (socket.destroyed) return
    const peer = peerOf(socket)
    const isKnown = options.admits?.(peer) ?? true
    if (isKnown && !known.take(socket)) return refuse(socket, 'too many MLLP connections, one refused')
    if (!isKnown && !unknown.take(socket))
      return refuse(socket, 'too many connections of unknown MLLP peers, one refused')
    const connection = serveConnection(socket, { peer, isKnown }, handlers)
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
  }

  function refuse(socket: Socket, line: MllpLine) {
    sparing.warn({ host: peerOf(socket).address }, line)
    socket.destroy()
  }

  const server = options.tls
    ? createTlsServer({ handshakeTimeout: HANDSHAKE_MILLISECONDS, ...options.tls, allowHalfOpen: true })
    : createServer({ allowHalfOpen: true })
  // Those that have not shaken hands yet are counted here alone.
  server.maxConnections = maxConnections + maxUnknown
  server.on('connection', connected)
  server.on(options.tls ? 'secureConnection' : 'connection', accept)
  server.on('drop', () => sparing.warn({}, 'too many MLLP connections, one refused'))
  server.on('tlsClientError', (error: Error) => sparing.warn({ error }, 'TLS handshake failed'))
  const port = await listen(server, options)
  server.on('error', (error: Error) => log.warn({ error }, 'MLLP listener failed'))
  return { port, close: (graceMilliseconds) => close({ server, sockets, connections }, graceMilliseconds) }
}

function track(sockets: Set<Socket>, socket: Socket) {
  sockets.add(socket)
  socket.on('error', () => socket.destroy())
  socket.once('close', () => sockets.delete(socket))
}

/** Places for so many sockets a key; one that closes gives its place back. */
function places(most: number) {
  const taken = new Map<string, number>()
  return {
    take(socket: Socket, key = ''): boolean {
      const others = taken.get(key) ?? 0
      if (others >= most) return false
      taken.set(key, others + 1)
      socket.once('close', () => {
        const left = (taken.get(key) ?? 1) - 1
        if (left > 0) taken.set(key, left)
        else taken.delete(key)
      })
      return true
    },
  }
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
