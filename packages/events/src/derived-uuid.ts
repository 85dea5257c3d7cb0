import { createHash } from 'node:crypto'

/**
 * A UUID (RFC 9562, version 8) that is a function of its parts: the same parts always give the same id, so that a
 * redelivered event causes nothing new. Not a secret: parts that can be guessed can be recognised.
 */
export function derivedUuid(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
