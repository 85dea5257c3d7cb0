import { type Charset, decodeText, latin1Text } from './charset.ts'

/** MSH-1 and MSH-2. All are printable ASCII, so they are the same in every character set we read. */
export type Delimiters = { field: string; component: string; repetition: string; escape: string; subcomponent: string }

export const standardDelimiters: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
}

/** C0 controls and DEL, which mean nothing in a field and may mean something to MLLP. C1 is left to the character sets. */
export const controlCharacters = /[^\P{Cc}\u0080-\u009F]/gu

/** A message as lines, each with the line end it had, so that joining them gives the same text again. */
export type Lines = { lines: string[]; ends: string[] }

export const segmentName = /^[A-Z][A-Z0-9]{2}$/

/** The delimiters that the first segment declares; `undefined` when there is no MSH, or they are not five different ones. */
export function readDelimiters(text: string): Delimiters | undefined {
  const declared = /^MSH(?<field>[!-/:-@[-`{-~])(?<others>[!-/:-@[-`{-~]{4,5})(?=\k<field>|[\r\n]|$)/.exec(text)?.groups
  const [component, repetition, escape, subcomponent] = declared?.['others'] ?? ''
  const field = declared?.['field']
  if (!field || !component || !repetition || !escape || !subcomponent) return undefined
  const delimiters = { field, component, repetition, escape, subcomponent }
  return new Set(Object.values(delimiters)).size === 5 ? delimiters : undefined
}

/** Cuts at CR, LF or CRLF. */
export function splitLines(text: string): Lines {
  const parts = text.split(/(\r\n|\r|\n)/)
  return {
    lines: parts.filter((_, index) => index % 2 === 0),
    ends: parts.filter((_, index) => index % 2 === 1),
  }
}

export function joinLines({ lines, ends }: Lines): string {
  return lines.map((line, index) => line + (ends[index] ?? '')).join('')
}

/** Where field `n` of a segment is among its parts: MSH-1 is the separator itself. */
export function fieldIndex(segment: string, field: number): number {
  return segment === 'MSH' ? field - 1 : field
}

/** Writes text so that no character of it means anything to ER7 or MLLP. */
export function escapeText(text: string, delimiters: Delimiters = standardDelimiters): string {
  const { field, component, repetition, escape, subcomponent } = delimiters
  const codes = new Map([
    [field, 'F'],
    [component, 'S'],
    [repetition, 'R'],
    [escape, 'E'],
    [subcomponent, 'T'],
    ['\n', '.br'],
  ])
  return Array.from(text, (character) => {
    const code = codes.get(character) ?? (character < ' ' ? `X${hex(character)}` : undefined)
    return code === undefined ? character : escape + code + escape
  }).join('')
}

/**
 * Reads `\F\ \S\ \T\ \R\ \E\`, `\.br\` (a line feed), `\Xhh…\` (bytes in the message's character set), and drops `\H\`
 * and `\N\` (highlighting). Any other sequence stays as it is written.
 */
export function unescapeText(text: string, delimiters: Delimiters, charset: Charset): string {
  const { escape } = delimiters
  if (!text.includes(escape)) return text
  const parts = text.split(escape)
  let read = parts[0] ?? ''
  for (let index = 1; index < parts.length; index += 1) {
    const code = parts[index] ?? ''
    const closed = index + 1 < parts.length
    const meaning = closed ? meaningOf(code, delimiters, charset) : undefined
    if (meaning === undefined) {
      read += escape + code
    } else {
      index += 1
      read += meaning + (parts[index] ?? '')
    }
  }
  return read
}

function meaningOf(code: string, delimiters: Delimiters, charset: Charset): string | undefined {
  switch (code) {
    case 'F':
      return delimiters.field
    case 'S':
      return delimiters.component
    case 'T':
      return delimiters.subcomponent
    case 'R':
      return delimiters.repetition
    case 'E':
      return delimiters.escape
    case '.br':
      return '\n'
    case 'H':
    case 'N':
      return ''
  }
  return hexMeaning(code, charset)
}

/** The message's text, one character a byte, from its MSH on: byte-order mark and blank lines before it left out. */
export function latin1Message(bytes: Uint8Array): string {
  return latin1Text(bytes).replace(/^(?:\u00EF\u00BB\u00BF)?\s*/, '')
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')
}

const charsetNames = { ascii: 'ASCII', '8859/1': '8859/1', '8859/15': '8859/15', 'utf-8': 'UNICODE UTF-8' } as const

function hexMeaning(code: string, charset: Charset): string | undefined {
  if (!/^X(?:[\dA-Fa-f]{2})+$/.test(code)) return undefined
  return decodeText(Buffer.from(code.slice(1), 'hex'), charsetNames[charset])?.text
}
