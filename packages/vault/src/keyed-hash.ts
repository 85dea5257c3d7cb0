import { createHmac, type KeyObject } from 'node:crypto'

/**
 * HMAC-SHA256 of several texts, in base64url: shorter than hexadecimal, as are the indexes of what is found by it. Whoever
 * lacks the key can neither read them back nor try guesses. The first one names what is hashed, so that no two uses of
 * the key ever hash the same thing.
 */
export function keyedHash(key: KeyObject, ...texts: readonly [use: string, ...string[]]): string {
  return createHmac('sha256', key).update(JSON.stringify(texts)).digest('base64url')
}
