const MOST_WORDS = 1000

/** The distinct words of a text as they are searched: whatever their accents and their case. */
export function wordsOf(text: string): string[] {
  const letters = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
  const words = letters.match(/[\p{L}\p{N}]{2,60}|\p{N}/gu) ?? []
  return [...new Set(words)].slice(0, MOST_WORDS)
}
