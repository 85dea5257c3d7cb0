import { NoAnswer } from './failures.ts'

/** What is used of a stream of the client, whose own type is of another time than Node's. */
type Source = {
  read(): unknown
  on(event: string, listener: (...args: unknown[]) => void): unknown
  readonly readableEnded: boolean
  readonly destroyed: boolean
}

/** What the client's stream holds, in order. */
export type Frames<Frame> = {
  /** What has arrived, at most `limit`; empty when nothing came within the time, or `signal` aborted. */
  take(limit: number, wait: { milliseconds: number; signal: AbortSignal }): Promise<Frame[] | 'ended'>
}

/**
 * Reads a stream of the client in the order of arrival. Its `error` events are listened to until the end of the
 * process: the client emits some after everything was read, and one that nobody hears would end the process.
 */
export function framesOf<Frame>(source: Source): Frames<Frame> {
  let failure: Error | undefined
  let changed = Promise.withResolvers<void>()
  const ring = () => changed.resolve()
  source.on('error', (error) => {
    failure ??= error instanceof Error ? error : new Error('The client failed', { cause: error })
    ring()
  })
  for (const event of ['readable', 'end', 'close']) source.on(event, ring)

  function buffered(limit: number): Frame[] {
    const frames: Frame[] = []
    while (frames.length < limit) {
      // The client's streams are in object mode, and untyped.
      const frame = source.read() as Frame | null
      if (frame === null) break
      frames.push(frame)
    }
    return frames
  }

  return {
    async take(limit, { milliseconds, signal }) {
      const frames = buffered(limit)
      if (frames.length > 0) return frames
      if (failure) throw failure
      if (source.readableEnded || source.destroyed) return 'ended'
      await waitFor(changed.promise, milliseconds, signal)
      changed = Promise.withResolvers<void>()
      return buffered(limit)
    },
  }
}

/** @throws NoAnswer when the time, unless infinite, has passed. */
async function waitFor(change: Promise<void>, milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = Number.isFinite(milliseconds) ? setTimeout(tooLate, milliseconds) : undefined
  function tooLate() {
    reject(new NoAnswer(`No answer from the event store within ${milliseconds} ms`))
  }
  const aborted = () => resolve()
  signal.addEventListener('abort', aborted)
  if (signal.aborted) resolve()
  try {
    await Promise.race([change, promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', aborted)
  }
}
