import { connect, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { encodeFrame, frameDecoder } from './frames.ts'

/** The message may or may not have been taken in: send it again, the same bytes under the same control id. */
export class MllpUnavailable extends Error {
  readonly code = 'mllpUnavailable'
}

export type MllpClientOptions = {
  host: string
  port: number
  tls?: ConnectionOptions
  /** From sending a message to its answer, connecting included. */
  timeoutMilliseconds: number
  /** Of one answer. */
  maxBytes?: number
}

export type MllpClient = {
  /**
   * Sends one message and resolves with its answer. Calls made meanwhile are sent at once and answered in order.
   * @throws MllpUnavailable
   */
  send(message: Uint8Array): Promise<Uint8Array>
  close(): void
}

type Waiting = { resolve: (answer: Uint8Array) => void; reject: (error: Error) => void; timer: NodeJS.Timeout }

/** One connection to an MLLP listener, opened by the first message and again after a loss. */
export function mllpClient(options: MllpClientOptions): MllpClient {
  let link: Link | undefined

  function open(): Link {
    if (!link?.isOpen()) link = openLink(options)
    return link
  }

  return {
    send: async (message) => open().send(encodeFrame(message)),
    close: () => link?.close(),
  }
}

type Link = { send(frame: Uint8Array): Promise<Uint8Array>; isOpen(): boolean; close(): void }

function openLink({ host, port, tls, timeoutMilliseconds, maxBytes = 1_048_576 }: MllpClientOptions): Link {
  const socket: Socket = tls ? connectTls({ ...tls, host, port }) : connect({ host, port })
  const decoder = frameDecoder({ maxBytes })
  const waiting: Waiting[] = []
  let open = true

  function fail(reason: string, cause?: unknown) {
    open = false
    socket.destroy()
    for (const { reject, timer } of waiting.splice(0)) {
      clearTimeout(timer)
      reject(new MllpUnavailable(reason, { cause }))
    }
  }

  function receive(chunk: Buffer) {
    for (const frame of decoder.push(chunk)) {
      if (!('bytes' in frame)) return fail('The answer was no MLLP frame')
      const first = waiting.shift()
      clearTimeout(first?.timer)
      first?.resolve(frame.bytes)
    }
  }

  socket.setNoDelay(true)
  socket.on('data', receive)
  socket.on('error', (error) => fail('The connection failed', error))
  socket.on('close', () => fail('The connection was closed'))
  return {
    isOpen: () => open,
    close: () => fail('Closed by us'),
    send(frame) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => fail(`No answer within ${timeoutMilliseconds} ms`), timeoutMilliseconds)
        waiting.push({ resolve, reject, timer })
        socket.write(frame)
      })
    },
  }
}
