import type { FollowStatus } from './projection.ts'

/** A view further behind than this is not shown as if it were current. */
const LONGEST_LAG_MILLISECONDS = 5000

type Running = { name: string; status(): FollowStatus }
export type Readiness = { name: string; ready: boolean; detail: string }

/** Red until history was read once; then red while it is stopped, or more than 5 s behind. */
export function readinessOf(running: readonly Running[]): Readiness[] {
  return running.map(({ name, status }) => {
    const { state, lagMilliseconds, hasCaughtUp } = status()
    const ready = hasCaughtUp && state !== 'stopped' && lagMilliseconds <= LONGEST_LAG_MILLISECONDS
    return { name, ready, detail: ready ? state : `${state}, ${Math.round(lagMilliseconds)} ms behind` }
  })
}
