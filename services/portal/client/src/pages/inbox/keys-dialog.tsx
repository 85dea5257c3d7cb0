import { useState } from 'react'
import { Dialog } from '../../design/dialog.tsx'
import { Tick } from '../../design/field.tsx'
import { capital } from '../../messages/domain.ts'
import { useWords } from '../../messages/language.tsx'
import { actKeys, type InboxAct } from './inbox-acts.ts'
import { inboxWords } from './inbox-words.ts'
import { keysAreOn, turnKeys } from './use-inbox-keys.ts'
import styles from './inbox.module.css'

const shown: readonly InboxAct[] = [
  'acknowledge',
  'handle',
  'accept',
  'decline',
  'answer',
  'ask',
  'schedule',
  'seen',
  'take',
  'askOthers',
  'notMine',
]

/** What each key does; and that none does, for who prefers so. */
export function KeysDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const words = useWords(inboxWords)
  const [areOn, setOn] = useState(keysAreOn)
  const lines: [string, string][] = [
    ['j  k  ↓  ↑', words.move],
    ['↵', words.opens],
    ['Esc', words.closes],
    ...shown.map((act): [string, string] => [actKeys[act], words.acts[act].act.replace('…', '')]),
    ['u', words.orders],
    ['?', words.showsKeys],
  ]
  return (
    <Dialog title={words.keys} isOpen={isOpen} onClose={onClose}>
      <dl className={styles.keys}>
        {lines.map(([keys, word]) => (
          <div key={word}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{capital(word)}</dd>
          </div>
        ))}
      </dl>
      <Tick
        isOn={areOn}
        onChange={(isOn) => {
          turnKeys(isOn)
          setOn(isOn)
        }}
      >
        {words.keysOn}
      </Tick>
    </Dialog>
  )
}
