import type { RunEvent } from '@relais/contracts/protocol-runs'
import type { RunId } from '@relais/contracts/work'
import type { RunCommand } from '../domain/run.ts'
import type { RunState, StartedRun } from '../domain/run-state.ts'
import type { FactSource } from '../reactions/fact-source.ts'
import { holdersOfRun, plannedAgain } from '../reactions/planned-again.ts'

type ActDeps = {
  source: FactSource
  loadRun: (runId: RunId) => Promise<RunState>
  handleRun: (runId: RunId, command: RunCommand) => Promise<object>
}

/** Does what a person really did of a run in the run that would have been, where there is one. */
export function actOf({ source, loadRun, handleRun }: ActDeps) {
  return async function act(event: RunEvent): Promise<void> {
    const state = await loadRun(event.data.runId)
    if (state.status === 'notStarted') return
    const command = await commandOf(event, state)
    if (command) await handleRun(event.data.runId, command)
  }

  async function commandOf({ type, data }: RunEvent, state: StartedRun): Promise<RunCommand | undefined> {
    switch (type) {
      case 'StepDone': {
        const { stepId, by, note, doneAt: at } = data
        return { type: 'CompleteStep', stepId, by, for: data.for, note, holders: await holdersOfRun(source, state), at }
      }
      case 'StepSkipped': {
        const { stepId, by, reason, comment, skippedAt: at } = data
        const said = { stepId, by, for: data.for, reason, comment }
        return { type: 'SkipStep', ...said, holders: await holdersOfRun(source, state), at }
      }
      case 'StepReassigned': {
        const { stepId, to, because, by, reassignedAt: at } = data
        if (because !== 'person') return undefined
        return { type: 'ReassignStep', stepId, to, by, holders: await holdersOfRun(source, state), at }
      }
      case 'RunEnded': {
        const { because, by, endedAt: at } = data
        return because === 'person' && by ? { type: 'EndRun', by, at } : undefined
      }
      case 'RunMigrated': {
        const last = (await source.protocols()).flat().at(-1)
        const planned = last && (await plannedAgain(source, state, last.version))
        if (planned?.outcome !== 'planned') return undefined
        return { type: 'MigrateRun', plan: planned.plan, holders: planned.holders, by: data.by, at: data.migratedAt }
      }
      default:
        return undefined
    }
  }
}
