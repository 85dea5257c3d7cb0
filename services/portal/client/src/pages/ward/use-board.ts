import type { WardBoardRow } from '@relais/contracts/boards'
import type { ChannelEntry, ReceiptEntry } from '@relais/contracts/channel-entries'
import { type QueryClient, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useChannel } from '../../live/live.tsx'
import { useRefreshing } from '../../live/refreshing.ts'
import { withReceipts } from './receipts.ts'
import { boardQuery } from './ward-queries.ts'

/** Receipts are shown at once, together: sooner than an eye, later than a burst. */
const FLUSH_MILLISECONDS = 100
/** More than a board of 200 rows hears of before it is asked for again. */
const MOST_REMEMBERED = 1000

/** The board of a ward, live: receipts as they come, whatever else is asked for again, seldom enough. */
export function useBoard(code: string): UseQueryResult<readonly WardBoardRow[]> {
  const queries = useQueryClient()
  const [live] = useState(() => openReceipts(queries, code))
  const refresh = (queryKey: readonly string[]) => void queries.invalidateQueries({ queryKey })
  const boardChanged = useRefreshing(() => refresh(boardQuery(code).queryKey))
  const stepsChanged = useRefreshing(() => refresh(['runs', 'late']))
  const misdirectionsChanged = useRefreshing(() => refresh(['misdirections']))
  const query = useQuery(boardQuery(code, live.heard))
  useEffect(() => live.stop, [live])
  // What happened before the page was there is in the board already; what was missed since is not.
  const isCaughtUp = useRef(false)
  useChannel(`ward/${code}`, {
    onEntry(entry) {
      if (!isCaughtUp.current) return
      if (entry.kind === 'receipt') live.received(entry)
      else boardChanged()
      if (entry.kind === 'work') stepsChanged()
      if (isOfMisdirection(entry)) misdirectionsChanged()
    },
    onCaughtUp() {
      isCaughtUp.current = true
      boardChanged()
    },
  })
  return query
}

function isOfMisdirection(entry: ChannelEntry): boolean {
  return entry.kind === 'receipt' && (entry.receipt === 'returned' || entry.receipt === 'misdirectionClosed')
}

function openReceipts(queries: QueryClient, code: string) {
  const { queryKey } = boardQuery(code)
  let known: readonly ReceiptEntry[] = []
  let fresh: ReceiptEntry[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    timer = undefined
    const receipts = fresh
    fresh = []
    known = [...known, ...receipts].slice(-MOST_REMEMBERED)
    queries.setQueryData<readonly WardBoardRow[]>(queryKey, (rows) => rows && withReceipts(rows, receipts))
  }

  return {
    received(entry: ReceiptEntry): void {
      fresh.push(entry)
      timer ??= setTimeout(flush, FLUSH_MILLISECONDS)
    },
    /** Receipts that a board which is asked for now may not know yet. */
    heard: (): readonly ReceiptEntry[] => [...known, ...fresh],
    stop() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
