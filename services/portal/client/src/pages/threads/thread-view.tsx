import type { PostBody } from '@relais/contracts/post-routes'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCallback, useEffect, useRef } from 'react'
import { useDraft } from '../../acts/draft.ts'
import { hasScope, usePerson } from '../../api/session.ts'
import { Badge } from '../../design/badge.tsx'
import { Answered, Empty } from '../../design/states.tsx'
import { useLatest } from '../../live/latest.ts'
import { domainWords } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { PatientName } from '../../people/people.tsx'
import { Composer } from './composer.tsx'
import { draftOf, EMPTY_DRAFT } from './message-draft.ts'
import { Messages } from './messages.tsx'
import { ThreadSettings } from './thread-settings.tsx'
import { useThreadLive } from './thread-live.ts'
import { type Post, postsQuery, type Thread, threadQuery } from './thread-queries.ts'
import { ThreadMembers } from './thread-members.tsx'
import { threadWords } from './thread-words.ts'
import styles from './thread.module.css'

/** One conversation: who is in it, what was said, and a place to write. */
export function ThreadView({
  threadId,
  pointedAt,
  isOfPatientPage = false,
}: {
  threadId: string
  /** A message that was searched for. */
  pointedAt?: string | undefined
  /** Whose name stands above already. */
  isOfPatientPage?: boolean
}) {
  const words = useWords(threadWords)
  const query = useQuery(threadQuery(threadId))
  const isOver = useThreadLive(threadId)
  if (isOver)
    return (
      <div role="alert">
        <Empty title={words.endedTitle}>
          <p>{words.ended}</p>
        </Empty>
      </div>
    )
  return (
    <Answered query={query}>
      {(thread) => <OpenedThread thread={thread} pointedAt={pointedAt} isOfPatientPage={isOfPatientPage} />}
    </Answered>
  )
}

/** Where a message is written: there is one on a page. */
const write = () => document.querySelector<HTMLTextAreaElement>('textarea[name="message"]')?.focus()

type OpenedProps = { thread: Thread; pointedAt: string | undefined; isOfPatientPage: boolean }

function OpenedThread({ thread, pointedAt, isOfPatientPage }: OpenedProps) {
  const words = useWords(threadWords)
  const { threadKind } = useWords(domainWords)
  const person = usePerson()
  const heading = useRef<HTMLHeadingElement>(null)
  const { threadId, title, kind, patientId, closedAt } = thread
  const [draft, setDraft, clearDraft] = useDraft(`message ${threadId}`, EMPTY_DRAFT)
  const latest = useLatest(draft)
  const { data } = useInfiniteQuery(postsQuery(threadId))
  const answered = data?.pages.flatMap(({ posts }) => posts).find(({ postId }) => postId === draft.replyTo)
  const reply = useCallback(
    ({ postId }: Post) => {
      setDraft({ ...latest.current, replyTo: postId })
      write()
    },
    [latest, setDraft],
  )
  const takeBack = useCallback(
    (body: PostBody) => {
      setDraft(draftOf(body))
      write()
    },
    [setDraft],
  )
  useEffect(() => {
    // After the page that it is part of has taken the focus, as each page does.
    const frame = requestAnimationFrame(() => heading.current?.focus({ preventScroll: true }))
    return () => cancelAnimationFrame(frame)
  }, [])
  return (
    <article className={styles.thread} aria-labelledby="thread-title">
      <header className={styles.head}>
        <div className={styles.what}>
          <h2 id="thread-title" ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <p className="row">
            {(patientId === undefined || kind !== 'patient') && <span className="soft">{threadKind[kind]}</span>}
            {closedAt !== undefined && <Badge>{words.closed}</Badge>}
          </p>
          {patientId !== undefined && !isOfPatientPage && (
            <p>
              {`${words.about} `}
              <Link to="/patients/$patientId" params={{ patientId }}>
                <PatientName patientId={patientId} />
              </Link>
            </p>
          )}
        </div>
        <div className="row unprinted">
          <ThreadMembers thread={thread} />
          <ThreadSettings thread={thread} />
        </div>
      </header>
      <Messages thread={thread} pointedAt={pointedAt} onReply={reply} onTakeBack={takeBack} />
      {closedAt !== undefined ? (
        <p className={styles.notice}>{words.readOnly}</p>
      ) : hasScope(person, 'thread:write') ? (
        <Composer thread={thread} draft={draft} onChange={setDraft} onSent={clearDraft} answered={answered} />
      ) : (
        <p className={styles.notice}>{words.mayNotWrite}</p>
      )}
    </article>
  )
}
