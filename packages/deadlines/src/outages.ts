import type { Instant } from '@relais/contracts/primitives'
import type { FollowLog } from '@relais/projections/follower'
import { type Alarm, growingPause } from './waiting.ts'

const LONGEST_PAUSE_MILLISECONDS = 60_000

type OutageDeps = { name: string; now: () => Instant; alarm: Alarm; log: FollowLog; tryAgain: () => void }

/** The log or a database is away, which is the fault of no deadline: all of them wait, then try again. */
export function outages({ name, now, alarm, log, tryAgain }: OutageDeps) {
  let current: { since: Instant; attempts: number; isPausing: boolean } | undefined
  return {
    isPausing: () => current?.isPausing === true,
    lagMilliseconds: () => current && Math.max(0, Date.parse(now()) - Date.parse(current.since)),
    over: () => void (current = undefined),
    begin(error: unknown): void {
      if (current?.isPausing === true) return
      const attempts = (current?.attempts ?? 0) + 1
      const outage = { since: current?.since ?? now(), attempts, isPausing: true }
      current = outage
      log.warn({ name, attempt: attempts, error }, 'deadlines have to wait, trying again')
      alarm.set(growingPause(attempts, LONGEST_PAUSE_MILLISECONDS), () => {
        outage.isPausing = false
        tryAgain()
      })
    },
  }
}
