import { whenIdle } from '../live/when-idle.ts'
import { catalogue } from './language.tsx'

type Sentences = Readonly<Record<string, string>>

/** They come by themselves, soon after the page: nobody is refused anything before. */
let sentences: Readonly<Record<'fr' | 'en', Sentences>> = { fr: {}, en: {} }
whenIdle(async () => {
  const [{ refusalsFr }, { refusalsEn }] = await Promise.all([import('./refusals-fr.ts'), import('./refusals-en.ts')])
  sentences = { fr: refusalsFr, en: refusalsEn }
})

/** Of a code that only a newer platform has, the code is said: somebody will ask for it on the phone. */
const said = (language: 'fr' | 'en', otherwise: (code: string) => string) => (code: string) =>
  Object.hasOwn(sentences[language], code) ? (sentences[language][code] ?? otherwise(code)) : otherwise(code)

export const refusalWords = catalogue({
  fr: said('fr', (code) => `refusé (${code})`),
  en: said('en', (code) => `refused (${code})`),
})
