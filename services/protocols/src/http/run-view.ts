import type { RunView } from '@relais/contracts/run-routes'
import { isOpen, isSettled, type RunStep } from '../domain/run-state.ts'
import type { SeenRun } from './run-access.ts'

/** A run as somebody may see it. */
export function runView({ state, namesPatient }: SeenRun): RunView {
  const { subject, plan } = state
  const { runId, protocolId, patientId, stayId } = subject
  const { version, title, coordinator, trigger } = plan
  return {
    runId,
    protocolId,
    version,
    title,
    status: state.status,
    ...(state.status === 'ended' ? { because: state.because } : {}),
    trigger: { on: trigger.on, at: trigger.at },
    coordinator,
    ...(namesPatient ? { patientId, stayId } : {}),
    steps: state.steps.map(stepView),
  }
}

function stepView(step: RunStep): RunView['steps'][number] {
  const { stepId, title, what, after, skippable, dueAt } = step.planned
  const common = { stepId, title, ...(what === undefined ? {} : { what }), status: step.status, after, skippable }
  const planned = { ...common, ...(dueAt === undefined ? {} : { dueAt }), late: false, escalatedTo: [] }
  if (isOpen(step)) {
    const { owner, role, dueAt, isLate, escalatedTo } = step
    return { ...planned, owner, role, dueAt, late: isLate, escalatedTo: escalatedTo.map(({ owner }) => owner) }
  }
  return isSettled(step) && 'at' in step ? { ...planned, settledAt: step.at } : planned
}
