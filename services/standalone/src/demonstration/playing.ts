import { setTimeout as pause } from 'node:timers/promises'
import type { Instant } from '@relais/contracts/primitives'
import type { DemonstrationClock } from './clock.ts'
import type { Act } from './day/acts.ts'
import type { Timed } from './day/day.ts'
import type { Perform } from './performing.ts'
import type { Send } from './send.ts'

export type Playing = {
  messages: readonly Timed[]
  /** What people do meanwhile. */
  acts: readonly Act[]
  /** Seconds of the day that pass in one. */
  speed: number
  clock: DemonstrationClock
  send: Send
  perform: Perform
  /** After each answer, before the next message. AR is sent again. */
  onAnswer(code: 'AA' | 'AE' | 'AR'): void
}

const ATTEMPTS = 4
const RETRY_MILLISECONDS = 250

/**
 * Sends messages and performs acts at their times, which the clock follows. `failed`: a message is refused again and
 * again.
 */
export async function playMessages(playing: Playing, signal: AbortSignal): Promise<'over' | 'stopped' | 'failed'> {
  const { clock, messages, acts, perform } = playing
  const inOrder = [...messages, ...acts].toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)))
  for (const item of inOrder) {
    await until(item.at, playing, signal)
    if (signal.aborted) return 'stopped'
    // Refused where a person has moved it beyond meanwhile: the message is late then.
    clock.advanceTo(item.at)
    if ('bytes' in item) {
      const isTaken = await insist(item.bytes, playing, signal)
      if (!isTaken) return signal.aborted ? 'stopped' : 'failed'
    } else await perform(item, signal)
  }
  return 'over'
}

/** Waits as long as the speed asks, and less when somebody moves the clock. */
async function until(at: Instant, { clock, speed }: Playing, signal: AbortSignal): Promise<void> {
  for (;;) {
    const left = Date.parse(at) - Date.parse(clock.now())
    if (left <= 0 || signal.aborted) return
    const moved = new AbortController()
    const forget = clock.onAdvanced(() => moved.abort())
    const either = AbortSignal.any([signal, moved.signal])
    const hasPassed = await pause(left / speed, true, { signal: either }).catch(() => false)
    forget()
    if (hasPassed) return
  }
}

async function insist(bytes: Uint8Array, { send, onAnswer }: Playing, signal: AbortSignal): Promise<boolean> {
  for (let tried = 1; tried <= ATTEMPTS && !signal.aborted; tried += 1) {
    const code = await send(bytes)
    if (code !== 'unanswered') onAnswer(code)
    if (code === 'AA' || code === 'AE') return true
    await pause(RETRY_MILLISECONDS * tried, undefined, { signal }).catch(() => undefined)
  }
  return false
}
