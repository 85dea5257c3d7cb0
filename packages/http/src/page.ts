import { z } from 'zod'

const Keys = z.array(z.string()).min(1).max(4)

/** Where the next page begins, after the row of these keys. It says nothing that the row did not, and is of one list only. */
export function pageCursor(...keys: readonly string[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url')
}

/** The keys of a cursor that `pageCursor` made; `undefined` for any other text. */
export function pageKeys(cursor: string): string[] | undefined {
  try {
    return Keys.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString())).data
  } catch {
    return undefined
  }
}
