/** Where a page ended, to be given back for the next one. It means nothing outside the view it comes from. */
export function cursorOf(...parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** The parts of a cursor, or `undefined` for a text that is none. */
export function partsOf(cursor: string, count: number): string[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const areTexts = Array.isArray(parts) && parts.length === count && parts.every((part) => typeof part === 'string')
    return areTexts ? parts : undefined
  } catch {
    return undefined
  }
}
