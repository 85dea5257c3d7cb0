import { type Hl7Field, Hl7Message, type Hl7Segment } from '@medplum/core'
import type { FieldProblem } from '@relais/contracts/messages'
import type { Flag } from '@relais/contracts/movements'
import { type Charset, decodeText } from './charset.ts'
import { type Delimiters, latin1Message, readDelimiters, segmentName, unescapeText } from './er7.ts'
import { readHeader } from './header.ts'
import { type Problem, problemAt } from './problem-at.ts'
import { segmentNames } from './shapes.ts'

export { applyEdits } from './edits.ts'
export { identifyingFields, identifyingPaths } from './loose.ts'
export { maskedSegments } from './masking.ts'

/** A message whose structure and character set were readable; nothing is said yet of what it means. */
export type Message = {
  /** In order, blank lines left out. */
  segments: readonly Hl7Segment[]
  segmentsByName: ReadonlyMap<string, readonly Hl7Segment[]>
  delimiters: Delimiters
  charset: Charset
  /** `encodingUnexpected`, where the character set is not plainly what MSH-18 announced. */
  flags: Flag[]
}

export type DecodedMessage = { ok: true; message: Message } | { ok: false; problem: FieldProblem }

/** A place in a message: `PID`, `ROL[2]-4`, `PID-3(2).4.2`; occurrence, repetition and components count from 1. */
type FieldPath = {
  segment: string
  occurrence: number
  field: number
  repetition: number
  component: number
  subcomponent: number
}

/** Far above what any movement needs: beyond, a message would only keep everybody else waiting. */
const MOST_SEGMENTS = 1000
const MOST_REPETITIONS = 1000

/** Reads ER7: delimiters from MSH-1 and MSH-2, character set from MSH-18, segments ended by CR, LF or CRLF. */
export function decodeMessage(bytes: Uint8Array): DecodedMessage {
  const delimiters = readDelimiters(latin1Message(bytes))
  if (!delimiters) return unreadable({ path: 'MSH', expected: 'header' })
  const decoded = decodeText(bytes, readHeader(bytes).charset)
  if (!decoded) return refused({ path: 'MSH-18', code: 'encodingUnreadable', expected: 'characterSet' })
  const lines = Hl7Message.parse(decoded.text.replace(/^\uFEFF?\s*/, '')).segments
  const read = lines.filter(({ name, fields }) => name !== '' || fields.length > 1)
  const foreign = read.findIndex(({ name }) => !segmentName.test(name))
  if (foreign !== -1) return unreadable({ path: lastSegmentName(read.slice(0, foreign)), expected: 'segmentName' })
  if (read.length > MOST_SEGMENTS || read.some(({ fields }) => fields.some(isTooRepeated)))
    return unreadable({ path: 'MSH', expected: 'size', values: [`${MOST_SEGMENTS}`, `${MOST_REPETITIONS}`] })
  const flags: Flag[] = decoded.unexpected ? [{ code: 'encodingUnexpected', path: 'MSH-18' }] : []
  const { charset } = decoded
  return { ok: true, message: { segments: read, segmentsByName: byName(read), delimiters, charset, flags } }
}

/** MUST be a name of the standard, because three capitals may be a word of somebody's text. */
function lastSegmentName(read: readonly Hl7Segment[]): string {
  return read.findLast(({ name }) => segmentNames.has(name))?.name ?? 'MSH'
}

function isTooRepeated({ components }: Hl7Field): boolean {
  return components.length > MOST_REPETITIONS
}

function byName(read: readonly Hl7Segment[]): Map<string, Hl7Segment[]> {
  const named = new Map<string, Hl7Segment[]>()
  for (const segment of read) {
    const others = named.get(segment.name)
    if (others) others.push(segment)
    else named.set(segment.name, [segment])
  }
  return named
}

/** All segments of this name, in order. */
export function segments({ segmentsByName }: Message, name: string): readonly Hl7Segment[] {
  return segmentsByName.get(name) ?? []
}

/**
 * The text at a path, its escapes decoded; `undefined` when it is empty or absent. What a path leaves out is 1:
 * `PID-3` is the first subcomponent of the first component of the first repetition. `""` (to be deleted) stays `""`.
 * @throws RangeError for what is no path
 */
export function field(message: Message, path: string): string | undefined {
  const at = parsePath(path)
  const segment = segments(message, at.segment)[at.occurrence - 1]
  const component = segment?.getField(at.field)?.components[at.repetition - 1]?.[at.component - 1]
  if (component === undefined) return undefined
  const isSeparators = at.segment === 'MSH' && at.field <= 2
  if (isSeparators) return component
  const text = component.split(message.delimiters.subcomponent)[at.subcomponent - 1]
  return text ? unescapeText(text, message.delimiters, message.charset) : undefined
}

/** A whole field as written, separators and escapes included; empty when absent. */
export function rawField(message: Message, path: string): string {
  const at = parsePath(path)
  return segments(message, at.segment)[at.occurrence - 1]?.getField(at.field)?.toString() ?? ''
}

/** How often a field is repeated; 0 when it is empty or absent. */
export function repetitions(message: Message, path: string): number {
  const at = parsePath(path)
  const parts = segments(message, at.segment)[at.occurrence - 1]?.getField(at.field)?.components ?? []
  const isEmpty = parts.length === 1 && parts[0]?.join('') === ''
  return isEmpty ? 0 : parts.length
}

const pathSyntax =
  /^(?<segment>[A-Z][A-Z0-9]{2})(?:\[(?<occurrence>\d+)\])?-(?<field>\d+)(?:\((?<repetition>\d+)\))?(?:\.(?<component>\d+)(?:\.(?<subcomponent>\d+))?)?$/

const parsedPaths = new Map<string, FieldPath>()
const PATHS_REMEMBERED = 1000

function parsePath(path: string): FieldPath {
  const known = parsedPaths.get(path)
  if (known) return known
  const parsed = readPath(path)
  if (parsedPaths.size < PATHS_REMEMBERED) parsedPaths.set(path, parsed)
  return parsed
}

function readPath(path: string): FieldPath {
  const parts = pathSyntax.exec(path)?.groups
  if (!parts) throw new RangeError('Not a path in an HL7 message')
  const number = (name: string) => Number(parts[name] ?? 1)
  return {
    segment: parts['segment'] ?? '',
    occurrence: number('occurrence'),
    field: number('field'),
    repetition: number('repetition'),
    component: number('component'),
    subcomponent: number('subcomponent'),
  }
}

function unreadable(problem: Omit<Problem, 'code'>): DecodedMessage {
  return refused({ ...problem, code: 'structureUnreadable' })
}

function refused(problem: Problem): DecodedMessage {
  return { ok: false, problem: problemAt(problem) }
}
