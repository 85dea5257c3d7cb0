import type { FileRefusal, ImportNote } from '@relais/contracts/import-routes'
import { readText } from './encoding.ts'
import type { Encoding, Format, Layout } from './format.ts'

/** How far the file was read. */
export type Reading = { lines: number; encoding: Encoding | undefined; firstLine: string | undefined }
export type Read<Item> = { item: Item; subject: string; line: number }
export type Part<Item> = {
  reading: Reading
  /** Bytes of the part that are done with; those after them come again with the next part. */
  consumed: number
  items: readonly Read<Item>[]
  notes: readonly ImportNote[]
}

const NEWLINE = 0x0a

/**
 * Reads the whole lines of some bytes of a file. The last lines of a part are left for the next one where they may be
 * about somebody of whom more follows.
 */
export function readPart<Item>(
  format: Format<Item>,
  before: Reading,
  { bytes, isLast }: { bytes: Uint8Array; isLast: boolean },
): Part<Item> | { refusal: FileRefusal } {
  const end = isLast ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1
  if (end === 0) return { refusal: bytes.length === 0 ? 'noLines' : 'lineTooLong' }
  const read = readText(bytes.subarray(0, end), { known: before.encoding, allowed: format.encodings })
  if (!read) return { refusal: 'encodingUnreadable' }
  const lines = read.text.split('\n').map((line) => line.replace(/\r$/, ''))
  if (lines.at(-1) === '') lines.pop()
  const firstLine = before.firstLine ?? lines[0]
  const layout = firstLine === undefined ? undefined : format.layout(firstLine)
  if (firstLine === undefined || !layout) return { refusal: 'headerUnexpected' }
  const { items, notes } = readLines(format, layout, { lines, after: before.lines })
  const whole = { lines: before.lines + lines.length, encoding: read.encoding, firstLine }
  const open = isLast || !format.groups ? undefined : lastGroup(items)
  if (open === undefined) return { reading: whole, consumed: end, items, notes }
  const isDone = ({ line }: { line: number }) => line < open
  return {
    reading: { ...whole, lines: open - 1 },
    consumed: offsetOfLine(bytes, open - before.lines),
    items: items.filter(isDone),
    notes: notes.filter(isDone),
  }
}

function readLines<Item>(
  format: Format<Item>,
  layout: Layout,
  { lines, after }: { lines: readonly string[]; after: number },
) {
  const items: Read<Item>[] = []
  const notes: ImportNote[] = []
  for (const [index, text] of lines.entries()) {
    const line = after + index + 1
    if (line === 1 || text === '') continue
    const read = format.read(text, layout)
    if (read === 'unused') continue
    if ('fault' in read) {
      notes.push({ line, ...read.fault, severity: 'refused' })
      continue
    }
    items.push({ item: read.item, subject: format.subject(read.item), line })
    for (const warning of read.warnings ?? []) notes.push({ line, ...warning, severity: 'warning' })
  }
  return { items, notes }
}

/** The first line about whom the last line is about, unless the part holds nothing else. */
function lastGroup<Item>(items: readonly Read<Item>[]): number | undefined {
  const last = items.at(-1)
  const before = items.findLast(({ subject }) => subject !== last?.subject)
  return before && items.find(({ line }) => line > before.line)?.line
}

/** Where the nth line begins, from 1 on. */
function offsetOfLine(bytes: Uint8Array, nth: number): number {
  let offset = 0
  for (let line = 1; line < nth; line += 1) offset = bytes.indexOf(NEWLINE, offset) + 1
  return offset
}
