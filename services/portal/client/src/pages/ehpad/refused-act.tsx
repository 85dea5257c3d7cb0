import type { KeptAct } from '../../acts/outbox.ts'
import { useWords } from '../../messages/language.tsx'
import { refusalWords } from '../../messages/refusals.ts'
import { registerWords } from './register-words.ts'
import styles from './register.module.css'

/** Why the platform said no to what was sent from here. */
export function RefusedAct({ act }: { act: KeptAct | undefined }) {
  const words = useWords(registerWords)
  const explain = useWords(refusalWords)
  if (act?.state !== 'refused') return null
  return (
    <p role="alert" className={styles.refused}>
      {words.refused} : {explain(act.refusal?.code ?? '')}
    </p>
  )
}
