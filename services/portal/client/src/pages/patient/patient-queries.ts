import type { explainEntry } from '@relais/contracts/explanation-routes'
import type { getPathway, readCircle } from '@relais/contracts/http'
import type { listPatientRuns } from '@relais/contracts/run-routes'
import { queryOptions } from '@tanstack/react-query'
import { type AnswerOf, call } from '../../api/call.ts'

export type CircleMember = AnswerOf<typeof readCircle>['members'][number]
export type Run = AnswerOf<typeof listPatientRuns>['runs'][number]

export const pathwayQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['pathway', patientId],
    queryFn: ({ signal }) => call<typeof getPathway>({ path: `/pathways/${patientId}`, signal }),
  })

export const circleQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['circle', patientId],
    queryFn: async ({ signal }) =>
      (await call<typeof readCircle>({ path: `/patients/${patientId}/circle`, signal })).members,
  })

export const runsQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['runs', patientId],
    queryFn: async ({ signal }) =>
      (await call<typeof listPatientRuns>({ path: `/patients/${patientId}/runs`, signal })).runs,
  })

export const explanationQuery = (patientId: string, entryId: string) =>
  queryOptions({
    queryKey: ['explanation', patientId, entryId],
    queryFn: ({ signal }) =>
      call<typeof explainEntry>({ path: `/pathways/${patientId}/entries/${entryId}/explanation`, signal }),
  })

/** What is asked for about a patient and may change with anything that happens. */
const living = ['pathway', 'circle', 'runs'] as const
const settled = [...living, 'explanation', 'identity'] as const

/** `isWhole`: also what seldom changes, or is seldom looked at. */
export function keysOf(patientId: string, { isWhole }: { isWhole: boolean }): string[][] {
  return (isWhole ? settled : living).map((name) => [name, patientId])
}
