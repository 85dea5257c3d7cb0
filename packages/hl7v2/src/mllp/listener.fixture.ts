import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach } from 'vitest'
import { acknowledge } from '../ack.ts'
import { readHeader } from '../header.ts'
import { mllpClient } from './client.ts'
import { frameDecoder } from './frames.ts'
import { listenMllp, type MllpListener, type MllpListenerOptions } from './listener.ts'
import type { MllpLog, MllpLogFields } from './log.ts'

const cleanUps: (() => unknown)[] = []
/** After the test, the last first. */
export const afterwards = (cleanUp: () => unknown) => void cleanUps.push(cleanUp)
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

export const accept = (frame: Uint8Array) =>
  acknowledge({
    header: readHeader(frame),
    code: 'AA',
    problems: [],
    warnings: [],
    now: '2026-11-02T10:00:00.000Z',
    controlId: 'ack-1',
  })

export async function listening(options: Partial<MllpListenerOptions> = {}): Promise<MllpListener> {
  const listener = await listenMllp({
    host: '127.0.0.1',
    port: 0,
    idleMilliseconds: 20_000,
    handle: (frame) => Promise.resolve(accept(frame)),
    onBadFrame: () => undefined,
    ...options,
  })
  afterwards(() => listener.close(0))
  return listener
}

export function client(port: number, timeoutMilliseconds = 20_000) {
  const peer = mllpClient({ host: '127.0.0.1', port, timeoutMilliseconds })
  afterwards(() => peer.close())
  return peer
}

export async function rawSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  afterwards(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** A cut connection may be reset as well. */
export function closed(socket: Socket): Promise<void> {
  socket.on('error', () => {})
  socket.resume()
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

/** Resolves with the first `count` answers. */
export function answers(socket: Socket, count: number): Promise<string[]> {
  const decoder = frameDecoder({ maxBytes: 10_000 })
  const received: string[] = []
  return new Promise((resolve) =>
    socket.on('data', (chunk: Buffer) => {
      for (const frame of decoder.push(chunk)) if ('bytes' in frame) received.push(Buffer.from(frame.bytes).toString())
      if (received.length >= count) resolve(received)
    }),
  )
}

export function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open: () => open(), opened }
}

export function said() {
  const lines: [string, MllpLogFields][] = []
  const log: MllpLog = { warn: (fields, line) => void lines.push([line, fields]) }
  return { log, all: () => lines }
}

export const refusedOnce = { count: 1, host: '127.0.0.1' }
export const text = (content: string) => new TextEncoder().encode(content)
export const echo = (frame: Uint8Array) => Promise.resolve(frame)
