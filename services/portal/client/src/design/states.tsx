import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Refused, Unreachable } from '../api/problem.ts'
import { useWords } from '../messages/language.tsx'
import { Button } from './button.tsx'
import { designWords } from './design-words.ts'
import styles from './states.module.css'

type OfPage = {
  /** It stands for a whole page, and is its heading. */
  isPage?: boolean
}

/** Nothing to show, which is worth a sentence: what it means, and what comes next. */
export function Empty({
  title,
  children,
  isPage = false,
}: {
  title: string
  children?: ReactNode
} & OfPage) {
  return (
    <div className={styles.state}>
      {isPage ? <h1 className={styles.title}>{title}</h1> : <p className={styles.title}>{title}</p>}
      {children}
    </div>
  )
}

export function Loading({ isPage = false }: OfPage) {
  const words = useWords(designWords)
  return (
    <div className={styles.state} role="status">
      <span className={styles.dots} aria-hidden="true" />
      {isPage ? <h1 className={styles.title}>{words.loading}</h1> : <p>{words.loading}</p>}
    </div>
  )
}

/** What went wrong, in words, and what can be done about it. */
export function Failed({
  error,
  retry,
  isPage = false,
}: {
  error: unknown
  retry?: () => void
} & OfPage) {
  const words = useWords(designWords)
  const isRefused = error instanceof Refused
  const text = isRefused
    ? error.status === 404
      ? words.notFound
      : words.refused
    : error instanceof Unreachable
      ? words.offline
      : words.failed
  return (
    <div className={styles.state} role="alert" data-kind="failed">
      {isPage ? <h1 className={styles.title}>{text}</h1> : <p className={styles.title}>{text}</p>}
      {retry && !isRefused && <Button onPress={retry}>{words.retry}</Button>}
      {isRefused && <a href="/app/">{words.home}</a>}
    </div>
  )
}

/**
 * One answer of the platform, in each of its states. What was shown before stays while it is asked again, also when that
 * fails: an old board that says so is worth more than none.
 */
export function Answered<Value>({
  query,
  children,
  isPage = false,
}: {
  query: UseQueryResult<Value>
  children: (value: Value) => ReactNode
} & OfPage) {
  if (query.data !== undefined) return children(query.data)
  const error = query.error ?? (query.fetchStatus === 'paused' ? new Unreachable('no network') : undefined)
  if (error) return <Failed error={error} retry={() => void query.refetch()} isPage={isPage} />
  return <Loading isPage={isPage} />
}
