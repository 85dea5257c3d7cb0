import type { RunEvent } from '@relais/contracts/protocol-runs'
import { StepId } from '@relais/contracts/work'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RunCommand } from './run.ts'
import { run } from './run.ts'
import {
  call,
  CALL_DUE,
  complete,
  coordination,
  DISCHARGED,
  follow,
  holdersOf,
  LATER,
  medicines,
  nurse,
  otherNurse,
  pharmacist,
  physician,
  planOf,
  replacement,
  steps,
  visit,
} from './run.fixture.ts'

const people = [nurse, otherNurse, pharmacist, physician, replacement] as const
const anyStep = fc.constantFrom(call, medicines, visit)
const anyone = fc.constantFrom(...people, coordination)
const anyTime = fc.constantFrom(DISCHARGED, LATER, CALL_DUE, '2026-11-09T12:00:00.000Z')
const anyHolders = fc
  .record({
    members: fc.subarray([...holdersOf().members, { memberId: otherNurse, role: 'infirmier' as const }]),
    hasWard: fc.boolean(),
    standIns: fc.subarray([{ of: nurse, by: replacement }]),
  })
  .map(({ members, hasWard, standIns }) => holdersOf({ members, standIns, ...(hasWard ? {} : { ward: undefined }) }))
const anyPlan = fc
  .record({ version: fc.integer({ min: 1, max: 2 }), left: fc.subarray(steps, { minLength: 1 }), at: anyTime })
  .map(({ version, left, at }) => {
    const ids = new Set(left.map(({ stepId }) => stepId))
    const planned = left.map((step) => ({ ...step, after: step.after.filter((id) => ids.has(id)) }))
    return planOf({ version, steps: planned, trigger: { ...planOf().trigger, at } })
  })
const anyRevision = fc.integer({ min: 3, max: 6 })
const said = {
  stepId: anyStep,
  by: anyone,
  for: fc.option(anyone, { nil: undefined }),
  holders: anyHolders,
  at: anyTime,
}

const anyCommand: fc.Arbitrary<RunCommand> = fc.oneof(
  fc.record({ plan: anyPlan, holders: anyHolders, stayRevision: anyRevision, at: anyTime }).map(follow),
  fc.record({
    type: fc.constant('StopRun' as const),
    because: fc.constantFrom('stayWithdrawn', 'died', 'confidential', 'superseded', 'noLongerApplies'),
    stayRevision: anyRevision,
    at: anyTime,
  }),
  fc.record({ type: fc.constant('CompleteStep' as const), ...said }),
  fc.record({ type: fc.constant('SkipStep' as const), reason: fc.constantFrom('notNeeded', 'other'), ...said }),
  fc.record({
    type: fc.constant('ReassignStep' as const),
    stepId: anyStep,
    to: anyone,
    by: anyone,
    holders: anyHolders,
    at: anyTime,
  }),
  fc.record({
    type: fc.constant('ReviewOwners' as const),
    holders: anyHolders,
    departed: fc.option(anyone, { nil: undefined }),
    at: anyTime,
  }),
  fc.record({ type: fc.constant('MarkLate' as const), stepId: anyStep, dueAt: anyTime, at: anyTime }),
  fc.record({
    type: fc.constant('EscalateStep' as const),
    stepId: anyStep,
    rung: fc.integer({ min: 0, max: 2 }),
    holders: anyHolders,
    at: anyTime,
  }),
  fc.record({ type: fc.constant('MigrateRun' as const), plan: anyPlan, holders: anyHolders, by: anyone, at: anyTime }),
  fc.record({ type: fc.constant('EndRun' as const), by: anyone, at: anyTime }),
)

test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(run, anyCommand))

function afterAll(commands: readonly RunCommand[]) {
  let state = run.initialState
  const events: RunEvent[] = []
  for (const command of commands) {
    const decision = run.decide(command, state)
    if (!decision.accepted) continue
    events.push(...decision.events)
    state = decision.events.reduce(run.evolve, state)
  }
  return { state, events }
}

/** What stays in inboxes, by what was given and taken back. */
function openItems(events: readonly RunEvent[]): string[] {
  const open = new Map<string, boolean>()
  for (const event of events)
    if (event.type === 'WorkGiven') {
      const { subject, recipient, state } = event.data.work
      open.set(`${JSON.stringify(subject)} ${recipient}`, state === 'open')
    }
  return [...open].flatMap(([item, isOpen]) => (isOpen ? [item] : []))
}

test('whatever happens, inboxes hold the open steps of the run and nothing else', () =>
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 25 }), (commands) => {
      const { state, events } = afterAll(commands)
      const open = state.status === 'running' ? state.steps.filter(({ status }) => status === 'open') : []
      const expected = open.flatMap((step) => {
        if (step.status !== 'open') return []
        return new Set([step.owner, ...step.escalatedTo.map(({ owner }) => owner)]).size
      })
      expect(openItems(events)).toHaveLength(expected.reduce((sum, count) => sum + count, 0))
    }),
  ))

const anyChain = fc.integer({ min: 1, max: 12 }).chain((length) =>
  fc.record({
    after: fc.tuple(
      ...Array.from({ length }, (_, index) => fc.array(fc.nat({ max: Math.max(0, index - 1) }), { maxLength: 3 })),
    ),
    order: fc.shuffledSubarray(
      Array.from({ length }, (_, index) => index),
      { minLength: length },
    ),
    skips: fc.array(fc.boolean(), { minLength: length, maxLength: length }),
  }),
)
const nth = (index: number) => StepId.parse(`step-${index}`)

test('a run of any steps ends when each was done, skipped or late in any order, and leaves nothing in an inbox', () =>
  fc.assert(
    fc.property(anyChain, ({ after, order, skips }) => {
      const planned = after.map((before, index) => ({
        ...steps[0],
        stepId: nth(index),
        after: index === 0 ? [] : [...new Set(before)].map(nth),
        skippable: true,
      }))
      const plan = planOf({ steps: planned as typeof steps })
      const settle = order.flatMap((index): RunCommand[] => {
        const stepId = nth(index)
        const late: RunCommand = { type: 'MarkLate', stepId, dueAt: CALL_DUE, at: CALL_DUE }
        const skip: RunCommand = { ...complete(stepId), type: 'SkipStep', reason: 'notNeeded' }
        return [late, skips[index] ? skip : complete(stepId)]
      })
      // Each turn settles at least the steps that wait for nothing.
      const { state, events } = afterAll([follow({ plan }), ...order.flatMap(() => settle)])
      expect(state.status).toBe('ended')
      expect(openItems(events)).toEqual([])
      expect(events.filter(({ type }) => type === 'RunEnded')).toHaveLength(1)
    }),
    { numRuns: 60 },
  ))
