import type { RepairEdit } from '@relais/contracts/messages'
import { type Charset, decodeText, encodeText, latin1Text } from './charset.ts'
import { controlCharacters, fieldIndex, joinLines, readDelimiters, splitLines } from './er7.ts'
import { readHeader } from './header.ts'

/** No segment of HL7 v2 has as many. Each field up to the one that an edit names is written out. */
const HIGHEST_FIELD = 200
const LARGEST_BYTES = 1_048_576

/**
 * Applies a repair, edit by edit, to the bytes of a message, also of one that cannot be parsed. Every byte that no edit
 * names stays as it is, line ends included; values are ER7 as it is to stand, written in the character set of MSH-18
 * (the repaired one, where an edit sets it).
 *
 * `undefined` when the repair cannot be applied: no such segment, no such field to remove, a field above 200, MSH-1 or
 * MSH-2, a value with a field separator or control characters, or one that the character set lacks, or a message that
 * would be larger than `maxBytes` (1 MiB unless given).
 */
export function applyEdits(
  bytes: Uint8Array,
  edits: readonly RepairEdit[],
  { maxBytes = LARGEST_BYTES }: { maxBytes?: number } = {},
): Uint8Array | undefined {
  const text = latin1Text(bytes)
  const start = text.search(/MSH/)
  const delimiters = start === -1 ? undefined : readDelimiters(text.slice(start))
  if (!delimiters) return undefined
  const charset = charsetAfter(bytes, edits)
  if (!charset) return undefined
  const { lines, ends } = splitLines(text.slice(start))
  for (const edit of edits) {
    const value = 'value' in edit ? encodedValue(edit.value, delimiters.field, charset) : ''
    if (value === undefined) return undefined
    if (!applyEdit(lines, { edit, value, separator: delimiters.field })) return undefined
  }
  const repaired = text.slice(0, start) + joinLines({ lines, ends })
  return repaired.length > maxBytes ? undefined : new Uint8Array(Buffer.from(repaired, 'latin1'))
}

type Step = { edit: RepairEdit; value: string; separator: string }

function applyEdit(lines: string[], { edit, value, separator }: Step): boolean {
  const place = /^(?<segment>\w{3})(?:\[(?<occurrence>\d{1,4})\])?-(?<field>\d{1,3})$/.exec(edit.path)?.groups
  const { segment = '', occurrence = '1', field = '0' } = place ?? {}
  if (Number(field) > HIGHEST_FIELD) return false
  const line = indexOfSegment(lines, segment, { occurrence: Number(occurrence), separator })
  const index = fieldIndex(segment, Number(field))
  if (line === -1 || index < (segment === 'MSH' ? 2 : 1)) return false
  const fields = (lines[line] ?? '').split(separator)
  if (edit.op === 'removeField' && index >= fields.length) return false
  while (fields.length < index + (edit.op === 'set' ? 1 : 0)) fields.push('')
  if (edit.op === 'removeField') fields.splice(index, 1)
  else fields.splice(index, edit.op === 'set' ? 1 : 0, value)
  lines[line] = fields.join(separator)
  return true
}

type Wanted = { occurrence: number; separator: string }

function indexOfSegment(lines: readonly string[], segment: string, { occurrence, separator }: Wanted): number {
  let seen = 0
  return lines.findIndex((line) => {
    if (line !== segment && !line.startsWith(segment + separator)) return false
    seen += 1
    return seen === occurrence
  })
}

/** The value's bytes, one character each. */
function encodedValue(value: string, separator: string, charset: Charset): string | undefined {
  if (value.includes(separator) || value.search(controlCharacters) !== -1) return undefined
  const encoded = encodeText(value, charset)
  return encoded && latin1Text(encoded)
}

/** A character set that we cannot read still lets ASCII edits through, such as the one that corrects MSH-18. */
function charsetAfter(bytes: Uint8Array, edits: readonly RepairEdit[]): Charset | undefined {
  const set = edits.findLast(({ op, path }) => op === 'set' && /^MSH(?:\[1\])?-18$/.test(path))
  const declared = set && 'value' in set ? set.value : readHeader(bytes).charset
  return (decodeText(bytes, declared) ?? { charset: 'ascii' as const }).charset
}
