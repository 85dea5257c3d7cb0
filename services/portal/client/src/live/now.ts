import { useSyncExternalStore } from 'react'

/** How far the platform's clock is ahead of this device's: a demonstration's is moved, and a tablet's may be wrong. */
let aheadMilliseconds = 0
/** The platform's time that pages show things relative to. One for all of them, so that they agree. */
let shownAt = Date.now()
const listeners = new Set<() => void>()

const BEAT_MILLISECONDS = 30_000
/** What a request's way takes is no difference of clocks. */
const TOLERANCE_MILLISECONDS = 2000

/** What the platform's clock said in an answer. */
export function heardClock(instant: string | null): void {
  if (instant === null) return
  const ahead = Date.parse(instant) - Date.now()
  if (Number.isNaN(ahead) || Math.abs(ahead - aheadMilliseconds) < TOLERANCE_MILLISECONDS) return
  aheadMilliseconds = ahead
  beat()
}

/** What the platform's clock says when this device's says `local`, both in milliseconds. */
export function platformTime(local: number): number {
  return local + aheadMilliseconds
}

function beat(): void {
  shownAt = platformTime(Date.now())
  for (const listener of listeners) listener()
}

let timer: ReturnType<typeof setInterval> | undefined
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    timer = setInterval(beat, BEAT_MILLISECONDS)
    beat()
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The platform's time, for what is shown relative to it: renders again twice a minute, and when the clock is moved. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => shownAt)
}
