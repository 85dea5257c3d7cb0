import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SUBPROTOCOL } from '@relais/contracts/channels'
import { waitUntil } from '@relais/testkit/wait-until'
import { WebSocket } from 'ws'
import type { FollowRequest, Hub } from './hub.ts'
import { nurse, patientChannel } from './simulated.fixture.ts'
import { systemTimers } from './timers.ts'
import { attachChannels, type ChannelsOptions } from './ws-adapter.ts'

const cleanups: (() => Promise<unknown>)[] = []

/** To be run after each test. */
export async function closeGateways() {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
}

/** Channels on a server of their own; the hub lets everybody follow everything, and keeps who does. */
export async function gateway(options: Partial<ChannelsOptions> = {}) {
  const following = new Set<FollowRequest>()
  const hub: Hub = {
    async follow(request) {
      following.add(request)
      request.onCaughtUp('c0')
      return { stop: () => void following.delete(request) }
    },
  }
  const server = createServer((_, response) => response.end('page'))
  const channels = attachChannels(server, {
    hub,
    verifier: { verify: async () => ({ actor: nurse, expiresAt: new Date(Date.now() + 60_000).toISOString() }) },
    timers: systemTimers,
    now: () => new Date().toISOString(),
    newId: () => crypto.randomUUID(),
    log: { info: () => {}, error: () => {} },
    ...options,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server on TCP that listens has one.
  const { port } = server.address() as AddressInfo
  cleanups.push(async () => {
    await channels.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const connections = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
  return { channels, following, connections, port, url: `ws://127.0.0.1:${port}/channels` }
}

/** Says hello and follows one channel; keeps what comes. */
export async function subscriber(url: string) {
  const socket = new WebSocket(url, SUBPROTOCOL)
  const frames: string[] = []
  socket.on('message', (data: Buffer) => void frames.push(data.toString()))
  const closed = once(socket, 'close').then(([code]) => Number(code))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'hello', token: 'good' }))
  await waitUntil(() => frames.length === 1, 'the welcome')
  socket.send(JSON.stringify({ type: 'subscribe', id: 'a', channel: patientChannel }))
  await waitUntil(() => frames.length === 2, 'the end of the past')
  return { socket, frames, closed }
}

/** The status that an upgrade is refused with. */
export async function refusal(url: string, protocols = [SUBPROTOCOL], headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, protocols, { headers })
  socket.on('error', () => {})
  return new Promise<number | undefined>((resolve) => {
    socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode))
  })
}
