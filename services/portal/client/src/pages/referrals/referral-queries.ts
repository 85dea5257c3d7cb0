import type { listReferrals, readReferral } from '@relais/contracts/referral-routes'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type AnswerOf, call, send } from '../../api/call.ts'
import type { Box } from './referral-boxes.ts'

export type Referral = AnswerOf<typeof readReferral>
type Page = AnswerOf<typeof listReferrals>
export type ReferralItem = Page['items'][number]

const PAGE_ITEMS = 50
const first: string | undefined = undefined

export const referralQuery = (referralId: string) =>
  queryOptions({
    queryKey: ['referral', referralId],
    queryFn: ({ signal }) => call<typeof readReferral>({ path: `/referrals/${referralId}`, signal }),
  })

export const boxQuery = (box: Box, status: 'open' | 'closed') =>
  infiniteQueryOptions({
    queryKey: ['referrals', box, status],
    initialPageParam: first,
    queryFn: ({ pageParam, signal }) =>
      call<typeof listReferrals>({
        path: '/referrals',
        query: { box, status, after: pageParam, limit: PAGE_ITEMS },
        signal,
      }),
    getNextPageParam: ({ next }: Page) => next,
  })

/** A text of a referral; it never changes. */
export const textQuery = (referralId: string, documentId: string) =>
  queryOptions({
    queryKey: ['referral-text', referralId, documentId],
    queryFn: async ({ signal }) =>
      (await send({ path: `/referrals/${referralId}/documents/${documentId}`, signal })).text(),
    staleTime: Infinity,
  })
