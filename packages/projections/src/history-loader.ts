import type { Kind } from '@relais/database/statements'
import type { EventStore } from '@relais/event-store/port'
import { isUnavailable } from './follower.ts'
import { isLoaded } from './tables.ts'

type HistoryLoaderDeps = {
  store: EventStore
  kind: Kind
  /** Fills the view up to this position and shows it. */
  load(until: number): Promise<void>
}

/** Positions of a log from which on it is worth sorting what it says. Of a store that counts bytes any log is. */
export const LONG_HISTORY = 10_000

/**
 * For a view that is still empty: reads a long history in the way of a rebuild, once. Where that fails for more than an
 * outage, the log is followed as ever, which finds the event that fails.
 * @returns whether the view has moved
 */
export function historyLoader({ store, kind, load }: HistoryLoaderDeps): () => Promise<boolean> {
  let isDone = !isLoaded(kind)
  return async () => {
    if (isDone) return false
    const end = await endOf(store)
    isDone = true
    if (end < LONG_HISTORY) return false
    try {
      await load(end)
    } catch (error) {
      isDone = !isUnavailable(error)
      throw error
    }
    return true
  }
}

async function endOf(store: EventStore): Promise<number> {
  for await (const { position } of store.readAll({ direction: 'backwards', limit: 1 })) return position
  return 0
}
