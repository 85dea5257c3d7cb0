import { catalogue } from './language.tsx'
import { refusalsEn } from './refusals-en.ts'
import { refusalsFr } from './refusals-fr.ts'

/** Of a code that only a newer platform has, the code is said: somebody will ask for it on the phone. */
const said = (words: Readonly<Record<string, string>>, otherwise: (code: string) => string) => (code: string) =>
  Object.hasOwn(words, code) ? (words[code] ?? otherwise(code)) : otherwise(code)

export const refusalWords = catalogue({
  fr: said(refusalsFr, (code) => `refusé (${code})`),
  en: said(refusalsEn, (code) => `refused (${code})`),
})
