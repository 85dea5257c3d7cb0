import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

export type Language = 'fr' | 'en'

/** The same words in both languages: one shape, so that a word that is missing does not compile. */
export type Catalogue<Words> = Readonly<Record<Language, Words>>

export function catalogue<Words>(words: Catalogue<Words>): Catalogue<Words> {
  return words
}

type Chosen = { language: Language; choose(language: Language): void }

const KEPT = 'relais.language'
const LanguageContext = createContext<Chosen>({ language: 'fr', choose: () => {} })

/** French, unless this device was told otherwise, or speaks English and was told nothing. */
function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'fr' || kept === 'en') return kept
  return navigator.language.startsWith('en') ? 'en' : 'fr'
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const chosen = useMemo(
    () => ({
      language,
      choose(next: Language) {
        localStorage.setItem(KEPT, next)
        setLanguage(next)
      },
    }),
    [language],
  )
  return <LanguageContext value={chosen}>{children}</LanguageContext>
}

export function useLanguage(): Chosen {
  return useContext(LanguageContext)
}

/** The words of a part of the application, in the language of who reads. */
export function useWords<Words>(words: Catalogue<Words>): Words {
  return words[useLanguage().language]
}
