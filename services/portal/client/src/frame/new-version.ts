import { useRouterState } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useWaking } from '../live/asleep.ts'
import { useConnection } from '../live/live.tsx'

/** The version that this tab was loaded anew for: of two servers, one may be behind for a while. */
const TAKEN = 'relais.version'
const EVERY_MILLISECONDS = 600_000
const MAIN_SCRIPT = /<script type="module"[^>]* src="([^"]+)"/

/** The platform has another build of this application than the one that runs here: its main file has another name. */
async function newerVersion(): Promise<string | undefined> {
  try {
    const response = await fetch('/app/', { cache: 'no-cache', headers: { accept: 'text/html' } })
    const there = response.ok ? MAIN_SCRIPT.exec(await response.text())?.[1] : undefined
    const here = document.querySelector('script[type="module"][src]')?.getAttribute('src')
    return there === undefined || there === here ? undefined : there
  } catch {
    return undefined
  }
}

/**
 * Whether there is a newer version; looked for when the device wakes, the connection comes back or somebody returns to the
 * tab. It is taken as the page changes: what is being written is a draft of the tab, and what waits to be sent is kept.
 */
export function useNewVersion(): string | undefined {
  const [version, setVersion] = useState<string>()
  const look = useCallback(() => void newerVersion().then((found) => found !== undefined && setVersion(found)), [])
  const { state, hasBeenLost } = useConnection()
  useWaking(look)
  useEffect(() => {
    if (state === 'open' && hasBeenLost) look()
  }, [state, hasBeenLost, look])
  useEffect(() => {
    const timer = setInterval(look, EVERY_MILLISECONDS)
    const seen = () => document.visibilityState === 'visible' && look()
    document.addEventListener('visibilitychange', seen)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [look])
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    if (version === undefined || sessionStorage.getItem(TAKEN) === version) return
    sessionStorage.setItem(TAKEN, version)
    location.reload()
  }, [path, version])
  return version
}
