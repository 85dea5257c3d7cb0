import { useId } from 'react'
import { useLanguage, useWords } from '../messages/language.tsx'
import { chooseTheme, useTheme } from '../messages/theme.ts'
import { frameWords } from './frame-words.ts'
import styles from './frame.module.css'

/** The language and the look of this device. */
export function Appearance() {
  const words = useWords(frameWords)
  const { language, choose } = useLanguage()
  const theme = useTheme()
  const name = useId()
  return (
    <>
      <fieldset className={styles.choices}>
        <legend>{words.language}</legend>
        {(['fr', 'en'] as const).map((one) => (
          <label key={one} lang={one}>
            <input type="radio" name={`${name}language`} checked={language === one} onChange={() => choose(one)} />
            {one === 'fr' ? 'Français' : 'English'}
          </label>
        ))}
      </fieldset>
      <fieldset className={styles.choices}>
        <legend>{words.theme}</legend>
        {(['system', 'light', 'dark'] as const).map((one) => (
          <label key={one}>
            <input type="radio" name={`${name}theme`} checked={theme === one} onChange={() => chooseTheme(one)} />
            {words.themes[one]}
          </label>
        ))}
      </fieldset>
    </>
  )
}
