import { useActs } from '../../acts/acts.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { useWords } from '../../messages/language.tsx'
import { refusalWords } from '../../messages/refusals.ts'
import type { Waiting } from './thread-fold.ts'
import { writingWords } from './writing-words.ts'
import styles from './thread.module.css'

/** Written, and not on record yet: on its way, waiting for the network, or refused. */
export function WaitingMessage({
  waiting: { act, body },
  onTakeBack,
}: {
  waiting: Waiting
  /** To be written again. */
  onTakeBack: (body: Waiting['body']) => void
}) {
  const words = useWords(writingWords)
  const explain = useWords(refusalWords)
  const { drop } = useActs()
  const isRefused = act.state === 'refused'
  const state = isRefused ? words.refused : act.state === 'sending' ? words.sending : words.waiting
  return (
    <li className={styles.post} data-mine data-waiting>
      <p className={styles.by}>
        <strong>{words.you}</strong>
        <Badge tone={isRefused ? 'alert' : 'warn'}>{state}</Badge>
      </p>
      <p className={styles.text}>{body.text}</p>
      {isRefused && <p>{explain(act.refusal?.code ?? '')}</p>}
      {act.state !== 'sending' && (
        <div className={styles.acts}>
          <Button
            kind="quiet"
            onPress={() => {
              onTakeBack(body)
              drop(act.id)
            }}
          >
            {words.takeBack}
          </Button>
          <Button kind="quiet" onPress={() => drop(act.id)}>
            {words.giveUp}
          </Button>
        </div>
      )}
    </li>
  )
}
