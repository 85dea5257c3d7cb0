import type { RunStepView, RunView } from '@relais/contracts/run-routes'
import type { z } from 'zod'

type StepView = z.infer<typeof RunStepView>

export type ReadinessLine = StepView & {
  runId: string
  /** Whether the house has to do it. */
  isOurs: boolean
}
export type Readiness = {
  lines: ReadinessLine[]
  /** How many of them are settled. */
  settled: number
  late: number
}

/**
 * What the protocols ask for around an absence, whoever has to do it: what is open first, ours before that of others, the
 * soonest first. What is no longer asked is left out.
 */
export function readinessOf(runs: readonly RunView[], us: string, stayId: string | undefined): Readiness {
  const lines = runs
    .filter((run) => stayId === undefined || run.stayId === stayId)
    .flatMap(({ runId, steps }) =>
      steps.map((step): ReadinessLine => ({
        ...step,
        runId,
        isOurs: step.owner === us || step.escalatedTo.some((each) => each === us),
      })),
    )
    .filter(({ status }) => status !== 'withdrawn')
    .toSorted(byTurn)
  return {
    lines,
    settled: lines.filter(({ status }) => isSettled(status)).length,
    late: lines.filter(({ late }) => late).length,
  }
}

export const isSettled = (status: StepView['status']) => status === 'done' || status === 'skipped'

const turns: Readonly<Record<StepView['status'], number>> = { open: 0, waiting: 1, done: 2, skipped: 2, withdrawn: 3 }

function byTurn(one: ReadinessLine, other: ReadinessLine): number {
  const [dueOne, dueOther] = [one.dueAt ?? '9999', other.dueAt ?? '9999']
  return (
    turns[one.status] - turns[other.status] ||
    Number(other.isOurs) - Number(one.isOurs) ||
    (dueOne < dueOther ? -1 : Number(dueOne > dueOther))
  )
}
