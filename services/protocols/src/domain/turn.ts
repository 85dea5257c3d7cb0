import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { Instant } from '@relais/contracts/primitives'
import { accept, type Decision } from '@relais/decider/decider'
import { dueAt } from './due.ts'
import { moveOf, type Holders, ownerOf } from './owners.ts'
import {
  evolve,
  isOpen,
  isSettled,
  type OpenStep,
  type RunningRun,
  type RunState,
  type RunStep,
  stepOf,
} from './run-state.ts'
import { workGiven } from './work.ts'

type Facts = readonly RunEvent[]
/** What a command causes, found one thing after the other: each is given the run as the ones before it leave it. */
type Finding = (run: RunningRun) => Facts

/**
 * Concludes a decision: what the command causes, the steps that this opens, the end of the run where nothing is left to
 * do, and what all of it changes in the work that people are given.
 */
export function concluded(
  before: RunState,
  at: Instant,
  ...findings: readonly [first: Facts, ...then: Finding[]]
): Extract<Decision<RunEvent, never>, { accepted: true }> {
  const [first, ...then] = findings
  let events = [...first]
  let state = first.reduce(evolve, before)
  for (const finding of [...then, completion(at)]) {
    if (state.status !== 'running') break
    const found = finding(state)
    events = [...events, ...found]
    state = found.reduce(evolve, state)
  }
  if (events.length === 0 || state.status === 'notStarted') return accept()
  return accept(...events, ...workGiven({ before, after: state, events, at }))
}

/** Opens each step that waits for nothing any more. */
export function openings(holders: Holders, at: Instant): Finding {
  return (run) =>
    run.steps
      .filter((step) => step.status === 'waiting' && prerequisites(run, step).every(isSettled))
      .flatMap((step) => opening(run, step, { holders, at }))
}

type Now = { holders: Holders; at: Instant }

function opening(run: RunningRun, step: RunStep, { holders, at }: Now): RunEvent[] {
  const { stepId, title, owners } = step.planned
  const { owner, role, isFallback } = ownerOf(owners, holders)
  const subject = { ...run.subject, stepId }
  const opened: RunEvent = {
    type: 'StepOpened',
    data: { ...subject, title, owner, role, dueAt: dueOf(run, step), openedAt: at },
  }
  return [opened, ...(isFallback ? [unowned(run, step, { owner, foundAt: at })] : [])]
}

function unowned(
  run: RunningRun,
  { planned }: RunStep,
  found: { owner: Holders['coordinator']; foundAt: Instant },
): RunEvent {
  const { stepId, owners } = planned
  return { type: 'StepUnowned', data: { ...run.subject, stepId, wanted: owners, ...found } }
}

const prerequisites = (run: RunningRun, { planned }: RunStep) => planned.after.flatMap((id) => stepOf(run, id) ?? [])

/** What counts from another step counts from the last one that it waited for. */
export function dueOf(run: RunningRun, step: RunStep): Instant {
  const { planned } = step
  const settledAt = prerequisites(run, step).flatMap((each) => ('at' in each ? [each.at] : []))
  const from = settledAt.toSorted().at(-1) ?? run.plan.trigger.at
  return planned.dueAt ?? dueAt(planned.due, from, run.plan.department)
}

/** Gives open steps to whoever has them now, as the circle stands. */
export function moves(now: Now & { because?: 'migrated'; departed?: Holders['coordinator'] | undefined }): Finding {
  const { holders, at, because, departed } = now
  return (run) =>
    run.steps.filter(isOpen).flatMap((step) => {
      const { stepId, owners } = step.planned
      const subject = { ...run.subject, stepId }
      const isKept = step.isPinned && step.owner !== departed
      const move = isKept ? undefined : moveOf(owners, step, holders)
      const taken = withdrawnEscalations(step, departed).map((from): RunEvent => {
        return { type: 'EscalationWithdrawn', data: { ...subject, from, withdrawnAt: at } }
      })
      if (move === undefined) return taken
      const { owner: to, role } = move
      const moved = { from: step.owner, to, role, because: because ?? move.because, reassignedAt: at }
      const events: RunEvent[] = [{ type: 'StepReassigned', data: { ...subject, ...moved } }]
      if (move.isFallback) events.push(unowned(run, step, { owner: to, foundAt: at }))
      return [...events, ...taken]
    })
}

function withdrawnEscalations({ escalatedTo }: OpenStep, departed: Holders['coordinator'] | undefined) {
  return escalatedTo.flatMap(({ owner }) => (owner === departed ? [owner] : []))
}

function completion(at: Instant): Finding {
  return (run) => {
    if (!run.steps.every(isSettled)) return []
    const { subject, stayRevision } = run
    return [{ type: 'RunEnded', data: { ...subject, because: 'completed', stayRevision, endedAt: at } }]
  }
}
