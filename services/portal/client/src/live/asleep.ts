import { useEffect } from 'react'
import { useLatest } from './latest.ts'

const BEAT_MILLISECONDS = 10_000
/** A browser lets a page that nobody sees do something once a minute. */
const ASLEEP_MILLISECONDS = 150_000

/** Says that the page did nothing for a while, because its device slept, and since when. */
export function useWaking(woken: (since: number) => void): void {
  const latest = useLatest(woken)
  useEffect(() => {
    let lastAt = Date.now()
    const beat = () => {
      const since = lastAt
      lastAt = Date.now()
      if (lastAt - since > ASLEEP_MILLISECONDS) latest.current(since)
    }
    const timer = setInterval(beat, BEAT_MILLISECONDS)
    // Before the next beat, where the page is told.
    document.addEventListener('visibilitychange', beat)
    addEventListener('pageshow', beat)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', beat)
      removeEventListener('pageshow', beat)
    }
  }, [latest])
}
