import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

export type ServeOptions = {
  host: string
  /** 0 takes a free one. */
  port: number
  /** PEM texts. */
  tls?: { cert: string | Buffer; key: string | Buffer }
  /** Takes a free port when the wanted one is in use, for a first start on a machine where it may be. */
  fallbackToFreePort?: boolean
}

export type Serving = {
  /** The one that was got. Differs from `wantedPort` after a fallback, or when 0 was wanted. */
  port: number
  wantedPort: number
  server: Server
  /** Accepts nothing more, lets requests end for `graceMilliseconds`, then cuts what is left. */
  close(graceMilliseconds: number): Promise<void>
}

/** Another process listens there. */
export class PortInUse extends Error {
  readonly code = 'portInUse'
}

/**
 * Listens, and resolves once it does.
 * @throws PortInUse
 */
export async function serve(app: Pick<Hono, 'fetch'>, options: ServeOptions): Promise<Serving> {
  const { host, port: wantedPort, tls, fallbackToFreePort = false } = options
  const listener = getRequestListener(app.fetch, { hostname: host })
  const answer = (...exchange: Parameters<typeof listener>) => void listener(...exchange)
  const server: Server = tls ? createTlsServer(tls, answer) : createServer(answer)
  const close = closing(server)
  const port = await listen(server, host, wantedPort).catch((error: unknown) => {
    if (!isPortInUse(error)) throw error
    if (fallbackToFreePort) return listen(server, host, 0)
    throw new PortInUse(`Port ${wantedPort} of ${host} is in use`, { cause: error })
  })
  return { port, wantedPort, server, close }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function isPortInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}

/** Sockets are remembered from the first one on, because upgraded ones are no longer the HTTP server's to close. */
function closing(server: Server): Serving['close'] {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return async (graceMilliseconds) => {
    const closed = new Promise((resolve) => server.close(resolve))
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, graceMilliseconds)
    await closed
    clearTimeout(cut)
  }
}
