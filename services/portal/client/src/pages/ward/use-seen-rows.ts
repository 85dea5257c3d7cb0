import type { WardBoardRow } from '@relais/contracts/boards'
import { useIsFetching, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { identityQuery, nameOf } from '../../people/people.tsx'
import type { Seen } from './board-rows.ts'
import { lateOf } from './lateness.ts'
import type { LateStepOfStay } from './ward-queries.ts'

type Known = {
  now: number
  lateSteps: Readonly<Record<string, readonly LateStepOfStay[]>>
  /** The notices that were returned, and of which nobody has said yet what is the case. */
  openReturns: ReadonlySet<string>
}

/** The rows with names, to search and to sort by, and with what is late about them. */
export function useSeenRows(rows: readonly WardBoardRow[], { now, lateSteps, openReturns }: Known): readonly Seen[] {
  const queries = useQueryClient()
  const asked = useRef(new Set<string>())
  // So that one who is found by name need not be on the screen yet.
  useEffect(() => {
    for (const { patientId } of rows) {
      if (asked.current.has(patientId)) continue
      asked.current.add(patientId)
      queries.query(identityQuery(patientId)).catch(() => asked.current.delete(patientId))
    }
  }, [queries, rows])
  const fetching = useIsFetching({ queryKey: ['identity'] })
  const seen = useRef(new WeakMap<WardBoardRow, Seen>())
  return useMemo(
    () =>
      rows.map((row) => {
        const identity = queries.getQueryData(identityQuery(row.patientId).queryKey)
        const name = identity ? nameOf(identity) : ''
        const late = lateOf(row, {
          now,
          hasLateStep: lateSteps[row.stayId] !== undefined,
          isOpen: (noticeId) => openReturns.has(noticeId),
        })
        const before = seen.current.get(row)
        if (before && before.name === name && before.late.join(' ') === late.join(' ')) return before
        const one = { row, name, late }
        seen.current.set(row, one)
        return one
      }),
    // Names arrive while they are being fetched: nothing else tells.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [rows, now, lateSteps, openReturns, queries, fetching],
  )
}
