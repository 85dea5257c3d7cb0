import type { LateStep, listLateSteps } from '@relais/contracts/run-routes'
import { queryOptions } from '@tanstack/react-query'
import { allPages } from '../../api/all-pages.ts'
import { call } from '../../api/call.ts'

export const lateKey = ['late'] as const

/** All that is late and open, the longest late first. */
export const lateQuery = queryOptions({
  queryKey: lateKey,
  queryFn: ({ signal }): Promise<LateStep[]> =>
    allPages(async (after) => {
      const query = { late: 'true', after, limit: 200 }
      const { steps, next } = await call<typeof listLateSteps>({ path: '/runs', query, signal })
      return { rows: steps, next }
    }),
  refetchInterval: 60_000,
})
