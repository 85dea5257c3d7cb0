/** Accents, case, hyphens, apostrophes and spaces are written as one likes: they tell nobody from anybody. */
export function folded(text: string): string {
  const letters = text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll(/œ/gi, 'oe').replaceAll(/æ/gi, 'ae')
  return letters
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim()
}
