import type { listStepNotes, readRun } from '@relais/contracts/run-routes'
import { queryOptions } from '@tanstack/react-query'
import { type AnswerOf, call } from '../../api/call.ts'

export type Run = AnswerOf<typeof readRun>
export type Step = Run['steps'][number]

export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: ['run', runId],
    queryFn: ({ signal }) => call<typeof readRun>({ path: `/runs/${runId}`, signal }),
  })

export const notesQuery = (runId: string, stepId: string) =>
  queryOptions({
    queryKey: ['run', runId, 'notes', stepId],
    queryFn: async ({ signal }) =>
      (await call<typeof listStepNotes>({ path: `/runs/${runId}/steps/${stepId}/notes`, signal })).notes,
  })
