import { domainEn } from './domain-en.ts'
import { domainFr } from './domain-fr.ts'
import { catalogue } from './language.tsx'

/** What is said of every code of the domain that pages show: `useWords(domainWords).notice[nature]`. */
export const domainWords = catalogue({ fr: domainFr, en: domainEn })

/** Where a word begins a line. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** Of a code that comes from outside, and of which a sender may have more than are known here. */
export function wordOf(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code
}
