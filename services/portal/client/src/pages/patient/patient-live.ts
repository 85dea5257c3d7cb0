import type { EndedReason } from '@relais/contracts/channels'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useChannel } from '../../live/live.tsx'
import { platformTime } from '../../live/now.ts'
import { useRefreshing } from '../../live/refreshing.ts'
import { keysOf } from './patient-queries.ts'

export type Ended = { reason: EndedReason; at: number }

/**
 * Follows a patient, and asks again for what is shown as things happen. When access ends, what was known is forgotten at
 * once, and the page says why.
 */
export function usePatientLive(patientId: string): Ended | undefined {
  const queries = useQueryClient()
  const [ended, setEnded] = useState<Ended>()
  const isCaughtUp = useRef(false)
  const heard = useRefreshing((isLast) => {
    for (const queryKey of keysOf(patientId, { isWhole: isLast })) void queries.invalidateQueries({ queryKey })
  })
  useChannel(ended === undefined ? `patient/${patientId}` : undefined, {
    onEntry() {
      // The state that a subscription begins with is what the page has just asked for.
      if (isCaughtUp.current) heard()
    },
    onCaughtUp() {
      isCaughtUp.current = true
    },
    onEnded(reason) {
      if (reason !== 'unsubscribed') setEnded({ reason, at: platformTime(Date.now()) })
    },
  })
  const isOver = ended !== undefined && ended.reason !== 'cursorUnknown'
  useEffect(() => {
    if (!isOver) return
    for (const queryKey of keysOf(patientId, { isWhole: true })) queries.removeQueries({ queryKey })
  }, [isOver, patientId, queries])
  return ended
}
