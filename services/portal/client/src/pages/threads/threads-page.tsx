import { useInfiniteQuery } from '@tanstack/react-query'
import { Outlet, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { hasScope, usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Field } from '../../design/field.tsx'
import { Empty, Failed, Loading } from '../../design/states.tsx'
import { useWords } from '../../messages/language.tsx'
import { OpenThread } from './open-thread.tsx'
import { ThreadItem } from './thread-item.tsx'
import { useThreadsLive } from './thread-live.ts'
import { SHORTEST_SEARCH, threadsQuery } from './thread-queries.ts'
import { SearchResults } from './search-results.tsx'
import { threadWords } from './thread-words.ts'
import styles from './threads.module.css'

/** The list of conversations, and beside it, or in its place on a phone, the one that is open. */
export function ThreadsPage() {
  const words = useWords(threadWords)
  const person = usePerson()
  const { threadId } = useParams({ strict: false })
  const [searched, setSearched] = useState('')
  const isSearching = searched.trim().length >= SHORTEST_SEARCH
  return (
    <div className={styles.page} data-open={threadId !== undefined || undefined}>
      <div className={styles.list}>
        <div className={styles.head}>
          <h1>{words.title}</h1>
          {hasScope(person, 'thread:write') && <OpenThread />}
        </div>
        <Field type="search" label={words.search} help={words.searchHelp} value={searched} onChange={setSearched} />
        {isSearching ? (
          <SearchResults text={searched.trim()} onEnd={() => setSearched('')} />
        ) : (
          <ThreadList current={threadId} />
        )}
      </div>
      <div className={styles.open}>
        {threadId === undefined ? <p className={styles.choose}>{words.choose}</p> : <Outlet />}
      </div>
    </div>
  )
}

function ThreadList({ current }: { current: string | undefined }) {
  const words = useWords(threadWords)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(threadsQuery)
  const threads = useMemo(() => data?.pages.flatMap((page) => page.threads) ?? [], [data])
  useThreadsLive(threads)
  if (!data) return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />
  if (threads.length === 0)
    return (
      <Empty title={words.none}>
        <p>{words.noneHelp}</p>
      </Empty>
    )
  return (
    <nav aria-label={words.list}>
      <ul className={styles.threads}>
        {threads.map((thread) => (
          <ThreadItem key={thread.threadId} thread={thread} isCurrent={thread.threadId === current} />
        ))}
      </ul>
      {hasNextPage && (
        <Button onPress={() => void fetchNextPage()} isPending={isFetchingNextPage}>
          {words.more}
        </Button>
      )}
    </nav>
  )
}
