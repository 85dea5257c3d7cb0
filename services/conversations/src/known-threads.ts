import type { ThreadEvent, ThreadId } from '@relais/contracts/conversations'
import type { EventCodec } from '@relais/event-store/codec'
import type { EventStore } from '@relais/event-store/port'
import type { Keyring } from '@relais/events/sealing'
import { type KnownThread, thread, type ThreadState } from './domain/thread.ts'

const KEPT_THREADS = 2000

type Folded = { state: ThreadState; next: number }
type Deps = { store: EventStore; codec: EventCodec<ThreadEvent>; keyring: Pick<Keyring, 'openingKey'> }
export type FindThread = (threadId: ThreadId) => Promise<KnownThread | undefined>

/**
 * Finds threads as they stand in the log now, so that whoever was taken out writes nothing more. What was folded before is
 * kept: of a thread in use, only what is new is read. `undefined` for one that was never opened, or was forgotten.
 */
export function knownThreads({ store, codec, keyring }: Deps): FindThread {
  const kept = new Map<ThreadId, Folded>()

  function keep(threadId: ThreadId, folded: Folded): void {
    const known = kept.get(threadId)
    kept.delete(threadId)
    // Of two who read at once, one may have read further.
    kept.set(threadId, known && known.next > folded.next ? known : folded)
    const [oldest] = kept.keys()
    if (kept.size > KEPT_THREADS && oldest !== undefined) kept.delete(oldest)
  }

  return async (threadId) => {
    let { state, next } = kept.get(threadId) ?? { state: thread.initialState, next: 0 }
    for await (const recorded of store.readStream(`${codec.category}-${threadId}`, { from: next })) {
      const event = (await codec.decode(recorded))?.event
      if (event) state = thread.evolve(state, event)
      next = recorded.revision + 1
    }
    if (state.status === 'notOpened') return undefined
    keep(threadId, { state, next })
    const key = keyring.openingKey(state.subject.keyOwner)
    return (key instanceof Promise ? await key : key) ? state : undefined
  }
}
