import { StepId } from '@relais/contracts/work'
import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import { run } from './run.ts'
import {
  call,
  CALL_DUE,
  callDone,
  callOpened,
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
  otherNurse,
  pharmacist,
  physician,
  started,
  visit,
  VISIT_DUE,
  visitOpened,
} from './run.fixture.ts'

const { given } = specification(run)
const toNurse = { to: nurse, role: 'infirmier', dueAt: CALL_DUE }
const toPharmacist = { to: pharmacist, role: 'pharmacien', dueAt: MEDICINES_DUE }
const toPhysician = { to: physician, role: 'medecin-traitant', dueAt: VISIT_DUE }

test('a discharge opens the steps that wait for nothing, each in the inbox of who has it', () =>
  given()
    .when(follow())
    .thenEvents(
      ...history,
      work(call, 'stepOpened', { ...toNurse, at: DISCHARGED }),
      work(medicines, 'stepOpened', { ...toPharmacist, at: DISCHARGED }),
    ))
test('the same discharge heard of again changes nothing', () =>
  given(...history)
    .when(follow())
    .thenNothing())
test('a discharge of fourteen days ago still starts a run', () => {
  const decision = run.decide(follow({ at: '2026-11-17T09:00:00.000Z' }), run.initialState)
  expect(decision).toMatchObject({ accepted: true, events: [{ type: 'RunStarted' }, {}, {}, {}, {}] })
})
test('a discharge of more than fourteen days ago starts nothing', () =>
  given()
    .when(follow({ at: '2026-11-17T09:00:00.001Z' }))
    .thenNothing())

test('a step that nobody in the circle can have goes to its fallback role', () => {
  const holders = holdersOf({ members: [{ memberId: physician, role: 'medecin-traitant' }] })
  const decision = run.decide(follow({ holders }), run.initialState)
  const opened = decision.accepted ? decision.events.filter(({ type }) => type === 'StepOpened') : []
  expect(opened).toMatchObject([
    { data: { stepId: call, owner: physician, role: 'medecin-traitant' } },
    { data: { stepId: medicines, owner: coordination, role: 'coordinateur' } },
  ])
})
test('a step whose roles nobody holds goes to the coordination, and it is on record that nobody holds them', () => {
  const decision = run.decide(follow({ holders: holdersOf({ members: [] }) }), run.initialState)
  const unowned = decision.accepted ? decision.events.filter(({ type }) => type === 'StepUnowned') : []
  expect(unowned.map(({ data }) => data)).toMatchObject([
    { stepId: call, wanted: ['infirmier', 'medecin-traitant'], owner: coordination },
    { stepId: medicines, wanted: ['pharmacien'], owner: coordination },
  ])
})

test('a step that is done opens the one that waited for it, due from then', () =>
  given(...history)
    .when(complete(call))
    .thenEvents(
      callDone,
      visitOpened,
      work(visit, 'stepOpened', toPhysician),
      work(call, 'stepDone', { ...toNurse, state: 'done' }),
    ))
test('two nurses who do it at once have done it once', () =>
  given(...history, callDone, visitOpened)
    .when(complete(call, { by: otherNurse, for: undefined, at: CALL_DUE }))
    .thenNothing())
test('a colleague who does it takes it off the list of who had it', () =>
  given(started, callOpened)
    .when(complete(call, { by: otherNurse, for: undefined }))
    .thenEvents(
      fact('StepDone', { stepId: call, by: otherNurse, doneAt: LATER }),
      fact('StepOpened', {
        stepId: medicines,
        title: 'Conciliation des traitements',
        owner: pharmacist,
        role: 'pharmacien',
        dueAt: MEDICINES_DUE,
        openedAt: LATER,
      }),
      visitOpened,
      work(medicines, 'stepOpened', toPharmacist),
      work(visit, 'stepOpened', toPhysician),
      work(call, 'stepDone', { ...toNurse, state: 'withdrawn' }),
    ))
test('the run ends with its last step', () =>
  given(...history, callDone, visitOpened, fact('StepDone', { stepId: visit, by: physician, doneAt: LATER }))
    .when(complete(medicines, { by: pharmacist, for: pharmacist }))
    .thenEvents(
      fact('StepDone', { stepId: medicines, by: pharmacist, for: pharmacist, doneAt: LATER }),
      fact('RunEnded', { because: 'completed', stayRevision: 3, endedAt: LATER }),
      work(medicines, 'stepDone', { ...toPharmacist, state: 'done' }),
    ))

const skip = (stepId: typeof call, reason: 'notNeeded' | 'other') => ({
  type: 'SkipStep' as const,
  stepId,
  by: pharmacist,
  for: pharmacist,
  reason,
  holders: holdersOf(),
  at: LATER,
})
const skipped = fact('StepSkipped', {
  stepId: medicines,
  by: pharmacist,
  for: pharmacist,
  reason: 'notNeeded',
  skippedAt: LATER,
})
test('a step is skipped for a reason', () =>
  given(...history)
    .when(skip(medicines, 'notNeeded'))
    .thenEvents(skipped, work(medicines, 'stepSkipped', { ...toPharmacist, state: 'done' })))
test('another reason than those of the list has to be written', () =>
  given(...history)
    .when(skip(medicines, 'other'))
    .thenRejected({ code: 'reasonMissing' }))
test('a step that has to be done is not skipped', () =>
  given(...history)
    .when(skip(call, 'notNeeded'))
    .thenRejected({ code: 'stepNotSkippable' }))
test('a step that was skipped is not done afterwards', () =>
  given(...history, skipped)
    .when(complete(medicines))
    .thenRejected({ code: 'stepSettledOtherwise' }))
test('a step that was done is not skipped afterwards', () =>
  given(...history, callDone)
    .when(skip(call, 'notNeeded'))
    .thenRejected({ code: 'stepSettledOtherwise' }))
test('a step that waits for another cannot be done yet', () =>
  given(...history)
    .when(complete(visit))
    .thenRejected({ code: 'stepNotOpen' }))
test('a step of another run is unknown', () =>
  given(...history)
    .when(complete(StepId.parse('other')))
    .thenRejected({ code: 'stepUnknown' }))
test('nothing is done in a run that never began', () =>
  given().when(complete(call)).thenRejected({ code: 'runUnknown' }))
test('nothing is done in a run that has ended', () =>
  given(started, callOpened, fact('RunEnded', { because: 'died', stayRevision: 4, endedAt: LATER }))
    .when(complete(call))
    .thenRejected({ code: 'runEnded' }))

const markLate = (at: string) => ({ type: 'MarkLate' as const, stepId: call, dueAt: CALL_DUE, at })
const late = fact('StepLate', {
  stepId: call,
  owner: nurse,
  role: 'infirmier',
  dueAt: CALL_DUE,
  nextEscalationAt: '2026-11-05T13:00:00.000Z',
  lateAt: CALL_DUE,
})
test('a step is late from the moment when it was due', () =>
  given(...history)
    .when(markLate(CALL_DUE))
    .thenEvents(late, work(call, 'stepLate', { ...toNurse, late: true, at: CALL_DUE })))
test('a step is not late before', () =>
  given(...history)
    .when(markLate('2026-11-05T08:59:59.999Z'))
    .thenNothing())
test('a step that was done in time is never late', () =>
  given(...history, callDone)
    .when(markLate(CALL_DUE))
    .thenNothing())

const escalate = (rung: number, at: string) => ({
  type: 'EscalateStep' as const,
  stepId: call,
  rung,
  holders: holdersOf(),
  at,
})
const toMt = fact('StepEscalated', {
  stepId: call,
  rung: 0,
  to: physician,
  role: 'medecin-traitant',
  nextEscalationAt: '2026-11-06T09:00:00.000Z',
  escalatedAt: '2026-11-05T13:00:00.000Z',
})
const asked = { to: physician, role: 'medecin-traitant', dueAt: CALL_DUE, late: true, at: '2026-11-05T13:00:00.000Z' }
test('a step that stays late is given to the next rung as well', () =>
  given(...history, late)
    .when(escalate(0, '2026-11-05T13:00:00.000Z'))
    .thenEvents(toMt, work(call, 'stepEscalated', asked)))
test('a rung is not reached before its time', () =>
  given(...history, late)
    .when(escalate(0, '2026-11-05T12:59:59.999Z'))
    .thenNothing())
test('a rung is reached once', () =>
  given(...history, late, toMt)
    .when(escalate(0, '2026-11-05T14:00:00.000Z'))
    .thenNothing())
test('no rung is left out', () =>
  given(...history, late)
    .when(escalate(1, '2026-11-07T09:00:00.000Z'))
    .thenNothing())
test('whoever does a late step takes it off the list of everybody', () =>
  given(...history, late, toMt)
    .when(complete(call, { by: physician, for: physician, at: '2026-11-05T14:00:00.000Z' }))
    .thenEvents(
      fact('StepDone', { stepId: call, by: physician, for: physician, doneAt: '2026-11-05T14:00:00.000Z' }),
      fact('StepOpened', {
        stepId: visit,
        title: 'Visite du médecin traitant',
        owner: physician,
        role: 'medecin-traitant',
        dueAt: '2026-11-12T22:59:59.999Z',
        openedAt: '2026-11-05T14:00:00.000Z',
      }),
      work(visit, 'stepOpened', { ...toPhysician, dueAt: '2026-11-12T22:59:59.999Z', at: '2026-11-05T14:00:00.000Z' }),
      work(call, 'stepDone', { ...toNurse, state: 'withdrawn', late: true, at: '2026-11-05T14:00:00.000Z' }),
      work(call, 'stepDone', { ...asked, state: 'done', at: '2026-11-05T14:00:00.000Z' }),
    ))
