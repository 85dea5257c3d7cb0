import type { RunEnd, RunEvent, RunPlan } from '@relais/contracts/protocol-runs'
import type { Instant, ProfessionalId } from '@relais/contracts/primitives'
import { accept, type Decision, reject } from '@relais/decider/decider'
import { same } from '@relais/decider/same'
import type { Holders } from './owners.ts'
import { isOpen, isSettled, type RunningRun, type RunState, type RunSubject, stepOf } from './run-state.ts'
import { concluded, dueOf, moves, openings } from './turn.ts'

/** The protocol applies to the stay as it stands: the run starts, or is corrected. */
export type FollowStay = {
  type: 'FollowStay'
  subject: RunSubject
  plan: RunPlan
  holders: Holders
  stayRevision: number
  at: Instant
}
/** It does not, or no longer. */
export type StopRun = {
  type: 'StopRun'
  because: Exclude<RunEnd, 'completed' | 'person'>
  stayRevision: number
  at: Instant
}
export type MigrateRun = { type: 'MigrateRun'; plan: RunPlan; holders: Holders; by: ProfessionalId; at: Instant }
export type EndRun = { type: 'EndRun'; by: ProfessionalId; at: Instant }

export type PlanRejection = { code: 'runUnknown' } | { code: 'runEnded' }
type PlanDecision = Decision<RunEvent, PlanRejection>

/** A stay that is heard of later than this starts nothing: whatever was due is long past. */
const HEARD_OF_WITHIN_DAYS = 14
const DAY = 86_400_000

export function followStay(command: FollowStay, state: RunState): PlanDecision {
  const { subject, plan, holders, stayRevision, at } = command
  if (state.status !== 'notStarted' && stayRevision < state.stayRevision) return accept()
  if (state.status === 'running') return correct(command, state)
  if (state.status === 'ended' && !mayStartAgain(state.because)) return accept()
  if (!isHeardOfInTime(plan, at)) return accept()
  const started: RunEvent = { type: 'RunStarted', data: { ...subject, plan, stayRevision, startedAt: at } }
  return concluded(state, at, [started], openings(holders, at))
}

/** Whether a stay is heard of early enough for a run to start. */
export function isHeardOfInTime({ trigger }: RunPlan, at: Instant): boolean {
  return Date.parse(at) - Date.parse(trigger.at) <= HEARD_OF_WITHIN_DAYS * DAY
}

/** What ended with the stay begins with it again; what people ended or completed does not. */
function mayStartAgain(because: RunEnd): boolean {
  return because !== 'completed' && because !== 'person'
}

/** A run keeps its version: another one is a person's act. */
function correct({ plan, holders, stayRevision, at }: FollowStay, state: RunningRun): PlanDecision {
  if (plan.version !== state.plan.version) return accept()
  const { eventId } = state.plan.trigger
  const isSame = same({ ...plan, trigger: { ...plan.trigger, eventId } }, state.plan)
  const corrected: RunEvent = { type: 'RunCorrected', data: { ...state.subject, plan, stayRevision, correctedAt: at } }
  const replanned = [withdrawals(plan, at), dueChanges(state, at)]
  return concluded(
    state,
    at,
    isSame ? [] : [corrected],
    ...(isSame ? [] : replanned),
    moves({ holders, at }),
    openings(holders, at),
  )
}

/** Steps that a new plan no longer has, and nobody has done. */
function withdrawals({ steps }: RunPlan, at: Instant) {
  const ids = new Set(steps.map(({ stepId }) => stepId))
  return (run: RunningRun) => withdrawn(run, at).filter(({ data }) => !ids.has(data.stepId))
}

function withdrawn({ steps, subject }: RunningRun, at: Instant) {
  return steps
    .filter((step) => !isSettled(step))
    .map(({ planned: { stepId } }) => ({
      type: 'StepWithdrawn' as const,
      data: { ...subject, stepId, withdrawnAt: at },
    }))
}

/** What is due at another time; what is late under another escalation is late anew, so that it goes by that one. */
function dueChanges(before: RunningRun, at: Instant) {
  return (run: RunningRun): RunEvent[] =>
    run.steps.filter(isOpen).flatMap((step) => {
      const { stepId, due, dueAt: planned, escalation } = step.planned
      const known = stepOf(before, stepId)?.planned
      const isDueAsBefore = planned === undefined && same(due, known?.due)
      const dueAt = isDueAsBefore ? step.dueAt : dueOf(run, step)
      const isLateAnew = step.isLate && !same(escalation, known?.escalation)
      if (dueAt === step.dueAt && !isLateAnew) return []
      return [{ type: 'StepDueChanged', data: { ...run.subject, stepId, dueAt, changedAt: at } }]
    })
}

/** A run that was completed is over in any case; what it was for was withdrawn all the same, and may come again. */
export function stopRun({ because, stayRevision, at }: StopRun, state: RunState): PlanDecision {
  if (state.status === 'notStarted' || stayRevision < state.stayRevision) return accept()
  if (state.status === 'running') return ended(state, { because, stayRevision }, at)
  if (because !== 'stayWithdrawn' || state.because === 'stayWithdrawn') return accept()
  return accept({ type: 'RunEnded', data: { ...state.subject, because, stayRevision, endedAt: at } })
}

export function endRun({ by, at }: EndRun, state: RunState): PlanDecision {
  if (state.status === 'notStarted') return reject({ code: 'runUnknown' })
  if (state.status === 'ended') return accept()
  return ended(state, { because: 'person', by, stayRevision: state.stayRevision }, at)
}

type Ending = { because: RunEnd; by?: ProfessionalId; stayRevision: number }

function ended(state: RunningRun, ending: Ending, at: Instant): PlanDecision {
  const over: RunEvent = { type: 'RunEnded', data: { ...state.subject, ...ending, endedAt: at } }
  return concluded(state, at, [...withdrawn(state, at), over])
}

export function migrateRun({ plan, holders, by, at }: MigrateRun, state: RunState): PlanDecision {
  if (state.status === 'notStarted') return reject({ code: 'runUnknown' })
  if (state.plan.version === plan.version) return accept()
  if (state.status === 'ended') return reject({ code: 'runEnded' })
  const fromVersion = state.plan.version
  const migrated: RunEvent = { type: 'RunMigrated', data: { ...state.subject, fromVersion, plan, by, migratedAt: at } }
  const replanned = [withdrawals(plan, at), dueChanges(state, at)]
  return concluded(
    state,
    at,
    [migrated],
    ...replanned,
    moves({ holders, at, because: 'migrated' }),
    openings(holders, at),
  )
}
