import type { Instant } from '@relais/contracts/primitives'
import { type Clock, systemNow } from '@relais/runtime/clock'
import { z } from 'zod'
import { keptFile } from './kept-file.ts'

const Kept = z.object({ aheadMilliseconds: z.int().nonnegative() })

/** Ten years: beyond, a slip of the keyboard is likelier than a wish, and there is no way back. */
const FARTHEST_AHEAD_MILLISECONDS = 3660 * 86_400_000

export type ClockRefusal = 'clockBackwards' | 'clockTooFarAhead'

export type DemonstrationClock = Clock & {
  /** Of the clock of the machine. */
  aheadMilliseconds(): number
  /** Moves it forward, on disk first. Answers why not. */
  advanceTo(to: Instant): ClockRefusal | undefined
  /** The same, by exactly so much. */
  advanceBy(milliseconds: number): ClockRefusal | undefined
}

/**
 * The clock of the machine, and what it was moved forward: kept in the data folder, so that a start goes on from there.
 * @throws UnusableFolder
 */
export function demonstrationClock(folder: string, machineNow: () => Instant = systemNow): DemonstrationClock {
  const file = keptFile(folder, 'clock', Kept)
  const listeners = new Set<() => void>()
  let ahead = file.read()?.aheadMilliseconds ?? 0
  const milliseconds = () => Date.parse(machineNow()) + ahead

  function advanceBy(by: number): ClockRefusal | undefined {
    if (by < 0) return 'clockBackwards'
    if (ahead + by > FARTHEST_AHEAD_MILLISECONDS) return 'clockTooFarAhead'
    if (by === 0) return undefined
    file.write({ aheadMilliseconds: ahead + by })
    ahead += by
    for (const listener of listeners) listener()
    return undefined
  }

  return {
    machineNow,
    // Read for every event and every request: most demonstrations are never moved forward.
    now: () => (ahead === 0 ? machineNow() : new Date(milliseconds()).toISOString()),
    aheadMilliseconds: () => ahead,
    onAdvanced(listener) {
      // A registration each, also of a listener that is there already.
      const own = () => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    advanceTo: (to) => advanceBy(Date.parse(to) - milliseconds()),
    advanceBy,
  }
}
