import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { Decider, Decision } from '@relais/decider/decider'
import {
  endRun,
  type EndRun,
  followStay,
  type FollowStay,
  migrateRun,
  type MigrateRun,
  type PlanRejection,
  stopRun,
  type StopRun,
} from './run-plan.ts'
import { evolve, type RunState } from './run-state.ts'
import {
  completeStep,
  type CompleteStep,
  escalateStep,
  type EscalateStep,
  markLate,
  type MarkLate,
  reassignStep,
  type ReassignStep,
  reviewOwners,
  type ReviewOwners,
  skipStep,
  type SkipStep,
  type StepRejection,
} from './run-steps.ts'

export type RunCommand =
  | FollowStay
  | StopRun
  | MigrateRun
  | EndRun
  | CompleteStep
  | SkipStep
  | ReassignStep
  | ReviewOwners
  | MarkLate
  | EscalateStep
export type RunRejection = PlanRejection | StepRejection

function decide(command: RunCommand, state: RunState): Decision<RunEvent, RunRejection> {
  switch (command.type) {
    case 'FollowStay':
      return followStay(command, state)
    case 'StopRun':
      return stopRun(command, state)
    case 'MigrateRun':
      return migrateRun(command, state)
    case 'EndRun':
      return endRun(command, state)
    case 'CompleteStep':
      return completeStep(command, state)
    case 'SkipStep':
      return skipStep(command, state)
    case 'ReassignStep':
      return reassignStep(command, state)
    case 'ReviewOwners':
      return reviewOwners(command, state)
    case 'MarkLate':
      return markLate(command, state)
    case 'EscalateStep':
      return escalateStep(command, state)
  }
}

/** One protocol at work for one stay: its steps, who has them, until when, and what became of them. */
export const run: Decider<RunCommand, RunEvent, RunState, RunRejection> = {
  initialState: { status: 'notStarted' },
  evolve,
  decide,
}
