import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import { say } from '../api/call.ts'
import { sessionQuery, usePerson } from '../api/session.ts'
import { useAnnounce } from '../design/announcements.tsx'
import { useLatest } from '../live/latest.ts'
import { useConnection } from '../live/live.tsx'
import { useWords } from '../messages/language.tsx'
import { refusalWords } from '../messages/refusals.ts'
import { actWords } from './act-words.ts'
import { keptFor } from './kept.ts'
import { type Act, type KeptAct, openOutbox, type Outbox } from './outbox.ts'

const OutboxContext = createContext<Outbox | undefined>(undefined)

/** Whatever is done goes through one outbox: sent once, kept while there is no network, taken back where that exists. */
export function ActsProvider({ children }: { children: ReactNode }) {
  const { id: personId } = usePerson()
  const queries = useQueryClient()
  const announce = useAnnounce()
  const latest = useLatest({ words: useWords(actWords), explain: useWords(refusalWords), announce })
  const { state } = useConnection()

  const outbox = useMemo(() => {
    const kept = keptFor(personId, 'acts')
    const refresh = (act: Act) => {
      for (const key of act.affects) void queries.invalidateQueries({ queryKey: [...key] })
    }
    const opened: Outbox = openOutbox({
      send: ({ method, path, body }) => say({ method, path, ...(body === undefined ? {} : { body }) }),
      // Written by this application into this tab.
      load: () => (kept.read() as KeptAct[] | undefined) ?? [],
      save: (acts) => (acts.length === 0 ? kept.remove() : kept.write(acts)),
      after(milliseconds, run) {
        const timer = setTimeout(run, milliseconds)
        return () => clearTimeout(timer)
      },
      onDone(act) {
        refresh(act)
        const { undo } = act
        const { words, announce } = latest.current
        announce({
          kind: 'done',
          text: act.what,
          ...(undo && {
            action: {
              label: words.undo,
              run: () => void opened.add({ ...newAct({ ...undo, subject: act.subject, affects: act.affects }) }),
            },
          }),
        })
      },
      onRefused(act, { code }) {
        refresh(act)
        const { explain, announce } = latest.current
        announce({ kind: 'refused', text: `${act.what} — ${explain(code)}` })
      },
      onWaiting(act, because) {
        if (because === 'signedOut') void queries.invalidateQueries(sessionQuery)
        const { words, announce } = latest.current
        announce({ kind: 'waiting', key: 'waiting', text: `${act.what} — ${words.willBeSent}` })
      },
    })
    return opened
  }, [personId, queries, latest])

  useEffect(() => {
    const retry = () => outbox.retry()
    if (state === 'open') retry()
    addEventListener('online', retry)
    return () => removeEventListener('online', retry)
  }, [outbox, state])
  return <OutboxContext value={outbox}>{children}</OutboxContext>
}

function useOutbox(): Outbox {
  const outbox = useContext(OutboxContext)
  if (!outbox) throw new Error('There is no outbox here')
  return outbox
}

export type Wanted = Omit<Act, 'id' | 'at'>

function newAct(wanted: Wanted): Act {
  return { ...wanted, id: crypto.randomUUID(), at: Date.now() }
}

/** Does something. A second act about the same subject, while the first is under way, is not one. */
export function usePerform(): (wanted: Wanted) => boolean {
  const outbox = useOutbox()
  return useCallback((wanted) => outbox.add(newAct(wanted)), [outbox])
}

export function useActs() {
  const outbox = useOutbox()
  const acts = useSyncExternalStore(outbox.subscribe, outbox.list)
  return { acts, retry: outbox.retry, drop: outbox.drop }
}

/** The act under way, or refused, about a subject. */
export function useActOn(subject: string): KeptAct | undefined {
  const outbox = useOutbox()
  return useSyncExternalStore(outbox.subscribe, () => outbox.list().find((act) => act.subject === subject))
}
