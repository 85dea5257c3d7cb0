import type { DryRun } from '@relais/contracts/protocol-routes'
import type { Instant } from '@relais/contracts/primitives'
import type { Logger } from '@relais/telemetry/logger'
import { dryRun, type DryRunDeps } from './dry-run.ts'
import type { Trial } from './simulation.ts'

/** Dry runs are remembered until so many others have been started. */
const REMEMBERED = 20

type Known = { by: string; trial: Trial; view: DryRun; stopping: AbortController; ended: Promise<void> }
export type DryRuns = {
  /** `reused` for an id of another trial, or of somebody else's. `busy` while another one of theirs is under way. */
  start(dryRunId: string, by: string, trial: Trial): DryRun | 'reused' | 'busy'
  read(dryRunId: string, by: string): DryRun | undefined
  cancel(dryRunId: string, by: string): boolean
  stop(): Promise<void>
}

/** Dry runs under way and over. They live as long as the process; whoever started one reads it. */
export function dryRuns({ log, ...deps }: DryRunDeps & { log: Logger }): DryRuns {
  const known = new Map<string, Known>()
  const of = (dryRunId: string, by: string) => {
    const found = known.get(dryRunId)
    return found?.by === by ? found : undefined
  }

  function change(dryRunId: string, news: Partial<DryRun>): void {
    const before = known.get(dryRunId)
    if (before) known.set(dryRunId, { ...before, view: { ...before.view, ...news } })
  }

  async function work(dryRunId: string, trial: Trial, signal: AbortSignal): Promise<void> {
    const onProgress = (handled: number, at: Instant) => change(dryRunId, { handled, progress: progressOf(trial, at) })
    try {
      const report = await dryRun(deps, trial, { signal, onProgress })
      change(dryRunId, { state: 'done', progress: 1, report })
      log.info({ kind: 'dryRun', jobId: dryRunId, handled: report.events }, 'dry run done')
    } catch (error) {
      change(dryRunId, { state: signal.aborted ? 'cancelled' : 'failed' })
      if (!signal.aborted) log.error({ kind: 'dryRun', jobId: dryRunId, error }, 'dry run failed')
    }
  }

  return {
    start(dryRunId, by, trial) {
      const before = known.get(dryRunId)
      if (before)
        return before.by === by && JSON.stringify(before.trial) === JSON.stringify(trial) ? before.view : 'reused'
      if ([...known.values()].some((each) => each.by === by && each.view.state === 'running')) return 'busy'
      const stopping = new AbortController()
      const view: DryRun = { dryRunId, state: 'running', handled: 0, progress: 0 }
      const started: Known = { by, trial, view, stopping, ended: Promise.resolve() }
      known.set(dryRunId, started)
      const ended = work(dryRunId, trial, stopping.signal)
      known.set(dryRunId, { ...started, ended })
      const oldest = [...known].find(([, each]) => each.view.state !== 'running')
      if (known.size > REMEMBERED && oldest) known.delete(oldest[0])
      return view
    },
    read: (dryRunId, by) => of(dryRunId, by)?.view,
    cancel(dryRunId, by) {
      const found = of(dryRunId, by)
      found?.stopping.abort()
      return found !== undefined
    },
    async stop() {
      for (const { stopping } of known.values()) stopping.abort()
      await Promise.all([...known.values()].map(({ ended }) => ended))
    },
  }
}

function progressOf({ from, to }: Trial, at: Instant): number {
  const [start, now, end] = [Date.parse(from), Date.parse(at), Date.parse(to)]
  return Math.min(1, Math.max(0, (now - start) / (end - start)))
}
