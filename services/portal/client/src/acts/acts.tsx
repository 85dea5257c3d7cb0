import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import { tell } from '../api/call.ts'
import { sessionQuery, usePerson } from '../api/session.ts'
import { useAnnounce } from '../design/announcements.tsx'
import { useLatest } from '../live/latest.ts'
import { useConnection } from '../live/live.tsx'
import { useWords } from '../messages/language.tsx'
import { refusalWords } from '../messages/refusals.ts'
import { actWords } from './act-words.ts'
import { keptFor } from './kept.ts'
import { type Act, filledPath, type KeptAct, openOutbox, type Outbox } from './outbox.ts'

type Answered = (answer: unknown) => void
/** The acts of this page, and who waits for the answer to one: only as long as the page is there. */
type Acts = { outbox: Outbox; waitFor(actId: string, onAnswer: Answered): void }

const ActsContext = createContext<Acts | undefined>(undefined)

/** Whatever is done goes through one outbox: sent once, kept while there is no network, taken back where that exists. */
export function ActsProvider({ children }: { children: ReactNode }) {
  const { id: personId } = usePerson()
  const queries = useQueryClient()
  const announce = useAnnounce()
  const latest = useLatest({ words: useWords(actWords), explain: useWords(refusalWords), announce })
  const { state } = useConnection()

  const acts = useMemo(() => {
    const waiting = new Map<string, Answered>()
    const kept = keptFor(personId, 'acts')
    const refresh = (act: Act) => {
      for (const key of act.affects) void queries.invalidateQueries({ queryKey: [...key] })
    }
    const opened: Outbox = openOutbox({
      send: ({ method, path, body }) => tell({ method, path, ...(body === undefined ? {} : { body }) }),
      // Written by this application into this tab.
      load: () => (kept.read() as KeptAct[] | undefined) ?? [],
      save: (acts) => (acts.length === 0 ? kept.remove() : kept.write(acts)),
      after(milliseconds, run) {
        const timer = setTimeout(run, milliseconds)
        return () => clearTimeout(timer)
      },
      onDone(act, answer) {
        refresh(act)
        waiting.get(act.id)?.(answer)
        waiting.delete(act.id)
        const undo = undoOf(act, answer)
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
        waiting.delete(act.id)
        const { explain, announce } = latest.current
        announce({ kind: 'refused', text: `${act.what} — ${explain(code)}` })
      },
      onWaiting(act, because) {
        if (because === 'signedOut') void queries.invalidateQueries(sessionQuery)
        const { words, announce } = latest.current
        announce({ kind: 'waiting', key: 'waiting', text: `${act.what} — ${words.willBeSent}` })
      },
    })
    return { outbox: opened, waitFor: (actId: string, onAnswer: Answered) => void waiting.set(actId, onAnswer) }
  }, [personId, queries, latest])
  const { outbox } = acts

  useEffect(() => {
    const retry = () => outbox.retry()
    if (state === 'open') retry()
    addEventListener('online', retry)
    return () => removeEventListener('online', retry)
  }, [outbox, state])
  useEffect(() => {
    const kept = keptFor(personId, 'acts')
    // A tab that closes takes what it keeps along. Read there because a sign-out has emptied it before it leaves.
    const warn = (event: BeforeUnloadEvent) => {
      if (kept.read() !== undefined && outbox.list().some(({ state }) => state !== 'refused')) event.preventDefault()
    }
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [outbox, personId])
  return <ActsContext value={acts}>{children}</ActsContext>
}

/** What takes an act back, once its answer says what there is to be taken back. */
function undoOf({ undo }: Act, answer: unknown): Act['undo'] {
  const path = undo && filledPath(undo.path, answer)
  return path === undefined ? undefined : undo && { ...undo, path }
}

function useKnownActs(): Acts {
  const acts = useContext(ActsContext)
  if (!acts) throw new Error('There is no outbox here')
  return acts
}

export type Wanted = Omit<Act, 'id' | 'at'>

function newAct(wanted: Wanted): Act {
  return { ...wanted, id: crypto.randomUUID(), at: Date.now() }
}

/**
 * Does something. A second act about the same subject, while the first is under way, is not one. `onAnswer` hears what was
 * answered, unless the page went away meanwhile.
 */
export function usePerform(): (wanted: Wanted, onAnswer?: Answered) => boolean {
  const { outbox, waitFor } = useKnownActs()
  return useCallback(
    (wanted, onAnswer) => {
      const act = newAct(wanted)
      const isBegun = outbox.add(act)
      if (isBegun && onAnswer) waitFor(act.id, onAnswer)
      return isBegun
    },
    [outbox, waitFor],
  )
}

export function useActs() {
  const { outbox } = useKnownActs()
  const acts = useSyncExternalStore(outbox.subscribe, outbox.list)
  return { acts, retry: outbox.retry, drop: outbox.drop }
}

/** The act under way, or refused, about a subject. */
export function useActOn(subject: string): KeptAct | undefined {
  const { outbox } = useKnownActs()
  return useSyncExternalStore(outbox.subscribe, () => outbox.list().find((act) => act.subject === subject))
}
