import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { Instant, Recipient } from '@relais/contracts/primitives'
import type { StepRole } from '@relais/contracts/protocols'
import type { StepId, Work, WorkNature } from '@relais/contracts/work'
import { isOpen, isSettled, type RunFact, type RunState, type RunStep, type StartedRun, stepOf } from './run-state.ts'

type Item = { stepId: StepId; recipient: Recipient; role: StepRole; title: string; dueAt: Instant; isLate: boolean }

type Decided = { before: RunState; after: StartedRun; events: readonly RunEvent[]; at: Instant }

/**
 * What the events of one decision change in what is asked of people: one `WorkGiven` for each item that is new, other
 * than before, done, or no longer expected.
 */
export function workGiven({ before, after, events, at }: Decided): RunFact<'WorkGiven'>[] {
  const [old, now] = [itemsOf(before), itemsOf(after)]
  const given = [...now].flatMap(([key, item]) => {
    if (JSON.stringify(old.get(key)) === JSON.stringify(item)) return []
    return [workOf(after, item, { nature: natureOf(item, events), state: 'open' })]
  })
  const taken = [...old].flatMap(([key, item]) => {
    if (now.has(key)) return []
    const state = isThroughThem(stepOf(after, item.stepId), item) ? 'done' : 'withdrawn'
    return [workOf(after, item, { nature: natureOf(item, events), state })]
  })
  const { runId, stayId, protocolId, patientId } = after.subject
  return [...given, ...taken].map((work) => ({
    type: 'WorkGiven',
    data: { runId, stayId, protocolId, patientId, work, happenedAt: at },
  }))
}

/** Somebody answered this very item. */
function isThroughThem(step: RunStep | undefined, { recipient }: Item): boolean {
  return step !== undefined && isSettled(step) && 'for' in step && step.for === recipient
}

function itemsOf(state: RunState): Map<string, Item> {
  const steps = state.status === 'running' ? state.steps.filter(isOpen) : []
  const items = steps.flatMap((step): Item[] => {
    const { dueAt, isLate, planned, owner, role, escalatedTo } = step
    const asked = [{ owner, role }, ...escalatedTo.filter((each) => each.owner !== owner)]
    const common = { stepId: planned.stepId, title: planned.title, dueAt, isLate }
    return asked.map((each) => ({ ...common, recipient: each.owner, role: each.role }))
  })
  return new Map(items.map((item) => [`${item.stepId} ${item.recipient}`, item]))
}

type Outcome = Pick<Work, 'nature' | 'state'>

function workOf({ subject, plan }: StartedRun, item: Item, outcome: Outcome): Work {
  const { stepId, recipient, role, title, dueAt, isLate } = item
  return {
    subject: { kind: 'step', runId: subject.runId, stepId },
    recipient,
    ...outcome,
    expected: { action: 'doStep', dueAt },
    urgency: isLate ? 'urgent' : 'routine',
    title,
    role,
    stayId: subject.stayId,
    withheld: false,
    from: { by: plan.coordinator, organisation: plan.facility, wards: plan.wards },
  }
}

const natures = {
  StepOpened: 'stepOpened',
  StepDueChanged: 'stepDueChanged',
  StepLate: 'stepLate',
  StepEscalated: 'stepEscalated',
  EscalationWithdrawn: 'stepReassigned',
  StepReassigned: 'stepReassigned',
  StepDone: 'stepDone',
  StepSkipped: 'stepSkipped',
  StepWithdrawn: 'stepWithdrawn',
} as const satisfies Partial<Record<RunEvent['type'], WorkNature>>

/** What happened last to the step. */
function natureOf({ stepId }: Item, events: readonly RunEvent[]): WorkNature {
  const named = new Map<string, WorkNature>(Object.entries(natures))
  const last = events.findLast(
    (event) => named.has(event.type) && 'stepId' in event.data && event.data.stepId === stepId,
  )
  const isOver = last === undefined || last.type === 'StepWithdrawn'
  if (isOver && events.some(({ type }) => type === 'RunEnded')) return 'runEnded'
  return (last && named.get(last.type)) ?? 'stepDueChanged'
}
