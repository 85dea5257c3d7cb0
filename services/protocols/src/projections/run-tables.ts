import {
  clearDeadline,
  deadlineIdOf,
  deadlineTables,
  type DeadlineTables,
  setDeadline,
} from '@relais/deadlines/deadline'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'

/** Which runs there are, who is asked what, what is late, and what will be. */
export const runTables = {
  ...deadlineTables,
  run: {
    columns: {
      run_id: 'text',
      patient_id: 'text',
      stay_id: 'text',
      protocol_id: 'text',
      version: 'integer',
      title: 'text',
      coordinator: 'text',
      trigger_at: 'text',
    },
    key: ['run_id'],
    indexes: [['patient_id'], ['protocol_id']],
  },
  run_ended: { columns: { run_id: 'text', because: 'text', ended_at: 'text' }, key: ['run_id'] },
  step_item: {
    columns: { run_id: 'text', step_id: 'text', recipient: 'text', role: 'text?', title: 'text', due_at: 'text' },
    key: ['run_id', 'step_id', 'recipient'],
    indexes: [['recipient', 'due_at']],
  },
  /** Who has it now. */
  step_owner: { columns: { run_id: 'text', step_id: 'text', owner: 'text' }, key: ['run_id', 'step_id'] },
  step_late: {
    columns: { run_id: 'text', step_id: 'text', due_at: 'text' },
    key: ['run_id', 'step_id'],
    indexes: [['due_at', 'run_id', 'step_id']],
  },
} satisfies Record<string, Table>

type StepKey = { run_id: string; step_id: string }
/** The same tables, for a query. */
export type RunTables = DeadlineTables & {
  run: {
    run_id: string
    patient_id: string
    stay_id: string
    protocol_id: string
    version: number
    title: string
    coordinator: string
    trigger_at: string
  }
  run_ended: { run_id: string; because: string; ended_at: string }
  step_item: StepKey & { recipient: string; role: string | null; title: string; due_at: string }
  step_owner: StepKey & { owner: string }
  step_late: StepKey & { due_at: string }
}

/** What the deadlines of a step are called: each is about the stream of the run. */
export const LATE = 'markLate'
export const ESCALATE = 'escalateStep'

/** What an event changes in `runTables`, from the event alone. */
export function runRows(event: RunEvent): RowOperation[] {
  switch (event.type) {
    case 'RunStarted':
      return [runRow(event), remove('run_ended', { run_id: event.data.runId })]
    case 'RunCorrected':
    case 'RunMigrated':
      return [runRow(event)]
    case 'RunEnded': {
      const { runId, because, endedAt } = event.data
      return [upsert('run_ended', { run_id: runId, because, ended_at: endedAt })]
    }
    case 'WorkGiven':
      return itemRows(event.data)
    case 'StepOpened':
      return [lateAt(event.data), ownedBy(event.data, event.data.owner)]
    case 'StepReassigned':
      return [ownedBy(event.data, event.data.to)]
    case 'StepDueChanged':
      return [lateAt(event.data), clear(ESCALATE, event.data), remove('step_late', stepKey(event.data))]
    case 'StepLate': {
      const late = upsert('step_late', { ...stepKey(event.data), due_at: event.data.dueAt })
      return [late, clear(LATE, event.data), escalation(event.data, 0)]
    }
    case 'StepEscalated':
      return [escalation(event.data, event.data.rung + 1)]
    case 'StepDone':
    case 'StepSkipped':
    case 'StepWithdrawn':
      return settledRows(event.data)
    case 'StepUnowned':
    case 'EscalationWithdrawn':
      return []
  }
}

function runRow({ data }: Extract<RunEvent, { type: 'RunStarted' | 'RunCorrected' | 'RunMigrated' }>): RowOperation {
  const { runId, patientId, stayId, protocolId, plan } = data
  const { version, title, coordinator, trigger } = plan
  const ids = { run_id: runId, patient_id: patientId, stay_id: stayId, protocol_id: protocolId }
  return upsert('run', { ...ids, version, title, coordinator, trigger_at: trigger.at })
}

function itemRows({ work }: Extract<RunEvent, { type: 'WorkGiven' }>['data']): RowOperation[] {
  const { subject, recipient, role = null, title, expected, state } = work
  if (subject.kind !== 'step' || expected.dueAt === undefined) return []
  const key = { ...stepKey(subject), recipient }
  return [
    state === 'open' ? upsert('step_item', { ...key, role, title, due_at: expected.dueAt }) : remove('step_item', key),
  ]
}

type Named = { runId: string; stepId: string }

const stepKey = ({ runId, stepId }: Named): StepKey => ({ run_id: runId, step_id: stepId })
const idOf = (kind: string, { runId, stepId }: Named) => deadlineIdOf(kind, runId, stepId)
const clear = (kind: string, step: Named) => clearDeadline(idOf(kind, step))

const ownedBy = (step: Named, owner: string) => upsert('step_owner', { ...stepKey(step), owner })

function settledRows(step: Named): RowOperation[] {
  const key = stepKey(step)
  return [clear(LATE, step), clear(ESCALATE, step), remove('step_late', key), remove('step_owner', key)]
}

function lateAt({ dueAt, ...step }: Named & { dueAt: string }): RowOperation {
  const { runId: subject, stepId } = step
  return setDeadline({ deadlineId: idOf(LATE, step), kind: LATE, subject, dueAt, detail: { stepId } })
}

function escalation(step: Named & { nextEscalationAt?: string | undefined }, rung: number): RowOperation {
  const { runId: subject, stepId, nextEscalationAt: dueAt } = step
  if (dueAt === undefined) return clear(ESCALATE, step)
  return setDeadline({ deadlineId: idOf(ESCALATE, step), kind: ESCALATE, subject, dueAt, detail: { stepId, rung } })
}
