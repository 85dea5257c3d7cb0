import type { InboxItem } from '@relais/contracts/boards'
import type { ChannelEntry } from '@relais/contracts/channel-entries'
import type { getInbox } from '@relais/contracts/notice-routes'
import { infiniteQueryOptions, type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { type AnswerOf, call } from '../../api/call.ts'
import { namesOf, usePerson } from '../../api/session.ts'
import { useLatest } from '../../live/latest.ts'
import { useChannels } from '../../live/live.tsx'
import { identityQuery } from '../../people/people.tsx'
import { foldPages } from './inbox-fold.ts'
import { itemKey } from './inbox-items.ts'

type Page = AnswerOf<typeof getInbox>
type Pages = InfiniteData<Page, string | undefined>
export type Status = 'open' | 'done'

const PAGE_ITEMS = 100
/** What comes together is shown together. */
const BATCH_MILLISECONDS = 50
/** The list may be so much behind the channel: what came since, or while it was asked for, is applied to what it says. */
const BEHIND_MILLISECONDS = 300
const REMEMBERED_MILLISECONDS = 15_000
const MOST_REMEMBERED = 2000

export const inboxQuery = (status: Status) =>
  infiniteQueryOptions({
    queryKey: ['inbox', status],
    initialPageParam: first,
    queryFn: ({ pageParam, signal }) =>
      call<typeof getInbox>({ path: '/inbox', query: { status, after: pageParam, limit: PAGE_ITEMS }, signal }),
    getNextPageParam: ({ next }: Page) => next,
  })
const first: string | undefined = undefined

/** What is in the inbox of a person and of his or her teams, live. */
export function useInbox(status: Status) {
  useLiveInbox()
  const query = useInfiniteQuery(inboxQuery(status))
  const { data } = query
  // An item that came live may come again with its page, and is then newer.
  const items = useMemo(
    () => data && [...new Map(data.pages.flatMap((page) => page.items).map((item) => [itemKey(item), item])).values()],
    [data],
  )
  return { ...query, items: items satisfies readonly InboxItem[] | undefined }
}

function useLiveInbox(): void {
  const person = usePerson()
  const queries = useQueryClient()
  const channels = useMemo(() => namesOf(person).map((name) => `inbox/${name}`), [person])
  const waiting = useRef<ChannelEntry[]>([])
  const lately = useRef<{ at: number; entry: ChannelEntry }[]>([])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const apply = (entries: readonly ChannelEntry[]) => {
    queries.setQueryData<Pages>(inboxQuery('open').queryKey, (data) => {
      if (!data) return data
      const pages = foldPages(data.pages, entries)
      // Of an item, pages are only read.
      return pages === data.pages ? data : { ...data, pages: pages as Page[] }
    })
  }
  /** Whoever is told of a patient may know who it is, by now, or more than that, or no more. */
  const askAgain = (entries: readonly ChannelEntry[]) => {
    const patients = new Set(entries.flatMap(({ patientId }) => patientId ?? []))
    for (const patientId of patients) {
      const known = queries.getQueryData(identityQuery(patientId).queryKey)
      if (known !== undefined && !known?.pathway) void queries.invalidateQueries({ queryKey: ['identity', patientId] })
    }
  }
  useChannels(channels, {
    onEntry(entry) {
      waiting.current.push(entry)
      timer.current ??= setTimeout(() => {
        timer.current = undefined
        const entries = waiting.current.splice(0)
        const now = Date.now()
        lately.current = [...lately.current, ...entries.map((one) => ({ at: now, entry: one }))]
          .filter(({ at }) => now - at < REMEMBERED_MILLISECONDS)
          .slice(-MOST_REMEMBERED)
        apply(entries)
        askAgain(entries)
        if (entries.some(isAboutDone)) void queries.invalidateQueries({ queryKey: ['inbox', 'done'] })
      }, BATCH_MILLISECONDS)
    },
  })
  useEffect(() => () => clearTimeout(timer.current), [])
  const { isFetching } = useInfiniteQuery({
    ...inboxQuery('open'),
    enabled: false,
    notifyOnChangeProps: ['isFetching'],
  })
  const latest = useLatest(apply)
  const askedSince = useRef<number>(undefined)
  useEffect(() => {
    if (isFetching) askedSince.current = Date.now() - BEHIND_MILLISECONDS
    const since = askedSince.current
    if (isFetching || since === undefined) return
    latest.current(lately.current.flatMap(({ at, entry }) => (at < since ? [] : [entry])))
  }, [isFetching, latest])
}

const isAboutDone = (entry: ChannelEntry) =>
  entry.kind === 'work' || (entry.kind === 'receipt' && entry.receipt === 'acted')
