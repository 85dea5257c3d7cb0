import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { notesQuery } from '../inbox/step-queries.ts'
import { doStepAct, skipStepAct } from './step-acts.ts'

const step = { patientId: 'p', runId: 'r', stepId: 's' }
const said = { requestId: 'q', what: 'fait', note: 'Pansement refait.' }

test.each([
  ['done', doStepAct(step, said)],
  ['skipped', skipStepAct(step, { ...said, reason: 'notNeeded' })],
])('the notes of a step that is %s are asked for again, wherever they are shown', async (_, { affects }) => {
  const queries = new QueryClient()
  const { queryKey } = notesQuery(step.runId, step.stepId)
  queries.setQueryData(queryKey, [])
  for (const key of affects) await queries.invalidateQueries({ queryKey: key })
  expect(queries.getQueryState(queryKey)?.isInvalidated).toBe(true)
})
