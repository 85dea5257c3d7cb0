import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { beginsFrame, type DecodedFrame, encodeFrame, frameDecoder, type FrameProblem } from './frames.ts'
import type { MllpLog } from './log.ts'

/** Who sends: its address and, over TLS with a client certificate, the SHA-256 of that certificate (hex, no colons). */
export type Peer = { address: string; certificateFingerprint?: string }

export type ConnectionHandlers = {
  maxBytes: number
  idleMilliseconds: number
  /** How long a peer may take to read an answer, to close after the last one, or, unknown, to send its one message. */
  patienceMilliseconds: number
  handle: (frame: Uint8Array, peer: Peer) => Promise<Uint8Array | undefined>
  /** What to answer to bytes that were no usable frame, if anything. `frame` holds the head of what was dropped. */
  onBadFrame: (frame: FrameProblem, peer: Peer) => Uint8Array | undefined | Promise<Uint8Array | undefined>
  log: MllpLog
  /** For what anybody can cause by connecting. */
  sparingLog: MllpLog
}

/** An unknown peer gets one answer. */
export type Served = { peer: Peer; isKnown: boolean }

export type Connection = {
  /** Reads nothing more and resolves once what was received is answered and the socket has ended. */
  drain(): Promise<void>
}

/** Whoever sends nothing else wants no answer. */
const MOST_BAD_FRAMES_IN_A_ROW = 10

/**
 * Serves one peer: messages are handled one after the other, because the next may refer to what this one says, and
 * answered in the order of arrival. One chunk of bytes is in work at a time, and a turn of the event loop is left to
 * others after each of its frames.
 */
export function serveConnection(socket: Socket, { peer, isKnown }: Served, handlers: ConnectionHandlers): Connection {
  const { idleMilliseconds, patienceMilliseconds } = handlers
  const decoder = frameDecoder({ maxBytes: handlers.maxBytes })
  const badFrames = badFrameCounter(peer, handlers)
  let speaksMllp: boolean | undefined
  let isWorking = false
  let isEnding = false
  let isFinished = false

  function receive(chunk: Buffer) {
    speaksMllp ??= beginsFrame(chunk)
    if (speaksMllp === false) {
      handlers.sparingLog.warn({ host: peer.address }, 'connection cut, it speaks another protocol')
      socket.destroy()
      return
    }
    socket.pause()
    void work(decoder.push(chunk))
  }

  async function work(frames: Iterable<DecodedFrame>) {
    isWorking = true
    try {
      await answerAll(frames)
    } catch (error) {
      // No answer: the sender has to send it again.
      handlers.log.warn({ error, host: peer.address }, 'message not answered, connection cut')
      socket.destroy()
    }
    isWorking = false
    if (socket.destroyed) return
    socket.setTimeout(idleMilliseconds)
    if (isEnding) finish()
    else socket.resume()
  }

  async function answerAll(frames: Iterable<DecodedFrame>) {
    for (const frame of frames) {
      await answer(frame)
      if (!isKnown) isEnding = true
      if (badFrames.areTooMany()) socket.destroy()
      if (!isKnown || socket.destroyed) return
      await nextTurn()
    }
  }

  async function answer(frame: DecodedFrame) {
    badFrames.count(frame)
    const reply = await ('bytes' in frame ? handlers.handle(frame.bytes, peer) : handlers.onBadFrame(frame, peer))
    if (reply && socket.writable && !socket.write(encodeFrame(reply))) await drained(socket, patienceMilliseconds)
  }

  /** What still arrives is read away, unanswered: closing on unread bytes would reset the answers under way. */
  function finish() {
    if (isFinished) return
    isFinished = true
    socket.removeAllListeners('data')
    socket.resume()
    socket.end()
    cutAfter(socket, patienceMilliseconds)
  }

  function stopReading(unfinished: Iterable<DecodedFrame> = []) {
    if (isEnding) return
    isEnding = true
    socket.pause()
    if (!isWorking) void work(unfinished)
  }

  socket.setNoDelay(true)
  socket.setTimeout(idleMilliseconds)
  if (!isKnown) cutAfter(socket, patienceMilliseconds)
  socket.on('data', receive)
  socket.on('end', () => stopReading(decoder.end()))
  socket.on('timeout', () => {
    if (!isWorking) socket.destroy()
  })
  // A peer that resets its connection is ordinary; 'close' follows.
  socket.on('error', () => socket.destroy())
  const gone = new Promise<void>((resolve) =>
    socket.once('close', () => {
      badFrames.tell()
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

/** Says the first bad frame of a connection at once, and how many there were when it closes. */
function badFrameCounter({ address: host }: Peer, { log }: ConnectionHandlers) {
  let total = 0
  let inARow = 0
  return {
    count(frame: DecodedFrame) {
      inARow = 'bytes' in frame ? 0 : inARow + 1
      if ('bytes' in frame) return
      total += 1
      if (total === 1) log.warn({ code: frame.problem, host }, 'bad frame')
    },
    areTooMany: () => inARow >= MOST_BAD_FRAMES_IN_A_ROW,
    tell() {
      if (inARow >= MOST_BAD_FRAMES_IN_A_ROW)
        log.warn({ count: total, host }, 'connection cut after too many bad frames')
      else if (total > 1) log.warn({ count: total, host }, 'bad frames on one connection')
    },
  }
}

function cutAfter(socket: Socket, milliseconds: number) {
  const deadline = setTimeout(() => socket.destroy(), milliseconds)
  socket.once('close', () => clearTimeout(deadline))
}

/** Waits until the peer has read what was written; one that does not is cut. */
function drained(socket: Socket, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => socket.destroy(), milliseconds)
    const settle = () => {
      clearTimeout(deadline)
      socket.off('drain', settle)
      socket.off('close', settle)
      resolve()
    }
    socket.on('drain', settle)
    socket.on('close', settle)
  })
}
