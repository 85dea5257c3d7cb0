import type { Instant } from '@relais/contracts/primitives'

/** What time it is for the services of a process. Only that of a demonstration is ever moved forward. */
export type Clock = {
  now(): Instant
  /** What the machine says: dates of tokens are compared with it, since others issue and read them too. */
  machineNow(): Instant
  /**
   * Calls the listener each time the clock was moved forward: whatever fell due meanwhile is due now. Listeners return at
   * once and do not throw. Answers how to stop listening.
   */
  onAdvanced(listener: () => void): () => void
}

let millisecond = 0
let written: Instant = ''

/** That of the machine, written once for each millisecond: a message asks for it dozens of times. */
export function systemNow(): Instant {
  const current = Date.now()
  if (current !== millisecond) written = new Date(current).toISOString()
  millisecond = current
  return written
}

/** A clock that nobody moves. */
export function steadyClock(now: () => Instant = systemNow): Clock {
  return { now, machineNow: now, onAdvanced: () => () => {} }
}
