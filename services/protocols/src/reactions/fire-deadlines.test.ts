import { DISCHARGED, subject } from '../domain/run.fixture.ts'
import { run } from '../domain/run.ts'
import { deadlineIdOf } from '@relais/deadlines/deadline'
import { expect, test } from 'vitest'
import { ESCALATE, LATE } from '../projections/run-tables.ts'
import type { FactSource } from './fact-source.ts'
import { fireDeadlines } from './fire-deadlines.ts'

/** Of nobody, nothing is known. */
const nothing: FactSource = {
  seen: () => Promise.resolve(),
  personOf: () => Promise.resolve(undefined),
  factsOf: () => Promise.resolve({ stays: [], members: [], standIns: [] }),
  runsOf: () => Promise.resolve([]),
  patientsAskedOf: () => Promise.resolve([]),
  birthDateOf: () => Promise.resolve(undefined),
  protocols: () => Promise.resolve([]),
}

test.each([LATE, ESCALATE])('what falls due of a patient who was forgotten is over: %s', async (kind) => {
  const fire = fireDeadlines({
    source: nothing,
    loadRun: () => Promise.resolve(run.initialState),
    handleRun: () => Promise.reject(new Error('nothing is decided of it')),
    now: () => DISCHARGED,
  })
  const { runId } = subject
  const deadline = { deadlineId: deadlineIdOf(kind, runId, 'call'), kind, subject: runId, dueAt: DISCHARGED }
  expect(await fire({ ...deadline, detail: { stepId: 'call', rung: 0 } })).toBe('over')
})
