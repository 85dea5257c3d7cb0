import type {
  listThreads,
  readThread,
  searchThreads,
  ThreadSummary,
  ThreadView,
} from '@relais/contracts/conversation-routes'
import type { listPosts, PostView } from '@relais/contracts/post-routes'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '../../api/call.ts'

export type Summary = ThreadSummary
export type Thread = ThreadView
export type Post = PostView

const PAGE = 50
/** Channels tell at once of the threads last written in, and of mentions; of all the others, this does. */
const EVERY_MILLISECONDS = 10_000

export const threadsQuery = infiniteQueryOptions({
  queryKey: ['threads'],
  queryFn: ({ signal, pageParam }) =>
    call<typeof listThreads>({ path: '/threads', query: { limit: PAGE, after: pageParam }, signal }),
  // The first page has no cursor.
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }) => next,
  refetchInterval: EVERY_MILLISECONDS,
})

export const threadQuery = (threadId: string) =>
  queryOptions({
    queryKey: ['thread', threadId],
    queryFn: ({ signal }) => call<typeof readThread>({ path: `/threads/${threadId}`, signal }),
  })

export const postsQuery = (threadId: string) =>
  infiniteQueryOptions({
    queryKey: ['posts', threadId],
    queryFn: ({ signal, pageParam }) =>
      call<typeof listPosts>({
        path: `/threads/${threadId}/posts`,
        query: { limit: PAGE, after: pageParam },
        signal,
      }),
    // The first page has no cursor.
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  })

export const SHORTEST_SEARCH = 2
export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['threadSearch', q],
    queryFn: ({ signal }) => call<typeof searchThreads>({ path: '/threads/search', query: { q, limit: PAGE }, signal }),
    enabled: q.length >= SHORTEST_SEARCH,
  })
