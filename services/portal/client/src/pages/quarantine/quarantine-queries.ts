import type { listQuarantine, QuarantineSummary, showQuarantined } from '@relais/contracts/http'
import type { listLinkDoubts } from '@relais/contracts/link-routes'
import type { readSenderReport } from '@relais/contracts/sender-routes'
import { queryOptions } from '@tanstack/react-query'
import { allPages } from '../../api/all-pages.ts'
import { call } from '../../api/call.ts'

const PAGE = 200
/** No channel tells of the quarantine. */
const EVERY_MILLISECONDS = 15_000

export type Status = QuarantineSummary['status']
/** Without a status: all that is not settled. */
export const quarantineQuery = (status: Status | undefined) =>
  queryOptions({
    queryKey: ['quarantine', 'list', status ?? 'unsettled'],
    queryFn: ({ signal }) =>
      allPages(async (after) => {
        const { messages: rows } = await call<typeof listQuarantine>({
          path: '/quarantine',
          query: { status, after, limit: PAGE },
          signal,
        })
        // A short page is the last one.
        const last = rows.length === PAGE ? rows.at(-1)?.messageId : undefined
        return { rows, ...(last === undefined ? {} : { next: last }) }
      }),
    refetchInterval: EVERY_MILLISECONDS,
  })

/** Each time it is asked for, a view is on record: it is asked for when somebody looks, and not by itself. */
export const messageQuery = (messageId: string) =>
  queryOptions({
    queryKey: ['quarantine', 'message', messageId],
    queryFn: ({ signal }) =>
      call<typeof showQuarantined>({ path: `/quarantine/${encodeURIComponent(messageId)}`, signal }),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export const reportQuery = (senderId: string, day: string) =>
  queryOptions({
    queryKey: ['senderReport', senderId, day],
    queryFn: ({ signal }) =>
      call<typeof readSenderReport>({
        path: `/senders/${encodeURIComponent(senderId)}/report`,
        query: { day: day === '' ? undefined : day },
        signal,
      }),
    enabled: senderId !== '',
  })

export const linkDoubtsQuery = queryOptions({
  queryKey: ['linkDoubts'],
  queryFn: ({ signal }) =>
    allPages(async (after) => {
      const { doubts: rows } = await call<typeof listLinkDoubts>({
        path: '/patients/link-doubts',
        query: { after, limit: PAGE },
        signal,
      })
      // A short page is the last one.
      const last = rows.length === PAGE ? rows.at(-1)?.messageId : undefined
      return { rows, ...(last === undefined ? {} : { next: last }) }
    }),
  refetchInterval: EVERY_MILLISECONDS,
})
