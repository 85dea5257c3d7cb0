import { hasScope, usePerson } from '../../api/session.ts'
import { useWords } from '../../messages/language.tsx'
import { Appearance } from '../../frame/appearance.tsx'
import { ConversationPreferences } from './conversation-preferences.tsx'
import { preferencesWords } from './preferences-words.ts'
import styles from './preferences.module.css'

export function PreferencesPage() {
  const words = useWords(preferencesWords)
  const person = usePerson()
  return (
    <div className={styles.page}>
      <h1>{words.title}</h1>
      <DevicePreferences />
      {hasScope(person, 'thread:read') && <ConversationPreferences />}
    </div>
  )
}

function DevicePreferences() {
  const words = useWords(preferencesWords)
  return (
    <section className="stack" aria-labelledby="device">
      <h2 id="device">{words.device}</h2>
      <Appearance />
    </section>
  )
}
