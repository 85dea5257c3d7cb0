import type { Timers } from './timers.ts'

export type DrainDeps = {
  socket: { readonly bufferedAmount: number }
  limits: { bufferedBytes: number; drainMilliseconds: number }
  timers: Timers
  /** The socket was given its time and has still no room. */
  onStuck: () => void
}

export type Drain = {
  /** `undefined` while there is room: half the limit, so that live entries fit beside what a replay has sent. */
  room(): Promise<void> | undefined
  /** Lets go of whoever waits. */
  stop(): void
}

const POLL_MILLISECONDS = 20

/** Lets a replay wait for a socket to be read, for a bounded time, however many replays share it. */
export function openDrain({ socket, limits, timers, onStuck }: DrainDeps): Drain {
  const hasRoom = () => socket.bufferedAmount <= limits.bufferedBytes / 2
  let waiting: { promise: Promise<void>; finish: () => void } | undefined

  const wait = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let waited = 0
    const poll = () => {
      waited += POLL_MILLISECONDS
      if (hasRoom()) return finish()
      if (waited >= limits.drainMilliseconds) return onStuck()
      cancel = timers.after(POLL_MILLISECONDS, poll)
    }
    let cancel = timers.after(POLL_MILLISECONDS, poll)
    const finish = () => {
      cancel()
      waiting = undefined
      resolve()
    }
    return { promise, finish }
  }

  return {
    room() {
      if (hasRoom()) return undefined
      waiting ??= wait()
      return waiting.promise
    },
    stop: () => waiting?.finish(),
  }
}
