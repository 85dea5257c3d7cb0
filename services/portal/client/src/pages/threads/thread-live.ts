import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { tell } from '../../api/call.ts'
import { namesOf, usePerson } from '../../api/session.ts'
import { useChannel, useChannels } from '../../live/live.tsx'
import { useRefreshing } from '../../live/refreshing.ts'
import { deviceId } from './device.ts'
import { withPost } from './thread-fold.ts'
import { postsQuery, type Summary, threadQuery } from './thread-queries.ts'

/** Follows a thread: messages are shown as they are heard of. `true` once it is no longer the reader's. */
export function useThreadLive(threadId: string): boolean {
  const queries = useQueryClient()
  const [isOver, setOver] = useState(false)
  const heard = useRefreshing((isLast) => {
    void queries.invalidateQueries({ queryKey: ['thread', threadId] })
    if (isLast) void queries.invalidateQueries({ queryKey: ['threads'] })
  })
  useChannel(isOver ? undefined : `thread/${threadId}`, {
    onEntry(entry) {
      if (entry.kind === 'post') {
        const { queryKey } = postsQuery(threadId)
        queries.setQueryData(queryKey, (known) => known && withPost(known, entry))
      }
      if (entry.kind === 'post' || entry.kind === 'thread' || entry.kind === 'threadReceipt') heard()
    },
    onCaughtUp() {
      // What a channel begins with are the last entries only: after a long absence there may be more.
      void queries.invalidateQueries({ queryKey: ['posts', threadId] })
    },
    onEnded(reason) {
      if (reason === 'forbidden' || reason === 'accessEnded') setOver(true)
    },
  })
  useEffect(() => {
    if (!isOver) return
    for (const { queryKey } of [threadQuery(threadId), postsQuery(threadId)]) queries.removeQueries({ queryKey })
    void queries.invalidateQueries({ queryKey: ['threads'] })
  }, [isOver, threadId, queries])
  return isOver
}

const isOfThreads = ({ kind }: ChannelEntry) => kind === 'threadNews' || kind === 'post' || kind === 'thread'
/** Of a list, those that are followed: what is written elsewhere is heard of where it mentions somebody, else asked for. */
const FOLLOWED = 10

/** Keeps a list of threads as it is now. */
export function useThreadsLive(threads: readonly Summary[]): void {
  const queries = useQueryClient()
  const person = usePerson()
  const heard = useRefreshing(() => void queries.invalidateQueries({ queryKey: ['threads'] }))
  const channels = useMemo(
    () => [
      ...namesOf(person).map((name) => `inbox/${name}`),
      // In an order of their own, so that a message that moves one up follows nothing anew.
      ...threads
        .slice(0, FOLLOWED)
        .map(({ threadId }) => `thread/${threadId}`)
        .toSorted(),
    ],
    [person, threads],
  )
  useChannels(channels, {
    onEntry(entry) {
      if (isOfThreads(entry)) heard()
    },
  })
}

/** Says how far a thread was read, once for each message that was the last one seen. */
export function useReadMark(threadId: string): (postId: string) => void {
  const queries = useQueryClient()
  const said = useRef<string>(undefined)
  return useCallback(
    (postId) => {
      if (said.current === postId || document.visibilityState !== 'visible') return
      said.current = postId
      const body = { upTo: postId, receipt: 'read', device: deviceId() }
      tell({ method: 'POST', path: `/threads/${threadId}/read`, body }).then(
        () => queries.invalidateQueries({ queryKey: ['threads'] }),
        () => {
          // It is said with the next message, or when this one is seen again.
          said.current = undefined
        },
      )
    },
    [queries, threadId],
  )
}
