import { StepId, type RunId } from '@relais/contracts/work'
import type { Instant } from '@relais/contracts/primitives'
import { contextOf, type Deadline, type Fire } from '@relais/deadlines/deadline'
import { z } from 'zod'
import type { RunCommand } from '../domain/run.ts'
import type { RunState, StartedRun } from '../domain/run-state.ts'
import { LATE } from '../projections/run-tables.ts'
import type { FactSource } from './fact-source.ts'
import type { HandleRun } from './follow-stays.ts'
import { holdersOfRun } from './planned-again.ts'

export type FireDeadlinesDeps = {
  source: FactSource
  loadRun: (runId: RunId) => Promise<RunState>
  handleRun: HandleRun
  now: () => Instant
}

const Detail = z.object({ stepId: StepId, rung: z.int().optional() })

/** What falls due in a run: a step that is late, and the next rung of its escalation. The run decides again. */
export function fireDeadlines({ source, loadRun, handleRun, now }: FireDeadlinesDeps): Fire {
  return async (deadline) => {
    const { subject } = deadline
    // The projection wrote it from a run's events.
    const state = await loadRun(subject as RunId)
    // A run that nobody can read any more is that of a patient who was forgotten.
    if (state.status === 'notStarted') return 'over'
    const result = await handleRun(subject, await commandOf(deadline, state), contextOf(deadline, 'protocols'))
    return { position: result.accepted ? result.position : undefined }
  }

  async function commandOf({ kind, dueAt, detail }: Deadline, state: StartedRun): Promise<RunCommand> {
    const { stepId, rung = 0 } = Detail.parse(detail)
    if (kind === LATE) return { type: 'MarkLate', stepId, dueAt, at: now() }
    return { type: 'EscalateStep', stepId, rung, holders: await holdersOfRun(source, state), at: now() }
  }
}
