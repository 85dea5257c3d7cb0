import type { WardBoardRow } from '@relais/contracts/boards'
import { queryOptions, useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
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

const BETWEEN_LOOKS_MILLISECONDS = 2000
const MOST_LOOKS = 15

/** Whoever reads a board may know who is on it: somebody unknown came so lately that not every view has heard of it. */
const nameQuery = (patientId: string) =>
  queryOptions({
    ...identityQuery(patientId),
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      data === null && dataUpdateCount < MOST_LOOKS ? BETWEEN_LOOKS_MILLISECONDS : false,
  })

/** The rows with names, to search and to sort by, and with what is late about them. */
export function useSeenRows(rows: readonly WardBoardRow[], { now, lateSteps, openReturns }: Known): readonly Seen[] {
  const patientIds = useMemo(() => [...new Set(rows.map(({ patientId }) => patientId))], [rows])
  // All of them, so that one who is found by name need not be on the screen yet.
  const names = useQueries({ queries: patientIds.map(nameQuery), combine: namesOf })
  return useMemo(() => {
    const nameOfPatient = new Map(patientIds.map((patientId, index) => [patientId, names[index]]))
    return rows.map((row) =>
      seenOf(row, {
        name: nameOfPatient.get(row.patientId) ?? '',
        late: lateOf(row, {
          now,
          hasLateStep: lateSteps[row.stayId] !== undefined,
          isOpen: (noticeId) => openReturns.has(noticeId),
        }),
      }),
    )
  }, [rows, patientIds, names, now, lateSteps, openReturns])
}

const lastSeen = new WeakMap<WardBoardRow, Seen>()

/** The same object for a row of which nothing changed: it is not rendered again. */
function seenOf(row: WardBoardRow, { name, late }: Omit<Seen, 'row'>): Seen {
  const before = lastSeen.get(row)
  if (before && before.name === name && before.late.join(' ') === late.join(' ')) return before
  const one = { row, name, late }
  lastSeen.set(row, one)
  return one
}

type Identity = Parameters<typeof nameOf>[0]

/** The same names stay the same list, whatever else is asked for meanwhile. */
function namesOf(answers: readonly { data: Identity | null | undefined }[]): string[] {
  return answers.map(({ data }) => (data ? nameOf(data) : ''))
}
