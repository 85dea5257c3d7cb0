import { folded } from '../domain/folded.ts'

/** Words of one subject that are searched; what is beyond them is found by the others. */
export const MOST_WORDS = 14

/** The words of a text as they are searched: folded, in lower case. */
export function wordsOf(text: string): string[] {
  return folded(text)
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '')
}

/** The distinct words of several texts, the first ones first. */
export function distinctWords(...texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap(wordsOf))].slice(0, MOST_WORDS)
}
