import type { FieldProblem } from '@relais/contracts/messages'
import { type Delimiters, segmentName } from './er7.ts'
import { readLoosely } from './loose.ts'
import { beginsSegment, hasOwnShape, segmentNames } from './shapes.ts'

type MaskedField = { path: string; value: string; masked: boolean; problem?: string }
type MaskedSegment = { name: string; fields: MaskedField[] }

const MASK = '••••'
const MORE = '…'
const NO_SEGMENT = '???'

/** Enough of any message that a person could repair. */
const MOST_SEGMENTS = 300
const MOST_FIELDS = 100
const LONGEST_VALUE = 200

/**
 * A message field by field for a person who repairs it, also one that cannot be parsed. A value is masked unless it is
 * a code, a timestamp or a technical number as its own field holds them; separators stay, so that a shifted field shows.
 * Each problem stands at its field; a missing segment stands at the end, without fields of its own. Of a message with
 * more than 300 segments, a segment with more than 100 fields or a value of more than 200 characters the rest is left
 * out, and `…` says so.
 */
export function maskedSegments(bytes: Uint8Array, problems: readonly FieldProblem[]): MaskedSegment[] {
  const { lines, delimiters } = readLoosely(bytes)
  const occurrences = new Map<string, number>()
  const shown = lines.slice(0, MOST_SEGMENTS).map((line): MaskedSegment => {
    const [first = '', ...rest] = line.split(delimiters.field, MOST_FIELDS + 2)
    const name = segmentNames.has(first) ? first : NO_SEGMENT
    const occurrence = (occurrences.get(name) ?? 0) + 1
    occurrences.set(name, occurrence)
    const prefix = occurrence === 1 ? name : `${name}[${occurrence}]`
    const values = name === 'MSH' ? [delimiters.field, ...rest] : name === NO_SEGMENT ? [first, ...rest] : rest
    return { name, fields: maskedFields({ name, prefix, values, delimiters, problems }) }
  })
  const missing = problems.filter(({ path }) => segmentName.test(path) && !occurrences.has(path))
  return [
    ...shown,
    ...(lines.length > MOST_SEGMENTS ? [{ name: MORE, fields: [{ path: MORE, value: MORE, masked: true }] }] : []),
    ...missing.map(({ path, code }) => ({
      name: path,
      fields: [{ path, value: '', masked: false, problem: code }],
    })),
  ]
}

type SegmentToMask = {
  name: string
  prefix: string
  values: readonly string[]
  delimiters: Delimiters
  problems: readonly FieldProblem[]
}

function maskedFields({ name, prefix, values, delimiters, problems }: SegmentToMask): MaskedField[] {
  const ownProblems = new Map(
    problems.map(({ path, code }): [string, string] => [path.replace(/(-\d+).*$/, '$1'), code]),
  )
  const last = Math.max(values.length, ...[...ownProblems.keys()].map((path) => fieldNumber(path, prefix)))
  const lost = values.findIndex(beginsSegment)
  const own = lost === -1 ? values.length : lost
  const fields = Array.from({ length: Math.min(last, MOST_FIELDS) }, (_, index) => {
    const path = `${prefix}-${index + 1}`
    const value = values[index] ?? ''
    const { component, repetition } = delimiters
    const written = { segment: name, field: index + 1, value, component, repetition }
    const visible = value === '' || (index < own && value.length <= LONGEST_VALUE && hasOwnShape(written))
    const problem = ownProblems.get(path)
    return {
      path,
      value: visible ? value : mask(value, delimiters),
      masked: !visible,
      ...(problem === undefined ? {} : { problem }),
    }
  })
  return last > MOST_FIELDS ? [...fields, { path: `${prefix}-${MORE}`, value: MORE, masked: true }] : fields
}

function fieldNumber(path: string, prefix: string): number {
  return path.startsWith(`${prefix}-`) ? Number(path.slice(prefix.length + 1)) : 0
}

function mask(value: string, { component, repetition, subcomponent }: Delimiters): string {
  let masked = ''
  let hiding = false
  for (const character of value.slice(0, LONGEST_VALUE)) {
    const separates = character === component || character === repetition || character === subcomponent
    if (separates) masked += character
    else if (!hiding) masked += MASK
    hiding = !separates
  }
  return value.length > LONGEST_VALUE ? masked + MORE : masked
}
