import type { RunEvent, SkipReason } from '@relais/contracts/protocol-runs'
import type { DocumentRef, Instant, ProfessionalId, Recipient } from '@relais/contracts/primitives'
import type { StepId } from '@relais/contracts/work'
import { accept, type Decision, reject } from '@relais/decider/decider'
import { addHours } from '@relais/deadlines/local-date'
import { type Holders, mayBeAsked, ownerOf } from './owners.ts'
import { isOpen, type OpenStep, type RunningRun, type RunState, type RunStep, stepOf } from './run-state.ts'
import { concluded, moves, openings } from './turn.ts'

/** `for` is the recipient whose item is answered, where the actor does not do somebody else's step. */
type Said = { stepId: StepId; by: ProfessionalId; for?: Recipient | undefined; holders: Holders; at: Instant }
export type CompleteStep = { type: 'CompleteStep'; note?: DocumentRef | undefined } & Said
export type SkipStep = { type: 'SkipStep'; reason: SkipReason; comment?: DocumentRef | undefined } & Said
/** A person gives it to somebody who can be asked: others have no business with the patient. */
export type ReassignStep = {
  type: 'ReassignStep'
  stepId: StepId
  to: Recipient
  by?: ProfessionalId | undefined
  holders: Holders
  at: Instant
}
/** The circle, or the ward, is not as it was. `departed` has left it for good. */
export type ReviewOwners = { type: 'ReviewOwners'; holders: Holders; departed?: Recipient | undefined; at: Instant }
/** Issued by deadlines: a due date that was moved since is another one. */
export type MarkLate = { type: 'MarkLate'; stepId: StepId; dueAt: Instant; at: Instant }
export type EscalateStep = { type: 'EscalateStep'; stepId: StepId; rung: number; holders: Holders; at: Instant }

export type StepRejection =
  | { code: 'runUnknown' }
  | { code: 'runEnded' }
  | { code: 'stepUnknown' }
  | { code: 'stepNotOpen' }
  | { code: 'stepSettledOtherwise' }
  | { code: 'stepNotSkippable' }
  | { code: 'reasonMissing' }
  | { code: 'ownerOutside' }
type StepDecision = Decision<RunEvent, StepRejection>

/** Two nurses may do the same at once: it is done once, and the second one is told that it is. */
export function completeStep(command: CompleteStep, state: RunState): StepDecision {
  const { stepId, by, note, holders, at } = command
  return settle(command, state, {
    wanted: 'done',
    settled({ subject }) {
      const done = { ...subject, stepId, ...saidBy({ by, for: command.for }), ...(note ? { note } : {}), doneAt: at }
      return concluded(state, at, [{ type: 'StepDone', data: done }], openings(holders, at))
    },
  })
}

export function skipStep(command: SkipStep, state: RunState): StepDecision {
  const { stepId, by, reason, comment, holders, at } = command
  return settle(command, state, {
    wanted: 'skipped',
    settled({ subject }, { planned }) {
      if (!planned.skippable) return reject({ code: 'stepNotSkippable' })
      if (reason === 'other' && comment === undefined) return reject({ code: 'reasonMissing' })
      const said = { ...saidBy({ by, for: command.for }), reason, ...(comment ? { comment } : {}) }
      const skipped: RunEvent = { type: 'StepSkipped', data: { ...subject, stepId, ...said, skippedAt: at } }
      return concluded(state, at, [skipped], openings(holders, at))
    },
  })
}

const saidBy = ({ by, for: recipient }: Pick<Said, 'by' | 'for'>) => ({ by, ...(recipient ? { for: recipient } : {}) })

type Settling = { wanted: RunStep['status']; settled: (run: RunningRun, step: OpenStep) => StepDecision }

function settle({ stepId }: Said, state: RunState, { wanted, settled }: Settling): StepDecision {
  if (state.status === 'notStarted') return reject({ code: 'runUnknown' })
  const step = stepOf(state, stepId)
  if (step === undefined) return reject({ code: 'stepUnknown' })
  if (step.status === wanted) return accept()
  if (state.status === 'ended') return reject({ code: 'runEnded' })
  if (isOpen(step)) return settled(state, step)
  return reject({ code: step.status === 'waiting' ? 'stepNotOpen' : 'stepSettledOtherwise' })
}

export function reassignStep({ stepId, to, by, holders, at }: ReassignStep, state: RunState): StepDecision {
  if (state.status === 'notStarted') return reject({ code: 'runUnknown' })
  const step = stepOf(state, stepId)
  if (step === undefined) return reject({ code: 'stepUnknown' })
  if (state.status === 'ended') return reject({ code: 'runEnded' })
  if (!isOpen(step)) return reject({ code: 'stepNotOpen' })
  if (step.owner === to) return accept()
  if (!mayBeAsked(to, holders)) return reject({ code: 'ownerOutside' })
  const given = { from: step.owner, to, role: step.role, because: 'person' as const }
  const moved = { ...given, ...(by ? { by } : {}), reassignedAt: at }
  return concluded(state, at, [{ type: 'StepReassigned', data: { ...state.subject, stepId, ...moved } }])
}

export function reviewOwners({ holders, departed, at }: ReviewOwners, state: RunState): StepDecision {
  return state.status === 'running' ? concluded(state, at, [], moves({ holders, departed, at })) : accept()
}

export function markLate({ stepId, dueAt, at }: MarkLate, state: RunState): StepDecision {
  const step = openStep(state, stepId)
  if (state.status !== 'running' || step === undefined) return accept()
  if (step.isLate || step.dueAt !== dueAt || at < dueAt) return accept()
  const { owner, role } = step
  const late = { ...state.subject, stepId, owner, role, dueAt, ...nextEscalation(step, 0), lateAt: at }
  return concluded(state, at, [{ type: 'StepLate', data: late }])
}

/** Each rung is reached once, and none is left out. */
export function escalateStep({ stepId, rung, holders, at }: EscalateStep, state: RunState): StepDecision {
  const step = openStep(state, stepId)
  const escalation = step?.planned.escalation[rung]
  if (state.status !== 'running' || step === undefined || escalation === undefined) return accept()
  if (!step.isLate || step.rungs !== rung || at < addHours(step.dueAt, escalation.afterHours)) return accept()
  const { owner: to, role } = ownerOf([escalation.to], holders)
  const reached = { ...state.subject, stepId, rung, to, role, ...nextEscalation(step, rung + 1), escalatedAt: at }
  return concluded(state, at, [{ type: 'StepEscalated', data: reached }])
}

function openStep(state: RunState, stepId: StepId): OpenStep | undefined {
  const step = state.status === 'running' ? stepOf(state, stepId) : undefined
  return step && isOpen(step) ? step : undefined
}

function nextEscalation({ planned, dueAt }: OpenStep, rung: number): { nextEscalationAt?: Instant } {
  const escalation = planned.escalation[rung]
  return escalation === undefined ? {} : { nextEscalationAt: addHours(dueAt, escalation.afterHours) }
}
