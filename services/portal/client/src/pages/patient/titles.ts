import type { LoopEntry } from '@relais/contracts/loop-entries'
import type { Exchange, PathwayView } from '@relais/contracts/pathway'

/** What referrals, protocols and steps are called: only the entry that begins one says so. */
export type Titles = ReadonlyMap<string, string>

export const stepKey = (runId: string, stepId: string) => `${runId}/${stepId}`

export function titlesOf(exchanges: readonly Exchange[]): Titles {
  const titles = new Map<string, string>()
  for (const exchange of exchanges) {
    if (exchange.kind === 'thread') {
      if (exchange.title !== undefined) titles.set(exchange.threadId, exchange.title)
    } else if (exchange.title !== undefined) titles.set(subjectOf(exchange), exchange.title)
  }
  return titles
}

export function titleOf(exchange: Exchange, titles: Titles): string | undefined {
  return exchange.title ?? titles.get(exchange.kind === 'thread' ? exchange.threadId : subjectOf(exchange))
}

/** Of the step where there is one, else of the run, else of the referral. */
function subjectOf({ referralId, runId, stepId }: LoopEntry): string {
  if (runId !== undefined) return stepId === undefined ? runId : stepKey(runId, stepId)
  return referralId ?? ''
}

/** The threads about a patient, by what happened to them, the last one first. */
export type KnownThread = { threadId: string; title: string; isClosed: boolean }
export function threadsOf({ exchanges }: Pick<PathwayView, 'exchanges'>): KnownThread[] {
  const threads = new Map<string, KnownThread>()
  for (const exchange of exchanges) {
    if (exchange.kind !== 'thread') continue
    const { threadId, title, change } = exchange
    const before = threads.get(threadId) ?? { threadId, title: '', isClosed: false }
    threads.set(threadId, { ...before, title: title ?? before.title, isClosed: before.isClosed || change === 'closed' })
  }
  return [...threads.values()].toReversed()
}
