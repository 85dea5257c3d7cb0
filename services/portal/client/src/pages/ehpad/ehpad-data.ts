import type { EhpadBoardRow, InboxItem } from '@relais/contracts/boards'
import type { ChannelEntry } from '@relais/contracts/channel-entries'
import type { listOnCall } from '@relais/contracts/directory-routes'
import type { getEhpadBoard, getInbox } from '@relais/contracts/notice-routes'
import type { listDoubts, listResidents } from '@relais/contracts/resident-routes'
import { type QueryKey, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useRef } from 'react'
import { allPages } from '../../api/all-pages.ts'
import { type AnswerOf, call } from '../../api/call.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { useChannel } from '../../live/live.tsx'
import { useRefreshing } from '../../live/refreshing.ts'

const MOST_IN_PAGE = 200

export const boardKey = (finess: string) => ['board', 'ehpad', finess] as const
export const registerKey = (finess: string) => ['register', finess] as const
export const doubtsKey = (finess: string) => ['doubts', finess] as const
/** Under `inbox`: what is done there changes what is told here. */
export const toldKey = (finess: string) => ['inbox', 'ehpad', finess] as const
export const runsKey = (patientId: string) => ['runs', patientId] as const

export const boardQuery = (finess: string) =>
  queryOptions({
    queryKey: boardKey(finess),
    queryFn: ({ signal }): Promise<EhpadBoardRow[]> =>
      allPages((after) =>
        call<typeof getEhpadBoard>({
          path: `/boards/ehpad/${encodeURIComponent(finess)}`,
          query: { after, limit: MOST_IN_PAGE },
          signal,
        }),
      ),
  })

/** The board, drawn when there is time for it: a key that is pressed meanwhile comes first. */
export function useBoard(finess: string) {
  return useDeferredValue(useQuery(boardQuery(finess)))
}

/** What the house is told and asked: what waits for it, and what it has dealt with. */
export const toldQuery = (finess: string) =>
  queryOptions({
    queryKey: toldKey(finess),
    queryFn: async ({ signal }): Promise<InboxItem[]> => {
      const page = async (status: 'open' | 'done', after: string | undefined) => {
        const query = { status, after, limit: MOST_IN_PAGE }
        const { items, next } = await call<typeof getInbox>({ path: '/inbox', query, signal })
        return { rows: items, next }
      }
      const open = await allPages((after) => page('open', after))
      const done = await allPages((after) => page('done', after), { most: 1 })
      return [...open, ...done].filter(({ recipient }) => recipient === `finess:${finess}`)
    },
  })

export type Resident = AnswerOf<typeof listResidents>['residents'][number]
export const registerQuery = (finess: string) =>
  queryOptions({
    queryKey: registerKey(finess),
    queryFn: ({ signal }): Promise<Resident[]> =>
      allPages(async (after) => {
        const query = { after, limit: MOST_IN_PAGE }
        const { residents, next } = await call<typeof listResidents>({ path: '/residents', query, signal })
        return { rows: residents, next }
      }),
    staleTime: 60_000,
  })

export type Doubt = AnswerOf<typeof listDoubts>['doubts'][number]
export const doubtsQuery = (finess: string) =>
  queryOptions({
    queryKey: doubtsKey(finess),
    queryFn: ({ signal }): Promise<Doubt[]> =>
      allPages(async (after) => {
        const query = { after, limit: MOST_IN_PAGE }
        const { doubts, next } = await call<typeof listDoubts>({ path: '/residents/matches', query, signal })
        return { rows: doubts, next }
      }),
  })

export const onCallQuery = (scope: string) =>
  queryOptions({
    queryKey: ['on-call', scope],
    queryFn: async ({ signal }) =>
      (await call<typeof listOnCall>({ path: '/directory/on-call', query: { scope }, signal })).periods,
    refetchInterval: 300_000,
  })

/** Who the residents are, as the house itself says it: also of those whom no hospital knows. */
export function useIdentities(finess: string): ReadonlyMap<string, Resident['identity']> {
  const keepsRegister = hasScope(usePerson(), 'resident:write')
  const { data } = useQuery({ ...registerQuery(finess), enabled: keepsRegister })
  return useMemo(() => new Map(data?.map(({ residentId, identity }) => [residentId, identity])), [data])
}

/** So many pathways are looked at again in one go: the others when all is quiet. */
const MOST_RUNS = 6

/** Keeps what is shown of the house as it is now: whatever its channel says, is asked again, about once a second at most. */
export function useHouseLive(finess: string): void {
  const queries = useQueryClient()
  const known = useRef({ isLive: false, fresh: new Map<string, QueryKey>(), burst: new Map<string, QueryKey>() })
  const ask = useRefreshing((isLast) => {
    const { fresh, burst } = known.current
    const keys = [...(isLast ? burst : fresh).values()]
    const runs = keys.filter(([name]) => name === 'runs')
    const asked = isLast ? keys : [...keys.filter(([name]) => name !== 'runs'), ...runs.slice(0, MOST_RUNS)]
    fresh.clear()
    if (isLast) burst.clear()
    // What is under way is not cut short by what comes next: on a slow network nothing would ever arrive.
    for (const queryKey of asked) void queries.invalidateQueries({ queryKey }, { cancelRefetch: false })
  })
  const heard = (keys: readonly QueryKey[]) => {
    for (const key of keys) {
      known.current.fresh.set(key.join(' '), key)
      known.current.burst.set(key.join(' '), key)
    }
    ask()
  }
  useChannel(`ehpad/${finess}`, {
    onEntry(entry) {
      // What came before is in what was asked for already.
      if (known.current.isLive) heard(concerned(finess, entry))
    },
    onCaughtUp() {
      known.current.isLive = true
      heard([boardKey(finess), toldKey(finess), registerKey(finess), doubtsKey(finess), ['runs']])
    },
  })
}

function concerned(finess: string, entry: ChannelEntry): QueryKey[] {
  switch (entry.kind) {
    case 'notice':
      return [boardKey(finess), toldKey(finess), runsKey(entry.patientId)]
    case 'work':
      return [toldKey(finess), ...(entry.patientId === undefined ? [] : [runsKey(entry.patientId)])]
    // What a colleague did of what is asked of the house is told as a receipt only.
    case 'receipt':
      return [toldKey(finess), ...(entry.work && entry.patientId ? [runsKey(entry.patientId)] : [])]
    case 'resident':
      return [boardKey(finess), registerKey(finess), doubtsKey(finess)]
    default:
      return [boardKey(finess)]
  }
}
