import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import { run } from './run.ts'
import {
  call,
  CALL_DUE,
  callDone,
  complete,
  coordination,
  DISCHARGED,
  fact,
  follow,
  given as work,
  history,
  holdersOf,
  LATER,
  medicines,
  MEDICINES_DUE,
  nurse,
  pharmacist,
  physician,
  planOf,
  steps,
  stop,
  visit,
  VISIT_DUE,
  visitOpened,
} from './run.fixture.ts'

const { given } = specification(run)
const toNurse = { to: nurse, role: 'infirmier', dueAt: CALL_DUE }
const toPharmacist = { to: pharmacist, role: 'pharmacien', dueAt: MEDICINES_DUE }
const withdrawn = [call, medicines, visit].map((stepId) => fact('StepWithdrawn', { stepId, withdrawnAt: LATER }))
const ended = (because: 'stayWithdrawn' | 'died') => fact('RunEnded', { because, stayRevision: 4, endedAt: LATER })

test.each(['stayWithdrawn', 'died'] as const)('a stay that is %s takes all of its work back', (because) =>
  given(...history)
    .when(stop(because))
    .thenEvents(
      ...withdrawn,
      ended(because),
      work(call, 'runEnded', { ...toNurse, state: 'withdrawn' }),
      work(medicines, 'runEnded', { ...toPharmacist, state: 'withdrawn' }),
    ),
)
test('a stay that was withdrawn and comes again is followed anew', () => {
  const again = follow({ stayRevision: 5, at: LATER })
  const state = [...history, ...withdrawn, ended('stayWithdrawn')].reduce(run.evolve, run.initialState)
  const decision = run.decide(again, state)
  expect(decision).toMatchObject({
    accepted: true,
    events: [
      { type: 'RunStarted' },
      { type: 'StepOpened' },
      { type: 'StepOpened' },
      { type: 'WorkGiven' },
      { type: 'WorkGiven' },
    ],
  })
})
test('what was heard of earlier about the stay does not bring a withdrawn run back', () =>
  given(...history, ...withdrawn, ended('stayWithdrawn'))
    .when(follow({ stayRevision: 3, at: LATER }))
    .thenNothing())
test('a run that was completed does not start again while its discharge stands', () =>
  given(...history, fact('RunEnded', { because: 'completed', stayRevision: 3, endedAt: LATER }))
    .when(follow({ stayRevision: 5 }))
    .thenNothing())
test('a completed run whose discharge is withdrawn may start again', () =>
  given(...history, fact('RunEnded', { because: 'completed', stayRevision: 3, endedAt: LATER }))
    .when(stop('stayWithdrawn'))
    .thenEvents(ended('stayWithdrawn')))
test('a stay of which nothing was followed has nothing to stop', () => given().when(stop('died')).thenNothing())

const MOVED = '2026-11-03T15:00:00.000Z'
const CALL_MOVED = '2026-11-05T15:00:00.000Z'
const moved = planOf({
  trigger: { ...planOf().trigger, at: MOVED },
  steps: steps.map((step) => (step.stepId === call ? { ...step, dueAt: CALL_MOVED } : step)),
})
const correction = follow({ plan: moved, stayRevision: 4, at: LATER })
test('a corrected discharge moves what is due', () =>
  given(...history)
    .when(correction)
    .thenEvents(
      fact('RunCorrected', { plan: moved, stayRevision: 4, correctedAt: LATER }),
      fact('StepDueChanged', { stepId: call, dueAt: CALL_MOVED, changedAt: LATER }),
      work(call, 'stepDueChanged', { ...toNurse, dueAt: CALL_MOVED }),
    ))
test('a correction leaves what was done as it was', () => {
  const state = [...history, callDone, visitOpened].reduce(run.evolve, run.initialState)
  expect(run.decide(correction, state)).toMatchObject({ events: [{ type: 'RunCorrected' }] })
})
test('a late step that is moved is no longer late, and whoever it was escalated to is asked no more', () => {
  const late = { stepId: call, owner: nurse, role: 'infirmier' as const, dueAt: CALL_DUE, lateAt: CALL_DUE }
  const escalated = { stepId: call, rung: 0, to: physician, role: 'medecin-traitant' as const, escalatedAt: CALL_DUE }
  given(...history, fact('StepLate', late), fact('StepEscalated', escalated))
    .when(correction)
    .thenEvents(
      fact('RunCorrected', { plan: moved, stayRevision: 4, correctedAt: LATER }),
      fact('StepDueChanged', { stepId: call, dueAt: CALL_MOVED, changedAt: LATER }),
      work(call, 'stepDueChanged', { ...toNurse, dueAt: CALL_MOVED }),
      work(call, 'stepDueChanged', {
        to: physician,
        role: 'medecin-traitant',
        dueAt: CALL_DUE,
        late: true,
        state: 'withdrawn',
      }),
    )
})
const without = planOf({ steps: steps.filter(({ stepId }) => stepId !== medicines) })
test('a step that the corrected stay no longer asks for is withdrawn', () =>
  given(...history)
    .when(follow({ plan: without, stayRevision: 4, at: LATER }))
    .thenEvents(
      fact('RunCorrected', { plan: without, stayRevision: 4, correctedAt: LATER }),
      fact('StepWithdrawn', { stepId: medicines, withdrawnAt: LATER }),
      work(medicines, 'stepWithdrawn', { ...toPharmacist, state: 'withdrawn' }),
    ))
test('a deadline of before the correction makes nothing late', () =>
  given(...history, fact('StepDueChanged', { stepId: call, dueAt: CALL_MOVED, changedAt: LATER }))
    .when({ type: 'MarkLate', stepId: call, dueAt: CALL_DUE, at: CALL_DUE })
    .thenNothing())

const migrate = (version: number, plan = planOf({ version })) => ({
  type: 'MigrateRun' as const,
  plan,
  holders: holdersOf(),
  by: coordination,
  at: LATER,
})
test('a run keeps its version when another one applies', () =>
  given(...history)
    .when(follow({ plan: planOf({ version: 2 }), stayRevision: 4 }))
    .thenNothing())
test('a person moves a run to another version: what was done stands, the rest is as the new version has it', () => {
  const plan = planOf({
    version: 2,
    steps: steps
      .map((step) => ({ ...step, owners: ['medecin-traitant'] as const }))
      .map((step) => ({ ...step, owners: [...step.owners] })),
  })
  const state = [...history, callDone, visitOpened].reduce(run.evolve, run.initialState)
  expect(run.decide(migrate(2, plan), state)).toMatchObject({
    events: [
      { type: 'RunMigrated', data: { fromVersion: 1, by: coordination } },
      { type: 'StepReassigned', data: { stepId: medicines, to: physician, because: 'migrated' } },
      { type: 'WorkGiven', data: { work: { recipient: physician, state: 'open' } } },
      { type: 'WorkGiven', data: { work: { recipient: pharmacist, state: 'withdrawn' } } },
    ],
  })
})
test('a step that counts from another one counts as the new version says', () => {
  const sooner = { kind: 'days' as const, days: 3, from: 'stepDone' as const }
  const plan = planOf({
    version: 2,
    steps: steps.map((step) => (step.stepId === visit ? { ...step, due: sooner } : step)),
  })
  const state = [...history, callDone, visitOpened].reduce(run.evolve, run.initialState)
  expect(run.decide(migrate(2, plan), state)).toMatchObject({
    events: [
      { type: 'RunMigrated' },
      { type: 'StepDueChanged', data: { stepId: visit, dueAt: '2026-11-07T22:59:59.999Z' } },
      { type: 'WorkGiven', data: { work: { recipient: physician, nature: 'stepDueChanged' } } },
    ],
  })
})
test('a late step goes by the escalation of the new version', () => {
  const late = { stepId: call, owner: nurse, role: 'infirmier' as const, dueAt: CALL_DUE, lateAt: CALL_DUE }
  const calling = (escalation: { afterHours: number; to: 'ward' }[]) =>
    planOf({ version: 2, steps: steps.map((step) => (step.stepId === call ? { ...step, escalation } : step)) })
  const again = { type: 'MarkLate', stepId: call, dueAt: CALL_DUE, at: CALL_DUE } as const
  const nextRung = (plan: ReturnType<typeof planOf>) => {
    const decided = [migrate(2, plan), again].reduce(
      ({ events }, command) => {
        const decision = run.decide(command, events.reduce(run.evolve, run.initialState))
        return { events: [...events, ...(decision.accepted ? decision.events : [])] }
      },
      { events: [...history, fact('StepLate', late)] },
    )
    return decided.events.findLast(({ type }) => type === 'StepLate')?.data
  }
  expect(nextRung(calling([{ afterHours: 1, to: 'ward' }]))).toMatchObject({
    nextEscalationAt: '2026-11-05T10:00:00.000Z',
  })
  expect(nextRung(calling([]))).not.toHaveProperty('nextEscalationAt')
})
test('a run that has that version already is left alone', () =>
  given(...history)
    .when(migrate(1))
    .thenNothing())
test('a run that has ended is not migrated', () =>
  given(...history, ended('died'))
    .when(migrate(2))
    .thenRejected({ code: 'runEnded' }))
test('a person ends a run, and all of its work is withdrawn', () =>
  given(...history)
    .when({ type: 'EndRun', by: coordination, at: LATER })
    .thenEvents(
      ...withdrawn,
      fact('RunEnded', { because: 'person', by: coordination, stayRevision: 3, endedAt: LATER }),
      work(call, 'runEnded', { ...toNurse, state: 'withdrawn' }),
      work(medicines, 'runEnded', { ...toPharmacist, state: 'withdrawn' }),
    ))
test('a person’s word stands against a later correction of the stay', () =>
  given(...history, fact('RunEnded', { because: 'person', by: coordination, stayRevision: 3, endedAt: LATER }))
    .when(correction)
    .thenNothing())
test('a step that was never asked for in time is asked for all the same once what it waited for is done', () =>
  expect(run.decide(complete(call, { at: DISCHARGED }), history.reduce(run.evolve, run.initialState))).toMatchObject({
    events: [
      { type: 'StepDone' },
      { type: 'StepOpened', data: { stepId: visit, dueAt: expect.not.stringContaining(VISIT_DUE) } },
      {},
      {},
    ],
  }))
