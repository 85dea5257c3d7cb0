import { useEffect, useMemo } from 'react'
import { useLatest } from './latest.ts'

export type RefreshingDeps = {
  /** `isLast`: all is quiet since. */
  run(isLast: boolean): void
  now(): number
  after(milliseconds: number, run: () => void): () => void
}
export type Refreshing = { /** Something is new. */ heard(): void; stop(): void }

/** What comes together is shown together: one act is told in several entries. */
const FIRST_MILLISECONDS = 150
const BETWEEN_MILLISECONDS = 900
/** A view may be a moment behind the channel, on a busy day more: what comes last is looked at twice more. */
const SETTLING_MILLISECONDS = [2000, 10_000]

/** Asks again when something is heard: soon, never more than about once a second, and twice more when all is quiet. */
export function refreshing({ run, now, after }: RefreshingDeps): Refreshing {
  let lastAt = -Infinity
  let cancelNext: (() => void) | undefined
  let settling: (() => void)[] = []
  const cancelSettling = () => {
    for (const cancel of settling) cancel()
  }
  const refresh = (isLast: boolean) => {
    lastAt = now()
    run(isLast)
  }
  return {
    heard() {
      cancelSettling()
      settling = SETTLING_MILLISECONDS.map((milliseconds) => after(milliseconds, () => refresh(true)))
      cancelNext ??= after(Math.max(FIRST_MILLISECONDS, lastAt + BETWEEN_MILLISECONDS - now()), () => {
        cancelNext = undefined
        refresh(false)
      })
    },
    stop() {
      cancelSettling()
      cancelNext?.()
      cancelNext = undefined
    },
  }
}

/** The same for a component, on the clock of the device; it ends with the component. */
export function useRefreshing(run: (isLast: boolean) => void): () => void {
  const latest = useLatest(run)
  const known = useMemo(
    () =>
      refreshing({
        run: (isLast) => latest.current(isLast),
        now: () => Date.now(),
        after(milliseconds, then) {
          const timer = setTimeout(then, milliseconds)
          return () => clearTimeout(timer)
        },
      }),
    [latest],
  )
  useEffect(() => () => known.stop(), [known])
  return known.heard
}
