import { useEffect } from 'react'
import { useLatest } from '../../live/latest.ts'

const HOUR = 3_600_000
const LOOK_MILLISECONDS = 10 * 60_000
const QUIET_HOUR = 4

/** Whether a screen that has been on since `openedAt` begins anew now: once a night, so that nothing piles up in it. */
export function isTimeToReload(openedAt: number, now: number): boolean {
  return now - openedAt > 12 * HOUR && new Date(now).getHours() === QUIET_HOUR
}

/** Begins anew at night, with the application of that day; never while the platform does not answer. */
export function useNightlyReload(isAnswering: boolean): void {
  const latest = useLatest(isAnswering)
  useEffect(() => {
    const openedAt = Date.now()
    const timer = setInterval(() => {
      if (latest.current && isTimeToReload(openedAt, Date.now())) location.reload()
    }, LOOK_MILLISECONDS)
    return () => clearInterval(timer)
  }, [latest])
}

/** Asks the device not to sleep. It may refuse, and takes it back whenever the page is hidden. */
export function useScreenOn(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return
    let lock: WakeLockSentinel | undefined
    let isOver = false
    const ask = () => {
      if (document.visibilityState !== 'visible') return
      navigator.wakeLock.request('screen').then(
        (given) => {
          if (isOver) void given.release()
          else lock = given
        },
        () => {},
      )
    }
    ask()
    document.addEventListener('visibilitychange', ask)
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', ask)
      void lock?.release()
    }
  }, [])
}
