import { useEffect, useRef } from 'react'
import { useLatest } from '../live/latest.ts'
import { useActOn } from './acts.tsx'
import type { KeptAct } from './outbox.ts'

/** The act about a subject, and a call once it has been accepted: a form is closed then, and not before. */
export function useActDone(subject: string, onDone: () => void): KeptAct | undefined {
  const act = useActOn(subject)
  const latest = useLatest(onDone)
  const wasSent = useRef(false)
  useEffect(() => {
    // What is being sent cannot be given up: once it is gone, it was accepted.
    if (act === undefined && wasSent.current) latest.current()
    wasSent.current = act?.state === 'sending'
  }, [act, latest])
  return act
}
