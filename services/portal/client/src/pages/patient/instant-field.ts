import { instantOfInput } from '../../messages/local-time.ts'

/** The end of the minute that a field says: what happened in it is part of it. `undefined` for a field that says nothing. */
export function endOfMinute(text: string): string | undefined {
  const begin = instantOfInput(text)
  return begin === undefined ? undefined : new Date(Date.parse(begin) + 59_999).toISOString()
}
