import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useChannel } from '../../live/live.tsx'
import { useRefreshing } from '../../live/refreshing.ts'
import { stayQuery } from './ward-queries.ts'

/** A stay of a ward, live: what somebody else says of it meanwhile is shown too. */
export function useStay(code: string, stayId: string) {
  const queries = useQueryClient()
  const { queryKey } = stayQuery(stayId)
  const stayChanged = useRefreshing(() => void queries.invalidateQueries({ queryKey }))
  useChannel(`ward/${code}`, {
    onEntry(entry) {
      if (entry.kind !== 'receipt' && 'stayId' in entry && entry.stayId === stayId) stayChanged()
    },
  })
  return useQuery(stayQuery(stayId))
}
