import type { PlannedStep, RunEnd, RunEvent, RunPlan } from '@relais/contracts/protocol-runs'
import type { Instant, PatientId, Recipient, StayId } from '@relais/contracts/primitives'
import type { ProtocolId, StepRole } from '@relais/contracts/protocols'
import type { RunId, StepId } from '@relais/contracts/work'
import type { Owner } from './owners.ts'

export type RunSubject = { runId: RunId; patientId: PatientId; stayId: StayId; protocolId: ProtocolId }
export type RunFact<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>

/** Somebody has it now. */
export type OpenStep = {
  status: 'open'
  planned: PlannedStep
  owner: Recipient
  role: StepRole
  dueAt: Instant
  isLate: boolean
  /** The rungs of the escalation that were reached; whoever left the circle since is asked no more. */
  rungs: number
  escalatedTo: readonly Owner[]
  /** It was given by hand: only who leaves the circle gives it back. */
  isPinned: boolean
}
type Settled = {
  status: 'done' | 'skipped' | 'withdrawn'
  planned: PlannedStep
  at: Instant
  for?: Recipient | undefined
}
export type RunStep = { status: 'waiting'; planned: PlannedStep } | OpenStep | Settled

type Known = {
  subject: RunSubject
  plan: RunPlan
  /** In the order of the plan; those that it no longer has stay as they were left. */
  steps: readonly RunStep[]
  stayRevision: number
}
export type RunningRun = { status: 'running' } & Known
export type StartedRun = RunningRun | ({ status: 'ended'; because: RunEnd } & Known)
export type RunState = { status: 'notStarted' } | StartedRun

export const isOpen = (step: RunStep): step is OpenStep => step.status === 'open'
export const isSettled = ({ status }: RunStep) => status !== 'waiting' && status !== 'open'

export function stepOf({ steps }: Pick<Known, 'steps'>, stepId: StepId): RunStep | undefined {
  return steps.find(({ planned }) => planned.stepId === stepId)
}

export function evolve(state: RunState, event: RunEvent): RunState {
  if (event.type === 'RunStarted') return started(event.data)
  if (state.status === 'notStarted') return state
  switch (event.type) {
    case 'RunCorrected':
      return { ...planned(state, event.data.plan), stayRevision: event.data.stayRevision }
    case 'RunMigrated':
      return planned(state, event.data.plan)
    case 'RunEnded': {
      const { because, stayRevision } = event.data
      return { ...state, status: 'ended', because, stayRevision }
    }
    case 'StepUnowned':
    case 'WorkGiven':
      return state
    default: {
      const { stepId } = event.data
      const change = (step: RunStep) => (step.planned.stepId === stepId ? stepAfter(step, event) : step)
      return { ...state, steps: state.steps.map(change) }
    }
  }
}

function started({ plan, stayRevision, ...data }: RunFact<'RunStarted'>['data']): RunningRun {
  const { runId, patientId, stayId, protocolId } = data
  const subject = { runId, patientId, stayId, protocolId }
  return { status: 'running', subject, plan, steps: plan.steps.map(waiting), stayRevision }
}

const waiting = (planned: PlannedStep): RunStep => ({ status: 'waiting', planned })

/** What was withdrawn from an earlier plan and is in this one is waited for again. */
function planned<State extends StartedRun>(state: State, plan: RunPlan): State {
  const now = plan.steps.map((planned) => {
    const before = stepOf(state, planned.stepId)
    return before === undefined || before.status === 'withdrawn' ? waiting(planned) : { ...before, planned }
  })
  const ids = new Set(plan.steps.map(({ stepId }) => stepId))
  const gone = state.steps.filter((step) => !ids.has(step.planned.stepId))
  return { ...state, plan, steps: [...now, ...gone] }
}

type StepFact = RunFact<
  | 'StepOpened'
  | 'StepDueChanged'
  | 'StepLate'
  | 'StepEscalated'
  | 'EscalationWithdrawn'
  | 'StepReassigned'
  | 'StepDone'
  | 'StepSkipped'
  | 'StepWithdrawn'
>

function stepAfter(step: RunStep, event: StepFact): RunStep {
  const { planned } = step
  switch (event.type) {
    case 'StepOpened': {
      const { owner, role, dueAt } = event.data
      const fresh = { isLate: false, rungs: 0, escalatedTo: [], isPinned: false }
      return { status: 'open', planned, owner, role, dueAt, ...fresh }
    }
    case 'StepDone':
      return { status: 'done', planned, at: event.data.doneAt, for: event.data.for }
    case 'StepSkipped':
      return { status: 'skipped', planned, at: event.data.skippedAt, for: event.data.for }
    case 'StepWithdrawn':
      return { status: 'withdrawn', planned, at: event.data.withdrawnAt }
    default:
      return isOpen(step) ? openStepAfter(step, event) : step
  }
}

type OpenStepFact = RunFact<'StepDueChanged' | 'StepLate' | 'StepEscalated' | 'EscalationWithdrawn' | 'StepReassigned'>

function openStepAfter(step: OpenStep, { type, data }: OpenStepFact): OpenStep {
  switch (type) {
    case 'StepDueChanged':
      return { ...step, dueAt: data.dueAt, isLate: false, rungs: 0, escalatedTo: [] }
    case 'StepLate':
      return { ...step, isLate: true }
    case 'StepEscalated': {
      const to = { owner: data.to, role: data.role }
      return { ...step, rungs: data.rung + 1, escalatedTo: [...step.escalatedTo, to] }
    }
    case 'EscalationWithdrawn':
      return { ...step, escalatedTo: step.escalatedTo.filter(({ owner }) => owner !== data.from) }
    case 'StepReassigned': {
      const { to: owner, role, because } = data
      return { ...step, owner, role, isPinned: because === 'person' }
    }
  }
}
