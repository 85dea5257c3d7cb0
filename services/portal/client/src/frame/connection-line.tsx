import { useEffect, useState } from 'react'
import { useActs } from '../acts/acts.tsx'
import { actWords } from '../acts/act-words.ts'
import { Button } from '../design/button.tsx'
import { useConnection } from '../live/live.tsx'
import { platformTime } from '../live/now.ts'
import { useLanguage, useWords } from '../messages/language.tsx'
import { timeOfDay } from '../messages/times.ts'
import { frameWords } from './frame-words.ts'
import styles from './frame.module.css'

const PATIENCE_MILLISECONDS = 1500
const BACK_MILLISECONDS = 6000

/** Whether the page is live; what waits to be sent, and what was refused. Says nothing while all is well. */
export function ConnectionLine() {
  const { state, since, hasBeenLost } = useConnection()
  const words = useWords(frameWords)
  const { language } = useLanguage()
  const isLost = usePassed(state === 'reconnecting', since, PATIENCE_MILLISECONDS)
  const isBack = !usePassed(true, since, BACK_MILLISECONDS) && state === 'open' && hasBeenLost
  const at = timeOfDay(platformTime(since), language)
  return (
    <div className={styles.lines} role="status">
      {isLost && (
        <p className={styles.line} data-kind="warn">
          {words.lost(at)}
        </p>
      )}
      {isBack && (
        <p className={styles.line} data-kind="done">
          {words.back}
        </p>
      )}
      {state === 'closed' && (
        <p className={styles.line} data-kind="alert">
          {words.closed} <Button onPress={() => location.reload()}>{words.reload}</Button>
        </p>
      )}
      <WaitingActs />
    </div>
  )
}

function WaitingActs() {
  const { acts, retry, drop } = useActs()
  const words = useWords(actWords)
  const waiting = acts.filter(({ state }) => state === 'waiting')
  const refused = acts.filter(({ state }) => state === 'refused')
  return (
    <>
      {waiting.length > 0 && (
        <p className={styles.line} data-kind="warn">
          {words.waiting(waiting.length)} <Button onPress={retry}>{words.retry}</Button>
        </p>
      )}
      {refused.length > 0 && (
        <p className={styles.line} data-kind="alert">
          {words.refused(refused.length)}
          {`: ${refused.map(({ what }) => what).join(', ')} `}
          <Button onPress={() => refused.forEach(({ id }) => drop(id))}>{words.drop}</Button>
        </p>
      )}
    </>
  )
}

/** Whether something has been so since `since`, for longer than `milliseconds`. */
function usePassed(isSo: boolean, since: number, milliseconds: number): boolean {
  const [passed, setPassed] = useState<number>()
  useEffect(() => {
    if (!isSo) return
    const left = Math.max(0, since + milliseconds - Date.now())
    const timer = setTimeout(() => setPassed(since), left)
    return () => clearTimeout(timer)
  }, [isSo, since, milliseconds])
  return isSo && passed === since
}
