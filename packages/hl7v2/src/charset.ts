import { isAscii, isUtf8 } from 'node:buffer'

/** The character sets we read and write. `8859/1` here is the real one, not the browsers' windows-1252. */
export type Charset = 'ascii' | '8859/1' | '8859/15' | 'utf-8'

/** `unexpected`: read, but not plainly what MSH-18 announced. */
export type DecodedText = { text: string; charset: Charset; unexpected: boolean }

/** HL7 table 0211, and the spellings of it that circulate. */
const declaredCharsets = new Map<string, Charset>([
  ['ASCII', 'ascii'],
  ['8859/1', '8859/1'],
  ['ISO-8859-1', '8859/1'],
  ['8859/15', '8859/15'],
  ['ISO-8859-15', '8859/15'],
  ['UNICODE UTF-8', 'utf-8'],
  ['UTF-8', 'utf-8'],
])

/** ISO 8859-15 is ISO 8859-1 with eight other characters. */
const latin9 = new Map([
  ['\u00A4', '€'],
  ['\u00A6', 'Š'],
  ['\u00A8', 'š'],
  ['\u00B4', 'Ž'],
  ['\u00B8', 'ž'],
  ['\u00BC', 'Œ'],
  ['\u00BD', 'œ'],
  ['\u00BE', 'Ÿ'],
])
const latin9Reversed = new Map([...latin9].map(([latin1, character]) => [character, latin1]))

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Decodes a message by what its MSH-18 declares. `undefined`: unreadable; nothing is ever replaced or guessed silently.
 *
 * - `UNICODE UTF-8`: bytes that are not UTF-8 are unreadable.
 * - `8859/1`, `8859/15`: every byte has a meaning; unexpected when it would also be UTF-8 beyond ASCII, or holds bytes
 *   0x80–0x9F (windows-1252), but read as declared.
 * - `ASCII`: bytes beyond ASCII are unexpected, and read as an empty MSH-18 is.
 * - empty: UTF-8 where the bytes are; else 8859/15, the French default, which is unexpected.
 * - any other name: read while the bytes are plain ASCII, which is unexpected; else unreadable.
 */
export function decodeText(bytes: Uint8Array, declared: string): DecodedText | undefined {
  const name = declared.trim().toUpperCase()
  const charset = declaredCharsets.get(name)
  if (isAscii(bytes))
    return { text: latin1Text(bytes), charset: charset ?? 'ascii', unexpected: name !== '' && charset === undefined }
  if (charset === 'utf-8') return decodeUtf8(bytes, false)
  if (charset === '8859/1' || charset === '8859/15') return decodeLatin(bytes, charset)
  if (name === '' || charset === 'ascii')
    return decodeUtf8(bytes, charset === 'ascii') ?? { text: latin9Text(bytes), charset: '8859/15', unexpected: true }
  return undefined
}

/** Encodes; `undefined` when the character set lacks one of the characters. */
export function encodeText(text: string, charset: Charset): Uint8Array | undefined {
  if (charset === 'utf-8') return text.isWellFormed() ? new TextEncoder().encode(text) : undefined
  const latin1 = charset === '8859/15' ? toLatin9(text) : text
  const highest = charset === 'ascii' ? 0x7f : 0xff
  for (let index = 0; index < latin1.length; index += 1) if (latin1.charCodeAt(index) > highest) return undefined
  return new Uint8Array(Buffer.from(latin1, 'latin1'))
}

/** One character a byte, whatever the character set: for looking at delimiters, which are ASCII in all of ours. */
export function latin1Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function decodeUtf8(bytes: Uint8Array, unexpected: boolean): DecodedText | undefined {
  return isUtf8(bytes) ? { text: utf8.decode(bytes), charset: 'utf-8', unexpected } : undefined
}

function decodeLatin(bytes: Uint8Array, charset: '8859/1' | '8859/15'): DecodedText {
  const text = charset === '8859/15' ? latin9Text(bytes) : latin1Text(bytes)
  const unexpected = isUtf8(bytes) || bytes.some((byte) => byte >= 0x80 && byte <= 0x9f)
  return { text, charset, unexpected }
}

function latin9Text(bytes: Uint8Array): string {
  return latin1Text(bytes).replaceAll(/[\u00A4\u00A6\u00A8\u00B4\u00B8\u00BC-\u00BE]/g, (one) => latin9.get(one) ?? one)
}

/** The characters that 8859/15 gave up become one that no single byte encodes. */
function toLatin9(text: string): string {
  return Array.from(text, (one) => (latin9.has(one) ? '\uFFFF' : (latin9Reversed.get(one) ?? one))).join('')
}
