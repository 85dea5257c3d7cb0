import { useEffect, useState } from 'react'
import { Button } from '../design/button.tsx'
import { useStaleSince } from '../live/staleness.ts'
import { platformTime } from '../live/now.ts'
import { useLanguage, useWords } from '../messages/language.tsx'
import { timeOfDay } from '../messages/times.ts'
import { frameWords } from './frame-words.ts'
import { useNewVersion } from './new-version.ts'
import styles from './frame.module.css'

const PATIENCE_MILLISECONDS = 1500

/** At the head of every page: that what it shows is not live, and that there is a newer version of the application. */
export function PageNotes() {
  const words = useWords(frameWords)
  const { language } = useLanguage()
  const staleSince = useLasting(useStaleSince())
  const version = useNewVersion()
  return (
    <div role="status">
      {staleSince !== undefined && (
        <p className={styles.line} data-kind="warn">
          {words.stale(timeOfDay(platformTime(staleSince), language))}
        </p>
      )}
      {version !== undefined && (
        <p className={styles.line} data-kind="warn">
          {words.newVersion} <Button onPress={() => location.reload()}>{words.takeNewVersion}</Button>
        </p>
      )}
    </div>
  )
}

/** What lasts: a moment without an answer is nothing to be told of. */
function useLasting(instant: number | undefined): number | undefined {
  const isSo = instant !== undefined
  const [lasts, setLasts] = useState(false)
  useEffect(() => {
    if (!isSo) return
    const timer = setTimeout(() => setLasts(true), PATIENCE_MILLISECONDS)
    return () => {
      clearTimeout(timer)
      setLasts(false)
    }
  }, [isSo])
  return lasts ? instant : undefined
}
