import { useInfiniteQuery } from '@tanstack/react-query'
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useActs } from '../../acts/acts.tsx'
import { usePerson } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Failed, Loading } from '../../design/states.tsx'
import { useNow } from '../../live/now.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { day } from '../../messages/times.ts'
import { Message, messageId } from './message.tsx'
import { byDay, firstUnread, messagesOf, readersOf, type Waiting } from './thread-fold.ts'
import { useReadMark } from './thread-live.ts'
import { type Post, postsQuery, type Thread } from './thread-queries.ts'
import { threadWords } from './thread-words.ts'
import styles from './thread.module.css'
import { WaitingMessage } from './waiting-message.tsx'

/** A search goes back so many pages, and no further. */
const MOST_PAGES = 20
/** What stands below the place where one writes. */
const BELOW_PIXELS = 40

type MessagesProps = {
  thread: Thread
  pointedAt: string | undefined
  onReply: (post: Post) => void
  onTakeBack: (body: Waiting['body']) => void
}

/** It is not made anew with each letter that is written below it. */
export const Messages = memo(function Messages({ thread, pointedAt, onReply, onTakeBack }: MessagesProps) {
  const words = useWords(threadWords)
  const { threadId, marks } = thread
  const { id: self } = usePerson()
  const { acts } = useActs()
  const query = useInfiniteQuery(postsQuery(threadId))
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query
  const { posts, waiting } = useMemo(
    () => messagesOf(threadId, { pages: data?.pages ?? [], acts }),
    [threadId, data, acts],
  )
  const readers = useMemo(() => readersOf(marks, self), [marks, self])
  // Where reading begins stays where it was, while marks move on.
  const [unread, setUnread] = useState<{ from: string | undefined }>()
  if (unread === undefined && data)
    setUnread({ from: pointedAt === undefined ? firstUnread(posts, marks, self) : undefined })

  const isFound = pointedAt !== undefined && posts.some(({ postId }) => postId === pointedAt)
  const isSought = pointedAt !== undefined && !isFound && (data?.pages.length ?? 0) < MOST_PAGES
  useEffect(() => {
    if (isSought && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [isSought, hasNextPage, isFetchingNextPage, fetchNextPage])

  const start = isFound ? pointedAt : unread?.from
  const last = waiting.at(-1)?.postId ?? posts.at(-1)?.postId
  const { end, hasNewBelow, goToEnd } = useEnd({ start, last, threadId, lastPosted: posts.at(-1)?.postId })

  if (!data) return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />
  return (
    <div className={styles.messages}>
      {hasNextPage && (
        <Button onPress={() => void fetchNextPage()} isPending={isFetchingNextPage}>
          {words.older}
        </Button>
      )}
      {posts.length + waiting.length === 0 && <p className="soft">{words.noMessage}</p>}
      <div role="log" aria-label={words.messages}>
        {byDay(posts).map(({ date, posts: ofDay }) => (
          <section key={date}>
            <DayHeading at={ofDay[0]?.postedAt ?? date} />
            <ol className={styles.posts}>
              {ofDay.map((post) => (
                <Message
                  key={post.postId}
                  post={post}
                  thread={thread}
                  readers={readers.get(post.postId)}
                  answered={
                    post.replyTo === undefined ? undefined : posts.find(({ postId }) => postId === post.replyTo)
                  }
                  isFirstUnread={post.postId === unread?.from}
                  isPointedAt={post.postId === pointedAt}
                  onReply={onReply}
                />
              ))}
            </ol>
          </section>
        ))}
        {waiting.length > 0 && (
          <ol className={styles.posts}>
            {waiting.map((one) => (
              <WaitingMessage key={one.postId} waiting={one} onTakeBack={onTakeBack} />
            ))}
          </ol>
        )}
      </div>
      <div ref={end} />
      {hasNewBelow && (
        <div className={styles.below}>
          <Button kind="primary" onPress={goToEnd} label={`${words.newOnes}. ${words.toNewest}`}>
            {words.newOnes} ↓
          </Button>
        </div>
      )}
    </div>
  )
})

function DayHeading({ at }: { at: string }) {
  const { language } = useLanguage()
  return <h3 className={styles.day}>{day(at, useNow(), language)}</h3>
}

/** By the place where one writes, at the end of the screen. */
function coveredPixels(): number {
  const composer = document.querySelector<HTMLElement>('form[data-composer]')
  return composer && getComputedStyle(composer).position === 'sticky' ? composer.offsetHeight : 0
}

/** What is last is seen above the place where one writes, which covers what is behind it. */
function showEnd(end: HTMLElement | null): void {
  if (!end) return
  end.style.scrollMarginBlockEnd = `${coveredPixels() + BELOW_PIXELS}px`
  end.scrollIntoView({ block: 'end' })
}

type Where = { start: string | undefined; last: string | undefined; lastPosted: string | undefined; threadId: string }

/**
 * Opens where reading begins, follows what is said while the reader is at the end, and moves nothing while he or she is
 * elsewhere. Whatever is seen at the end is read.
 */
function useEnd({ start, last, lastPosted, threadId }: Where) {
  const end = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const hasOpened = useRef(false)
  const seenLast = useRef<string>(undefined)
  const [hasNewBelow, setNewBelow] = useState(false)
  const markRead = useReadMark(threadId)
  const goToEnd = () => showEnd(end.current)

  useLayoutEffect(() => {
    if (last === undefined) return
    const target = start === undefined ? undefined : document.getElementById(messageId(start))
    if (!hasOpened.current) {
      hasOpened.current = true
      if (target) target.scrollIntoView({ block: 'center' })
      else showEnd(end.current)
    } else if (seenLast.current !== last) {
      if (isAtEnd.current) showEnd(end.current)
      else setNewBelow(true)
    }
    seenLast.current = last
  }, [last, start])

  useEffect(() => {
    const element = end.current
    if (!element || lastPosted === undefined) return
    const onSeen: IntersectionObserverCallback = ([seen]) => {
      isAtEnd.current = seen?.isIntersecting ?? false
      if (!isAtEnd.current) return
      setNewBelow(false)
      markRead(lastPosted)
    }
    const observer = new IntersectionObserver(onSeen, { rootMargin: `0px 0px -${coveredPixels()}px 0px` })
    observer.observe(element)
    const look = () => {
      if (isAtEnd.current) markRead(lastPosted)
    }
    document.addEventListener('visibilitychange', look)
    return () => {
      observer.disconnect()
      document.removeEventListener('visibilitychange', look)
    }
  }, [lastPosted, markRead])
  return { end, hasNewBelow, goToEnd }
}
