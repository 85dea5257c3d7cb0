import type { DryRunReport } from '@relais/contracts/protocol-routes'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { Instant } from '@relais/contracts/primitives'
import type { RunId } from '@relais/contracts/work'

type LateStep = DryRunReport['lateSteps'][number]

/** Counts what runs did, from their events: those that happened, or those that would have. */
export function tally() {
  const runs = new Map<RunId, string>()
  const stepsByRole: DryRunReport['would']['stepsByRole'] = {}
  /** A step whose due date was moved is late once. */
  const late = new Map<string, LateStep>()
  let steps = 0
  let notices = 0

  return {
    runs,
    late,
    add(event: RunEvent): void {
      const { runId } = event.data
      if (event.type === 'RunStarted') runs.set(runId, event.data.plan.trigger.eventId)
      if (event.type === 'StepLate') {
        const { stepId, owner, dueAt } = event.data
        late.set(`${runId} ${stepId}`, { runId, stepId, owner, dueAt })
      }
      if (event.type === 'WorkGiven' && event.data.work.state === 'open') notices += 1
      if (event.type !== 'StepOpened') return
      const { role } = event.data
      steps += 1
      stepsByRole[role] = (stepsByRole[role] ?? 0) + 1
    },
    /** When a step that would have been late was really done. */
    done(runId: RunId, stepId: string, doneAt: Instant): void {
      const step = late.get(`${runId} ${stepId}`)
      if (step) step.doneAt ??= doneAt
    },
    counts: (): DryRunReport['would'] => ({ runs: runs.size, steps, late: late.size, notices, stepsByRole }),
  }
}
export type Tally = ReturnType<typeof tally>

/** What would have been, beside what was. */
export function reportOf(would: Tally, did: Tally, events: number): DryRunReport {
  const named = (runs: Tally['runs'], isWanted: (runId: RunId) => boolean) =>
    [...runs].filter(([runId]) => isWanted(runId)).map(([runId, eventId]) => ({ runId, eventId }))
  return {
    would: would.counts(),
    did: did.counts(),
    onlyWould: named(would.runs, (runId) => !did.runs.has(runId)),
    onlyDid: named(did.runs, (runId) => !would.runs.has(runId)),
    inBoth: named(would.runs, (runId) => did.runs.has(runId)),
    lateSteps: [...would.late.values()],
    events,
  }
}
