import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Stands between a client and a server: once stalled it stays connected to both, and hands nothing on. */
export type StallingProxy = { url: string; stall(): void; resume(): void }

/** The proxy of a `postgres://` server, closed when the test has finished. */
export async function stallingProxy(serverUrl: string): Promise<StallingProxy> {
  const url = new URL(serverUrl)
  const port = Number(url.port)
  const sockets = new Set<Socket>()
  let stalled = false

  const handOn = (from: Socket, to: Socket) => {
    sockets.add(from)
    // What comes while it is stalled is lost, and resuming does not bring it back.
    from.on('data', (bytes) => stalled || to.write(bytes))
    from.on('end', () => stalled || to.end())
    from.on('error', () => undefined)
    from.once('close', () => to.destroy())
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port, host: url.hostname, allowHalfOpen: true })
    handOn(client, upstream)
    handOn(upstream, client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })

  const address = server.address()
  url.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  return { url: url.href, stall: () => void (stalled = true), resume: () => void (stalled = false) }
}
