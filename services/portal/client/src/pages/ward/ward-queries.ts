import type { ReceiptEntry } from '@relais/contracts/channel-entries'
import type { WardBoardRow } from '@relais/contracts/boards'
import type { getWardBoard, listMisdirections } from '@relais/contracts/notice-routes'
import type { listReferrals } from '@relais/contracts/referral-routes'
import type { listLateSteps, readRun } from '@relais/contracts/run-routes'
import type { readStay } from '@relais/contracts/stay-routes'
import { queryOptions } from '@tanstack/react-query'
import { allPages } from '../../api/all-pages.ts'
import { call } from '../../api/call.ts'
import { withReceipts } from './receipts.ts'

const PAGE = 200

/** All rows of a board, page by page. `heard` are receipts that may not be in it yet. */
export const boardQuery = (code: string, heard: () => readonly ReceiptEntry[] = () => []) =>
  queryOptions({
    queryKey: ['board', 'ward', code],
    queryFn: async ({ signal }): Promise<readonly WardBoardRow[]> => {
      const path = `/boards/ward/${encodeURIComponent(code)}`
      const rows = await allPages((after) => call<typeof getWardBoard>({ path, query: { limit: PAGE, after }, signal }))
      return withReceipts(rows, heard())
    },
  })

/** What came back with "not my patient". */
export const misdirectionsQuery = (status: 'open' | 'closed') =>
  queryOptions({
    queryKey: ['misdirections', status],
    queryFn: ({ signal }) =>
      call<typeof listMisdirections>({ path: '/misdirections', query: { status, limit: PAGE }, signal }),
  })

export type LateStepOfStay = { runId: string; stepId: string; title: string; protocol: string; dueAt: string }

/** The late steps that the reader's queues have, by stay: the list says of which run, the run says of which stay. */
export const lateStepsQuery = queryOptions({
  queryKey: ['runs', 'late', 'by-stay'],
  queryFn: async ({ signal }): Promise<Readonly<Record<string, readonly LateStepOfStay[]>>> => {
    const { steps } = await call<typeof listLateSteps>({ path: '/runs', query: { late: 'true', limit: PAGE }, signal })
    const runIds = [...new Set(steps.map(({ runId }) => runId))]
    const runs = await Promise.all(
      runIds.map((runId) => call<typeof readRun>({ path: `/runs/${runId}`, signal }).catch(() => undefined)),
    )
    const known = new Map(runs.flatMap((run) => (run ? [[run.runId, run] as const] : [])))
    const late = steps.flatMap(({ runId, stepId, protocol, dueAt }) => {
      const run = known.get(runId)
      const stayId = run?.stayId
      if (stayId === undefined) return []
      const title = run?.steps.find((step) => step.stepId === stepId)?.title ?? protocol
      return [{ stayId, step: { runId, stepId, title, protocol, dueAt } }]
    })
    const byStay = Map.groupBy(late, ({ stayId }) => stayId)
    return Object.fromEntries([...byStay].map(([stayId, found]) => [stayId, found.map(({ step }) => step)]))
  },
  staleTime: 30_000,
})

export const stayQuery = (stayId: string) =>
  queryOptions({
    queryKey: ['stay', stayId],
    queryFn: ({ signal }) => call<typeof readStay>({ path: `/stays/${encodeURIComponent(stayId)}`, signal }),
  })

/** What the reader's wards sent for others to answer. */
export const sentReferralsQuery = (status: 'open' | 'closed') =>
  queryOptions({
    queryKey: ['referrals', 'sent', status],
    queryFn: ({ signal }) =>
      call<typeof listReferrals>({ path: '/referrals', query: { box: 'sent', status, limit: PAGE }, signal }),
  })
