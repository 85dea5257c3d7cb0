import { memo, useState } from 'react'
import { hasScope, usePerson } from '../../api/session.ts'
import { FileLinks } from '../../attachments/file-links.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { domainWords } from '../../messages/domain.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { fullMoment, timeOfDay } from '../../messages/times.ts'
import { RecipientName, useRecipientName } from '../../people/people.tsx'
import { EditMessage, WithdrawMessage } from './message-acts.tsx'
import { QuotedLine } from './quoted-line.tsx'
import type { Reader } from './thread-fold.ts'
import type { Post, Thread } from './thread-queries.ts'
import { threadWords } from './thread-words.ts'
import { writingWords } from './writing-words.ts'
import styles from './thread.module.css'

export const messageId = (postId: string) => `message-${postId}`

type MessageProps = {
  post: Post
  thread: Thread
  readers: readonly Reader[] | undefined
  /** The message that this one answers, where it was loaded. */
  answered: Post | undefined
  isFirstUnread: boolean
  isPointedAt: boolean
  onReply: (post: Post) => void
}

export const Message = memo(function Message(props: MessageProps) {
  const { post, thread, readers, answered, isFirstUnread, isPointedAt, onReply } = props
  const words = useWords(threadWords)
  const own = useWords(writingWords)
  const { withdrawal } = useWords(domainWords)
  const person = usePerson()
  const { language } = useLanguage()
  const known = useRecipientName(post.by)
  const [doing, setDoing] = useState<'edit' | 'withdraw'>()
  const isMine = post.by === person.id
  const name = isMine ? person.name : known
  const mayWrite = hasScope(person, 'thread:write') && thread.closedAt === undefined
  const { withdrawn, editedAt, replyTo, urgent, postedAt } = post
  return (
    <li
      id={messageId(post.postId)}
      className={styles.post}
      data-mine={isMine || undefined}
      data-pointed={isPointedAt || undefined}
    >
      {isFirstUnread && <p className={styles.unread}>{words.new}</p>}
      <p className={styles.by}>
        <strong>{name}</strong>
        {isMine && <span className="soft">{`(${own.you})`}</span>}
        <time dateTime={postedAt} title={fullMoment(postedAt, language)} className="soft">
          {timeOfDay(postedAt, language)}
        </time>
        {urgent && <Badge tone="alert">{words.urgent}</Badge>}
        {editedAt !== undefined && !withdrawn && (
          <span className="soft" title={fullMoment(editedAt, language)}>
            {`${words.edited} ${timeOfDay(editedAt, language)}`}
          </span>
        )}
      </p>
      {replyTo !== undefined && <Answered post={answered} />}
      {withdrawn ? (
        <p className={styles.gone}>
          {words.withdrawn}
          {withdrawn.reason && ` (${withdrawal[withdrawn.reason]})`}
        </p>
      ) : doing === 'edit' ? (
        <EditMessage post={post} onDone={() => setDoing(undefined)} />
      ) : (
        <p className={styles.text}>{post.text}</p>
      )}
      {!withdrawn && <MessageExtras post={post} thread={thread} />}
      {mayWrite && !withdrawn && doing !== 'edit' && (
        <div className={`${styles.acts} unprinted`}>
          <Button kind="quiet" onPress={() => onReply(post)} label={words.replyTo(name)}>
            {words.reply}
          </Button>
          {isMine && (
            <>
              <Button kind="quiet" onPress={() => setDoing('edit')}>
                {own.edit}
              </Button>
              <Button kind="quiet" onPress={() => setDoing('withdraw')}>
                {own.withdraw}
              </Button>
            </>
          )}
        </div>
      )}
      <WithdrawMessage post={post} isOpen={doing === 'withdraw'} onDone={() => setDoing(undefined)} />
      {readers && <Readers readers={readers} />}
    </li>
  )
})

const LONGEST_ANSWERED = 90

function Answered({ post }: { post: Post | undefined }) {
  const words = useWords(threadWords)
  const own = useWords(writingWords)
  const text = post?.text ?? ''
  return (
    <blockquote className={styles.answered}>
      {`${own.inAnswerTo} `}
      {post ? (
        <a href={`#${messageId(post.postId)}`}>
          <RecipientName id={post.by} />
          {post.withdrawn
            ? ` : ${words.withdrawn}`
            : ` : ${text.length > LONGEST_ANSWERED ? `${text.slice(0, LONGEST_ANSWERED)}…` : text}`}
        </a>
      ) : (
        own.missingReply
      )}
    </blockquote>
  )
}

function MessageExtras({ post, thread }: { post: Post; thread: Thread }) {
  const words = useWords(threadWords)
  const { circleRole } = useWords(domainWords)
  const { mentions, mentionedRoles, quotes, attachments, threadId, postId } = post
  const { patientId } = thread
  return (
    <>
      {mentions.length + mentionedRoles.length > 0 && (
        <p className={styles.mentions}>
          <span className="soft">{words.mentions}</span>
          {mentions.map((id) => (
            <Badge key={id} tone="calm">
              <RecipientName id={id} />
            </Badge>
          ))}
          {mentionedRoles.map((role) => (
            <Badge key={role} tone="calm">
              {circleRole[role]}
            </Badge>
          ))}
        </p>
      )}
      {quotes.length > 0 && patientId !== undefined && (
        <ul className={styles.quotes} aria-label={words.quote}>
          {quotes.map(({ eventId }) => (
            <li key={eventId}>
              <QuotedLine patientId={patientId} entryId={eventId} />
            </li>
          ))}
        </ul>
      )}
      <FileLinks
        attachments={attachments}
        addressOf={(documentId) => `/threads/${threadId}/posts/${postId}/attachments/${documentId}`}
      />
    </>
  )
}

function Readers({ readers }: { readers: readonly Reader[] }) {
  const words = useWords(threadWords)
  const { language } = useLanguage()
  return (
    <p className={styles.readers}>
      {`${words.readBy} `}
      {readers.map(({ by, at }, place) => (
        <span key={by} title={fullMoment(at, language)}>
          {place > 0 && ', '}
          <RecipientName id={by} />
        </span>
      ))}
    </p>
  )
}
