import { getRouteApi, Link } from '@tanstack/react-router'
import { useWords } from '../../messages/language.tsx'
import { ThreadView } from './thread-view.tsx'
import { threadWords } from './thread-words.ts'
import styles from './threads.module.css'

const route = getRouteApi('/threads/$threadId')

export function ThreadPage() {
  const words = useWords(threadWords)
  const { threadId } = route.useParams()
  const { post } = route.useSearch()
  return (
    <>
      <Link to="/threads" className={styles.back ?? ''}>
        {words.back}
      </Link>
      <ThreadView key={threadId} threadId={threadId} pointedAt={post} />
    </>
  )
}
