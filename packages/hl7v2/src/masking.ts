import type { FieldProblem } from '@relais/contracts/messages'
import { decodeText, latin1Text } from './charset.ts'
import { type Delimiters, readDelimiters, segmentName, splitLines, standardDelimiters } from './er7.ts'
import { readHeader } from './header.ts'

type MaskedField = { path: string; value: string; masked: boolean; problem?: string }
type MaskedSegment = { name: string; fields: MaskedField[] }

const MASK = '••••'

/** Coded and technical fields. Everything else (names, dates, numbers, places, free text) is masked. */
const visibleFields = new Map<string, ReadonlySet<number>>([
  ['MSH', new Set([1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21])],
  ['EVN', new Set([1, 2, 3, 4, 6])],
  ['PID', new Set([1])],
  ['NK1', new Set([1])],
  ['PV1', new Set([1, 2, 36, 51])],
  ['ROL', new Set([2, 3])],
  ['ZBE', new Set([1, 2, 3, 4, 5, 6, 9])],
  ['ZFD', new Set([3, 4, 5])],
  ['ZFM', new Set([1, 2, 3, 4, 5])],
])

/** A visible field that is long holds something else than the code it should hold. */
const LONGEST_VISIBLE = 60

/**
 * A message field by field for a person who repairs it, also one that cannot be parsed. Values are masked save coded
 * and technical ones; separators stay, so that a shifted field shows. Each problem stands at its field; a missing
 * segment stands at the end, without fields of its own.
 */
export function maskedSegments(bytes: Uint8Array, problems: readonly FieldProblem[]): MaskedSegment[] {
  const text = decodeText(bytes, readHeader(bytes).charset)?.text ?? latin1Text(bytes)
  const body = text.replace(/^\uFEFF?\s*/, '')
  const delimiters = readDelimiters(body) ?? standardDelimiters
  const occurrences = new Map<string, number>()
  const shown: MaskedSegment[] = []
  for (const line of splitLines(body).lines) {
    if (line === '') continue
    const [first = '', ...rest] = line.split(delimiters.field)
    const name = segmentName.test(first) ? first : '???'
    const occurrence = (occurrences.get(name) ?? 0) + 1
    occurrences.set(name, occurrence)
    const prefix = occurrence === 1 ? name : `${name}[${occurrence}]`
    const values = name === 'MSH' ? [delimiters.field, ...rest] : name === '???' ? [first, ...rest] : rest
    shown.push({ name, fields: maskedFields({ name, prefix, values, delimiters, problems }) })
  }
  const missing = problems.filter(({ path }) => segmentName.test(path) && !occurrences.has(path))
  return [
    ...shown,
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
  return Array.from({ length: last }, (_, index) => {
    const path = `${prefix}-${index + 1}`
    const value = values[index] ?? ''
    const visible = value === '' || (visibleFields.get(name)?.has(index + 1) && value.length <= LONGEST_VISIBLE)
    const problem = ownProblems.get(path)
    return {
      path,
      value: visible ? value : mask(value, delimiters),
      masked: !visible,
      ...(problem === undefined ? {} : { problem }),
    }
  })
}

function fieldNumber(path: string, prefix: string): number {
  return path.startsWith(`${prefix}-`) ? Number(path.slice(prefix.length + 1)) : 0
}

function mask(value: string, { component, repetition, subcomponent }: Delimiters): string {
  let masked = ''
  let hiding = false
  for (const character of value) {
    const separates = character === component || character === repetition || character === subcomponent
    if (separates) masked += character
    else if (!hiding) masked += MASK
    hiding = !separates
  }
  return masked
}
