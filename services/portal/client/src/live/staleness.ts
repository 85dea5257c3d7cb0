import { type Query, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState, useSyncExternalStore } from 'react'
import { useWaking } from './asleep.ts'
import { countFollowed, subscribeFollowed } from './followed.ts'
import { useConnection } from './live.tsx'

/** Since when what is shown may have changed unseen; `undefined` while it is as it is now. */
export function useStaleSince(): number | undefined {
  const queries = useQueryClient()
  const { state, since } = useConnection()
  const [slept, setSlept] = useState<{ since: number; until: number }>()
  useWaking((sleptSince) => {
    setSlept({ since: sleptSince, until: Date.now() })
    void queries.invalidateQueries({ predicate: isAskedAgain, refetchType: 'active' })
  })
  // Not live yet is not live: what is shown was asked for before.
  const cutSince = state === 'open' ? undefined : since
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = [queries.getQueryCache().subscribe(listener), subscribeFollowed(listener)]
      return () => {
        for (const end of ends) end()
      }
    },
    [queries],
  )
  return useSyncExternalStore(subscribe, () => {
    const shown = queries.getQueryCache().findAll({ type: 'active', predicate: isAskedAgain })
    if (countFollowed() === 0 && !shown.some(isPolled)) return undefined
    const instants = [
      cutSince,
      slept && shown.some((query) => isOlderThan(query, slept.until)) ? slept.since : undefined,
      ...shown.map((query) => (hasFailed(query) ? query.state.dataUpdatedAt : undefined)),
    ].filter((instant) => instant !== undefined)
    return instants.length === 0 ? undefined : Math.min(...instants)
  })
}

/** Not what is asked for once, because asking for it is on record, or because it cannot change. */
const isAskedAgain = ({ observers }: Query) =>
  observers.length > 0 && observers.every(({ options }) => options.staleTime !== Infinity)
const isPolled = ({ observers }: Query) => observers.some(({ options }) => Boolean(options.refetchInterval))
/** What is shown could not be asked for again. */
const hasFailed = ({ state }: Query) =>
  state.data !== undefined && (state.status === 'error' || state.fetchStatus === 'paused')
const isOlderThan = ({ state }: Query, instant: number) => state.data !== undefined && state.dataUpdatedAt < instant
