import { useSyncExternalStore } from 'react'

/** How far the platform's clock is ahead of this device's: a demonstration's is moved, and a tablet's may be wrong. */
let aheadMilliseconds = 0
const listeners = new Set<() => void>()
let tick = 0

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
  tick += 1
  for (const listener of listeners) listener()
}

let timer: ReturnType<typeof setInterval> | undefined
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(beat, BEAT_MILLISECONDS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The platform's time, for what is shown relative to it: renders again twice a minute, and when the clock is moved. */
export function useNow(): number {
  useSyncExternalStore(subscribe, () => tick)
  return platformTime(Date.now())
}
