import type { Socket } from 'node:net'
import { encodeFrame, frameDecoder, type DecodedFrame, type FrameProblem } from './frames.ts'

/** Who sends: its address and, over TLS with a client certificate, the SHA-256 of that certificate (hex, no colons). */
export type Peer = { address: string; certificateFingerprint?: string }

export type ConnectionHandlers = {
  maxBytes: number
  idleMilliseconds: number
  /** Reading pauses while more messages than this wait or are in work. */
  maxInWork: number
  handle: (frame: Uint8Array, peer: Peer) => Promise<Uint8Array | undefined>
  /** What to answer to bytes that were no usable frame, if anything. `frame` holds the head of what was dropped. */
  onBadFrame: (problem: FrameProblem['problem'], peer: Peer, frame: FrameProblem) => Uint8Array | undefined
  onFault: (error: unknown) => void
}

export type Connection = {
  /** Reads nothing more and resolves once what was received is answered and the socket has ended. */
  drain(): Promise<void>
}

/**
 * Serves one peer: messages are handled one after the other, because the next may refer to what this one says, and
 * answered in the order of arrival.
 */
export function serveConnection(socket: Socket, peer: Peer, handlers: ConnectionHandlers): Connection {
  const decoder = frameDecoder({ maxBytes: handlers.maxBytes })
  const waiting: DecodedFrame[] = []
  let working = false
  let ending = false
  let closed = false

  async function work() {
    if (working) return
    working = true
    try {
      for (let next = waiting.shift(); next && !closed; next = waiting.shift()) {
        await answer(next)
        if (!ending && waiting.length < handlers.maxInWork) socket.resume()
      }
    } catch (error) {
      // No answer: the sender has to send it again.
      handlers.onFault(error)
      socket.destroy()
    }
    working = false
    socket.setTimeout(handlers.idleMilliseconds)
    if (ending) finish()
  }

  async function answer(frame: DecodedFrame) {
    const reply =
      'bytes' in frame ? await handlers.handle(frame.bytes, peer) : handlers.onBadFrame(frame.problem, peer, frame)
    if (reply && socket.writable && !socket.write(encodeFrame(reply))) await drained(socket)
  }

  /** What still arrives is read away, unanswered: closing on unread bytes would reset the answers under way. */
  function finish() {
    socket.removeAllListeners('data')
    socket.resume()
    socket.end()
  }

  function receive(frames: DecodedFrame[]) {
    waiting.push(...frames)
    if (waiting.length >= handlers.maxInWork) socket.pause()
    void work()
  }

  function stopReading() {
    ending = true
    socket.pause()
    void work()
  }

  socket.setNoDelay(true)
  socket.setTimeout(handlers.idleMilliseconds)
  socket.on('data', (chunk: Buffer) => receive(decoder.push(chunk)))
  socket.on('end', () => {
    receive(decoder.end())
    stopReading()
  })
  socket.on('timeout', () => {
    if (!working) socket.destroy()
  })
  // A peer that resets its connection is ordinary; 'close' follows.
  socket.on('error', () => socket.destroy())
  const gone = new Promise<void>((resolve) =>
    socket.once('close', () => {
      closed = true
      resolve()
    }),
  )
  return {
    drain() {
      stopReading()
      return gone
    },
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      socket.off('drain', settle)
      socket.off('close', settle)
      resolve()
    }
    socket.on('drain', settle)
    socket.on('close', settle)
  })
}
