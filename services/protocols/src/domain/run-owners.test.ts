import { specification } from '@relais/testkit/specification'
import { expect, test } from 'vitest'
import { run } from './run.ts'
import {
  call,
  CALL_DUE,
  coordination,
  fact,
  given as work,
  history,
  holdersOf,
  LATER,
  nurse,
  otherNurse,
  pharmacist,
  physician,
  replacement,
  ward,
} from './run.fixture.ts'

const { given } = specification(run)
const toNurse = { to: nurse, role: 'infirmier', dueAt: CALL_DUE }

const review = (holders = holdersOf(), departed?: typeof nurse) => ({
  type: 'ReviewOwners' as const,
  holders,
  departed,
  at: LATER,
})
const withoutNurse = holdersOf({ members: holdersOf().members.filter(({ memberId }) => memberId !== nurse) })
const reassigned = (
  to: typeof nurse,
  because: 'memberLeft' | 'absence' | 'person',
  role = 'medecin-traitant' as const,
) => fact('StepReassigned', { stepId: call, from: nurse, to, role, because, reassignedAt: LATER })
test('what a nurse had goes to the next in line when the nurse leaves the circle', () =>
  given(...history)
    .when(review(withoutNurse, nurse))
    .thenEvents(
      reassigned(physician, 'memberLeft'),
      work(call, 'stepReassigned', { ...toNurse, to: physician, role: 'medecin-traitant' }),
      work(call, 'stepReassigned', { ...toNurse, state: 'withdrawn' }),
    ))
test('another nurse of the circle does not take over what a nurse has, whoever joined first', () => {
  const members = [{ memberId: otherNurse, role: 'infirmier' as const }, ...holdersOf().members]
  given(...history)
    .when(review(holdersOf({ members })))
    .thenNothing()
})
test('a nurse who joins takes over what was given to somebody in her place', () => {
  const decision = run.decide(
    review(),
    [...history, reassigned(physician, 'memberLeft')].reduce(run.evolve, run.initialState),
  )
  expect(decision).toMatchObject({
    events: [
      { type: 'StepReassigned', data: { from: physician, to: nurse, role: 'infirmier', because: 'memberJoined' } },
      {},
      {},
    ],
  })
})
test('the replacement of an absent nurse has what she had', () => {
  const standIns = [{ of: nurse, by: replacement }]
  const decision = run.decide(review(holdersOf({ standIns })), history.reduce(run.evolve, run.initialState))
  expect(decision).toMatchObject({
    events: [{ data: { from: nurse, to: replacement, role: 'infirmier', because: 'absence' } }, {}, {}],
  })
})
const byHand = fact('StepReassigned', {
  stepId: call,
  from: nurse,
  to: otherNurse,
  role: 'infirmier',
  because: 'person',
  by: coordination,
  reassignedAt: LATER,
})
test('a step that a person gave to somebody is not taken back by the circle', () =>
  given(...history, byHand)
    .when(review())
    .thenNothing())
test('unless that one leaves it', () => {
  const decision = run.decide(
    review(holdersOf(), otherNurse),
    [...history, byHand].reduce(run.evolve, run.initialState),
  )
  expect(decision).toMatchObject({ events: [{ data: { from: otherNurse, to: nurse } }, {}, {}] })
})
test('a person gives a step to another one of the circle, and a repeat changes nothing', () => {
  const command = { type: 'ReassignStep' as const, stepId: call, to: pharmacist, by: nurse, holders: holdersOf() }
  const byNurse = fact('StepReassigned', {
    stepId: call,
    from: nurse,
    to: pharmacist,
    role: 'infirmier',
    because: 'person',
    by: nurse,
    reassignedAt: LATER,
  })
  given(...history)
    .when({ ...command, at: LATER })
    .thenEvents(
      byNurse,
      work(call, 'stepReassigned', { ...toNurse, to: pharmacist }),
      work(call, 'stepReassigned', { ...toNurse, state: 'withdrawn' }),
    )
  given(...history, byNurse)
    .when({ ...command, at: LATER })
    .thenNothing()
})
const standsIn = [{ of: nurse, by: replacement }]
test.each([
  ['who stands in', replacement, holdersOf({ standIns: standsIn })],
  ['the ward', ward, holdersOf()],
  ['the coordination', coordination, holdersOf()],
])('or to %s', (_, to, holders) =>
  expect(
    run.decide(
      { type: 'ReassignStep', stepId: call, to, by: nurse, holders, at: LATER },
      history.reduce(run.evolve, run.initialState),
    ),
  ).toMatchObject({ events: [{ type: 'StepReassigned', data: { to } }, {}, {}] }),
)
test('nobody outside of the care is given a step', () =>
  given(...history)
    .when({ type: 'ReassignStep', stepId: call, to: otherNurse, by: nurse, holders: holdersOf(), at: LATER })
    .thenRejected({ code: 'ownerOutside' }))
