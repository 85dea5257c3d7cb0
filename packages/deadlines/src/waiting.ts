import type { Timers } from '@relais/channels/timers'

/** Pauses that all end when there is nothing to wait for any more. */
export function pausesOf(timers: Timers) {
  const endings = new Set<() => void>()
  let isOver = false
  return {
    isOver: () => isOver,
    async wait(milliseconds: number): Promise<void> {
      if (isOver) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const cancel = timers.after(milliseconds, resolve)
      endings.add(resolve)
      await promise
      cancel()
      endings.delete(resolve)
    },
    end() {
      isOver = true
      for (const ending of endings) ending()
    },
  }
}
export type Pauses = ReturnType<typeof pausesOf>

const FIRST_PAUSE_MILLISECONDS = 1000

/** Doubled each time. */
export function growingPause(attempt: number, longestMilliseconds: number): number {
  return Math.min(longestMilliseconds, FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1))
}

/** One timer: setting it again forgets what it was set for. */
export function alarmOf(timers: Timers) {
  let clear = () => {}
  return {
    set(milliseconds: number, run: () => void): void {
      clear()
      clear = timers.after(milliseconds, run)
    },
    clear: () => clear(),
  }
}

export type Alarm = ReturnType<typeof alarmOf>

/** Runs `work`, which never throws, and once more where it was asked for meanwhile. */
export function oneAtATime(work: () => Promise<void>, isOver: () => boolean) {
  let isWanted = false
  let isRunning = false
  let running = Promise.resolve()
  async function run(): Promise<void> {
    while (isWanted && !isOver()) {
      isWanted = false
      await work()
    }
    isRunning = false
  }
  return {
    start() {
      isWanted = true
      if (isRunning) return
      isRunning = true
      running = run()
    },
    idle: () => running,
  }
}
