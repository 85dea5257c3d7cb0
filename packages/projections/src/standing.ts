import type { RecordedEvent } from '@relais/event-store/port'
import type { Batch } from './batches.ts'
import type { FollowStatus } from './projection.ts'
import { reachedPosition } from './reached-position.ts'

/** Where a follower stands: its state, how far it is, and since when something waits for it. */
export type Standing = {
  status(): FollowStatus
  reaches(position: number, timeoutMilliseconds: number): Promise<boolean>
  working(first: RecordedEvent | undefined): void
  handled(batch: Batch): void
  reached(position: number): void
  /** The log or the database is lost, or an event failed: what is not known of may be waiting. */
  interrupted(): void
  stopped(): void
  /** Nobody will be told anything any more. */
  ended(): void
}

export function standingFrom(now: () => string): Standing {
  const instant = () => Date.parse(now())
  const position = reachedPosition()
  let state: FollowStatus['state'] = 'catchingUp'
  let hasCaughtUp = false
  let behindSince: number | undefined = instant()
  const behindSinceRecorded = (event: RecordedEvent | undefined) => {
    const recordedAt = event?.metadata['recordedAt']
    const recorded = typeof recordedAt === 'string' ? Date.parse(recordedAt) : Number.NaN
    if (!Number.isNaN(recorded)) behindSince = recorded
  }
  const lag = () => (behindSince === undefined ? 0 : Math.max(0, instant() - behindSince))

  return {
    status: () => ({ state, ...position.status(), lagMilliseconds: lag(), hasCaughtUp }),
    reaches: position.reaches,
    working: behindSinceRecorded,
    handled({ events, caughtUp }) {
      if (caughtUp) state = 'live'
      hasCaughtUp ||= caughtUp
      if (state === 'live') behindSince = undefined
      else behindSinceRecorded(events.at(-1))
    },
    reached: position.moveTo,
    interrupted() {
      state = 'catchingUp'
      behindSince ??= instant()
    },
    stopped() {
      state = 'stopped'
      position.giveUp()
    },
    ended: position.giveUp,
  }
}
