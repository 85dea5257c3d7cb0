import type { Encoding } from './format.ts'

const isAscii = (bytes: Uint8Array) => bytes.every((byte) => byte < 0x80)

/**
 * The text of whole lines, and the encoding they show: `undefined` while all of it is ASCII. A file keeps the encoding
 * that it first showed. `undefined` for bytes that are no text in any encoding allowed: UTF-16, or two of them mixed.
 */
export function readText(
  bytes: Uint8Array,
  { known, allowed }: { known: Encoding | undefined; allowed: readonly Encoding[] },
): { text: string; encoding: Encoding | undefined } | undefined {
  if (bytes.includes(0)) return undefined
  if (isAscii(bytes)) return { text: new TextDecoder().decode(bytes), encoding: known }
  for (const encoding of known ? [known] : allowed) {
    const text = decoded(bytes, encoding)
    if (text !== undefined) return { text, encoding }
  }
  return undefined
}

function decoded(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
