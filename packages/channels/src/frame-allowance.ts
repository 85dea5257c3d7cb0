import type { Instant } from '@relais/contracts/primitives'

export type FrameLimits = {
  /** What may come at once after a silence. */
  framesAtOnce: number
  framesPerSecond: number
}

export type FrameAllowance = {
  /** Counts one frame; `false` for one too many. */
  take(): boolean
}

/** In thousandths of a frame: a whole number of them comes back each millisecond. */
const FRAME = 1000

/** A token bucket, filled by the passing of time. A clock that is set back fills nothing. */
export function openFrameAllowance({ limits, now }: { limits: FrameLimits; now: () => Instant }): FrameAllowance {
  const full = limits.framesAtOnce * FRAME
  let left = full
  let filledAt = Date.parse(now())
  return {
    take() {
      const at = Date.parse(now())
      left = Math.min(full, left + Math.max(0, at - filledAt) * limits.framesPerSecond)
      filledAt = at
      if (left < FRAME) return false
      left -= FRAME
      return true
    },
  }
}
