import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterTestFile } from '@relais/testkit/cleanup'
import type { BrowserContext } from 'playwright-core'

/** The way between a device and the platform. Cut, what is open breaks, and nobody answers any more. */
export type Network = { url: string; leadTo(platformUrl: string): void; cut(): void; restore(): void }

/**
 * A network of its own for a device. A browser that is told to be offline keeps its sockets: this one loses them, as a tablet
 * that leaves the room.
 */
export async function openNetwork(): Promise<Network> {
  const open = new Set<Socket>()
  let port: number | undefined
  let isCut = false
  const server = createServer((near) => {
    if (isCut || port === undefined) {
      near.destroy()
      return
    }
    const far = connect(port, 'localhost')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const breakAll = () => {
    for (const socket of open) socket.destroy()
  }
  afterTestFile(() => {
    server.close()
    breakAll()
  })
  // A server that listens on a port has an address of this kind.
  const address = server.address() as AddressInfo
  return {
    url: `http://localhost:${address.port}`,
    leadTo(platformUrl) {
      port = Number(new URL(platformUrl).port)
    },
    cut() {
      isCut = true
      breakAll()
    },
    restore() {
      isCut = false
    },
  }
}

/** The same as a device notices it: the browser says that it has no network, and that it is back. */
export async function cutFor(context: BrowserContext, network: Network): Promise<() => Promise<void>> {
  network.cut()
  await context.setOffline(true)
  return async () => {
    network.restore()
    await context.setOffline(false)
  }
}
