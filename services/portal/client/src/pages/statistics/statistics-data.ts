import type { listFigureEvents, readReferralStatistics } from '@relais/contracts/referral-routes'
import type { Figure, ReferralFigures, ReferralStatistics } from '@relais/contracts/referral-views'
import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import { call } from '../../api/call.ts'

/** From a month until before another, of everybody or of one recipient. */
export type Asked = { from: string; to: string; recipient?: string | undefined }
export type FigureName = z.infer<typeof Figure>
export type Figures = z.infer<typeof ReferralFigures>
export type { ReferralStatistics }

/** What is behind a figure, and what it is called. */
export type Behind = Asked & {
  figure: FigureName
  reason?: ReferralStatistics['declinedBy'][number]['reason'] | undefined
  age?: ReferralStatistics['ageing'][number]['age'] | undefined
  title: string
}

export const statisticsQuery = (asked: Asked, by: 'month' | 'recipient') =>
  queryOptions({
    queryKey: ['statistics', by, asked],
    queryFn: ({ signal }) =>
      call<typeof readReferralStatistics>({ path: '/referrals/statistics', query: { ...asked, by }, signal }),
  })

export const MOST_EVENTS = 100

export function eventsPage({ from, to, recipient, figure, reason }: Behind, after: string, signal: AbortSignal) {
  return call<typeof listFigureEvents>({
    path: '/referrals/statistics/events',
    query: { from, to, recipient, figure, reason, limit: MOST_EVENTS, after: after === '' ? undefined : after },
    signal,
  })
}

const DAY_MILLISECONDS = 86_400_000
/** As the platform counts how long something has been asked: in days, from more than until at most. */
const ages = { day: [0, 1], threeDays: [1, 3], week: [3, 7], older: [7, Infinity] } as const

/** Whether something has been asked for as long. */
export function isOfAge(askedAt: string, age: keyof typeof ages, now: number): boolean {
  const days = (now - Date.parse(askedAt)) / DAY_MILLISECONDS
  const [more, most] = ages[age]
  return (days >= more || age === 'day') && days < most
}

/** What of those that were asked has no answer yet. */
export function openOf({ asked, accepted, declined, redirected, stoodDown }: Figures): number {
  return asked - accepted - declined - redirected - stoodDown
}
