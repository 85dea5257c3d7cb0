import { exchangeWords } from './exchange-words.ts'
import { stayWords } from './stay-words.ts'

/** What a person reads in place of each code; `--json` keeps the codes. A code without its words does not pass the types. */
export const words = { ...stayWords, ...exchangeWords }

/** The words for a code that its contract leaves open; a code that this build does not know stays as it is. */
export function wordsFor(of: 'because' | 'fact' | 'moment', code: string): string {
  const known: Readonly<Record<string, string>> = words[of]
  return (Object.hasOwn(known, code) ? known[code] : undefined) ?? code
}
