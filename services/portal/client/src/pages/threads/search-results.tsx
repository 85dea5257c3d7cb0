import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Moment } from '../../design/moment.tsx'
import { Answered } from '../../design/states.tsx'
import { useWords } from '../../messages/language.tsx'
import { RecipientName } from '../../people/people.tsx'
import { type Post, searchQuery, threadQuery } from './thread-queries.ts'
import { threadWords } from './thread-words.ts'
import styles from './threads.module.css'

const PAUSE_MILLISECONDS = 300
const LONGEST_SHOWN = 160

export function SearchResults({ text, onEnd }: { text: string; onEnd: () => void }) {
  const words = useWords(threadWords)
  const [asked, setAsked] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), PAUSE_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [text])
  const query = useQuery(searchQuery(asked))
  return (
    <section aria-label={words.search} className="stack">
      <Answered query={query}>
        {({ posts }) => (
          <>
            <p role="status">{posts.length === 0 ? words.noResult : words.results(posts.length)}</p>
            <ul className={styles.threads}>
              {posts.map((post) => (
                <FoundPost key={post.postId} post={post} />
              ))}
            </ul>
          </>
        )}
      </Answered>
      <div>
        <Button onPress={onEnd}>{words.endSearch}</Button>
      </div>
    </section>
  )
}

function FoundPost({ post: { threadId, postId, by, postedAt, text = '' } }: { post: Post }) {
  const { data: thread } = useQuery(threadQuery(threadId))
  return (
    <li>
      <Link to="/threads/$threadId" params={{ threadId }} search={{ post: postId }} className={styles.item ?? ''}>
        <strong>{thread?.title ?? '…'}</strong>
        <span>{text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text}</span>
        <span className="soft">
          <RecipientName id={by} />, <Moment at={postedAt} />
        </span>
      </Link>
    </li>
  )
}
