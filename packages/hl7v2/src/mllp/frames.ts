/** MLLP (HL7 v2.5 appendix C.4): a message travels between 0x0B and 0x1C 0x0D. 0x1C not followed by 0x0D is data. */
const START = 0x0b
const END = 0x1c
const CARRIAGE_RETURN = 0x0d
const LINE_FEED = 0x0a

const HEAD_BYTES = 1024
const FIRST_CAPACITY = 4096
/** A buffer larger than this is not kept for the next frame. */
const LARGE = 65_536

/** Bytes that were no usable frame. `head` is the first kilobyte of an unusable frame, enough to find its MSH. */
export type FrameProblem =
  | { problem: 'tooLarge' | 'truncated'; bytesSeen: number; head: Uint8Array }
  | { problem: 'garbage'; bytesSeen: number }
export type DecodedFrame = { bytes: Uint8Array } | FrameProblem

export type FrameDecoder = {
  /**
   * What this chunk completes, in order, decoded only as far as it is asked for: MUST be read to its end before the next
   * chunk is pushed. Frames carry their bytes exactly as received.
   */
  push(chunk: Uint8Array): Iterable<DecodedFrame>
  /** What was unfinished when the connection ended. */
  end(): DecodedFrame[]
}

/** A chunk, where reading goes on in it, and where the next start byte is. */
type Cut = { chunk: Buffer; at: number; start: number }

/** Wraps one message. @throws RangeError for bytes that would end the frame early (0x0B, or 0x1C 0x0D). */
export function encodeFrame(message: Uint8Array): Uint8Array {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  if (bytes.includes(START) || bytes.includes(Buffer.of(END, CARRIAGE_RETURN)))
    throw new RangeError('A message with MLLP control bytes cannot be framed')
  return Buffer.concat([Buffer.of(START), bytes, Buffer.of(END, CARRIAGE_RETURN)])
}

/** Whether a stream that begins with these bytes can be MLLP; `undefined` while there are only line ends. */
export function beginsFrame(bytes: Uint8Array): boolean | undefined {
  const first = bytes.find((byte) => byte !== CARRIAGE_RETURN && byte !== LINE_FEED)
  return first === undefined ? undefined : first === START
}

/**
 * Reads frames out of a byte stream cut anywhere. A frame of more than `maxBytes` is skipped to its end while only its
 * head is kept; a frame that another one interrupts is dropped; bytes between frames are skipped, line ends silently,
 * others reported; start bytes in a row are one. None of them costs the frame that follows.
 */
export function frameDecoder({ maxBytes }: { maxBytes: number }): FrameDecoder {
  const frame = frameBuffer(maxBytes)
  const garbage = garbageCounter(maxBytes)
  let inside = false
  let endPending = false

  function begin(at: number): number {
    frame.clear()
    inside = true
    endPending = false
    return at + 1
  }

  function interrupt(decoded: DecodedFrame[]) {
    if (!frame.isEmpty()) decoded.push(frame.interrupted())
  }

  function readOutside(chunk: Buffer, at: number, decoded: DecodedFrame[]): number {
    const start = chunk.indexOf(START, at)
    garbage.count(chunk.subarray(at, start === -1 ? chunk.length : start), decoded)
    if (start === -1) return chunk.length
    garbage.report(decoded)
    return begin(start)
  }

  function readInside({ chunk, at, start }: Cut, decoded: DecodedFrame[]): number {
    if (endPending) {
      endPending = false
      if (chunk[at] === CARRIAGE_RETURN) {
        decoded.push(frame.take())
        inside = false
        return at + 1
      }
      frame.append(Buffer.of(END))
    }
    const limit = start === -1 ? chunk.length : start
    const end = chunk.subarray(at, limit).indexOf(END)
    const stop = end === -1 ? limit : at + end
    frame.append(chunk.subarray(at, stop))
    if (stop === chunk.length) return stop
    if (stop === start) {
      interrupt(decoded)
      return begin(stop)
    }
    endPending = true
    return stop + 1
  }

  return {
    *push(bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const decoded: DecodedFrame[] = []
      let at = 0
      let start = -2
      while (at < chunk.length) {
        // The next start byte is looked up once, not at each 0x1C: a chunk of 0x1C must not cost its square.
        if (inside && start !== -1 && start < at) start = chunk.indexOf(START, at)
        at = inside ? readInside({ chunk, at, start }, decoded) : readOutside(chunk, at, decoded)
        if (decoded.length > 0) yield* decoded.splice(0)
      }
    },
    end() {
      const decoded: DecodedFrame[] = []
      garbage.report(decoded)
      if (inside) interrupt(decoded)
      inside = false
      return decoded
    },
  }
}

/** The bytes of the frame being read: at most `maxBytes` of them, only a head once there are more. */
function frameBuffer(maxBytes: number) {
  const headBytes = Math.min(HEAD_BYTES, maxBytes)
  let kept = Buffer.allocUnsafe(0)
  let size = 0

  function reserve(needed: number) {
    if (kept.length >= needed) return
    const grown = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(needed, kept.length * 2, FIRST_CAPACITY)))
    kept.copy(grown, 0, 0, size)
    kept = grown
  }

  function append(bytes: Buffer) {
    const newSize = size + bytes.length
    if (newSize <= maxBytes) {
      reserve(newSize)
      bytes.copy(kept, size)
    } else if (size <= maxBytes) {
      kept = Buffer.concat([kept.subarray(0, size), bytes.subarray(0, headBytes)]).subarray(0, headBytes)
    }
    size = newSize
  }

  function clear() {
    if (size > LARGE || kept.length > LARGE) kept = Buffer.allocUnsafe(0)
    size = 0
  }

  function problem(name: 'tooLarge' | 'truncated'): FrameProblem {
    return { problem: name, bytesSeen: size, head: new Uint8Array(kept.subarray(0, Math.min(size, headBytes))) }
  }

  return {
    append,
    clear,
    isEmpty: () => size === 0,
    take: (): DecodedFrame =>
      size > maxBytes ? problem('tooLarge') : { bytes: new Uint8Array(kept.subarray(0, size)) },
    interrupted: () => problem(size > maxBytes ? 'tooLarge' : 'truncated'),
  }
}

/** Reports one run of foreign bytes when it ends, and a run without end each `maxBytes`. */
function garbageCounter(maxBytes: number) {
  let seen = 0

  function report(decoded: DecodedFrame[]) {
    if (seen > 0) decoded.push({ problem: 'garbage', bytesSeen: seen })
    seen = 0
  }

  function count(bytes: Buffer, decoded: DecodedFrame[]) {
    for (const byte of bytes) {
      if (byte !== CARRIAGE_RETURN && byte !== LINE_FEED) seen += 1
      if (seen === maxBytes) report(decoded)
    }
  }

  return { count, report }
}
