import type { WardBoardRow } from '@relais/contracts/boards'
import { useIsFetching, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { identityQuery, nameOf } from '../../people/people.tsx'
import type { Seen } from './board-rows.ts'
import { lateOf } from './lateness.ts'
import type { LateStepOfStay } from './ward-queries.ts'

type Known = { now: number; lateSteps: Readonly<Record<string, readonly LateStepOfStay[]>> }

/** The rows with names, to search and to sort by, and with what is late about them. */
export function useSeenRows(rows: readonly WardBoardRow[], { now, lateSteps }: Known): Seen[] {
  const queries = useQueryClient()
  // So that one who is found by name need not be on the screen yet.
  useEffect(() => {
    for (const { patientId } of rows) queries.query(identityQuery(patientId)).catch(() => undefined)
  }, [queries, rows])
  const fetching = useIsFetching({ queryKey: ['identity'] })
  return useMemo(
    () =>
      rows.map((row) => {
        const identity = queries.getQueryData(identityQuery(row.patientId).queryKey)
        const hasLateStep = lateSteps[row.stayId] !== undefined
        return { row, name: identity ? nameOf(identity) : '', late: lateOf(row, { now, hasLateStep }) }
      }),
    // Names arrive while they are being fetched: nothing else tells.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [rows, now, lateSteps, queries, fetching],
  )
}
