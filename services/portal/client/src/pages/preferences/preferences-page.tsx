import { hasScope, usePerson } from '../../api/session.ts'
import { useLanguage, useWords } from '../../messages/language.tsx'
import { chooseTheme, useTheme } from '../../messages/theme.ts'
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
  const { language, choose } = useLanguage()
  const theme = useTheme()
  return (
    <section className="stack" aria-labelledby="device">
      <h2 id="device">{words.device}</h2>
      <fieldset className={styles.choices}>
        <legend>{words.language}</legend>
        {(['fr', 'en'] as const).map((one) => (
          <label key={one} lang={one}>
            <input type="radio" name="page-language" checked={language === one} onChange={() => choose(one)} />
            {one === 'fr' ? 'Français' : 'English'}
          </label>
        ))}
      </fieldset>
      <fieldset className={styles.choices}>
        <legend>{words.theme}</legend>
        {(['system', 'light', 'dark'] as const).map((one) => (
          <label key={one}>
            <input type="radio" name="page-theme" checked={theme === one} onChange={() => chooseTheme(one)} />
            {words.themes[one]}
          </label>
        ))}
      </fieldset>
    </section>
  )
}
