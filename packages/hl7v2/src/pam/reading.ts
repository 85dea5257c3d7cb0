import type { FieldProblem } from '@relais/contracts/messages'
import { type Problem, problemAt } from '../problem-at.ts'
import type { OutsideIdentifier } from '@relais/contracts/primitives'
import type { Flag } from '@relais/contracts/movements'
import { controlCharacters } from '../er7.ts'
import { readLocalTime } from '../local-time.ts'
import { field, type Message, segments } from '../message.ts'

/** An assigning authority by both its names, as one message gives them together. */
export type AuthorityNames = { namespace: string; universalId: string }
export type NamedIdentifier = { identifier: OutsideIdentifier; namespace?: string }

/** A message being read: what is wrong and what is doubtful is gathered, reading goes on. */
export type Reading = { message: Message; problems: FieldProblem[]; flags: Flag[]; authorities: AuthorityNames[] }

/** The text of a field; HL7's `""` (delete what you have) says nothing about a movement. */
export function valueAt({ message }: Reading, path: string): string | undefined {
  const value = field(message, path)?.trim()
  return value === '' || value === '""' ? undefined : value
}

export function report(reading: Reading, problem: Problem): undefined {
  reading.problems.push(problemAt(problem))
}

export function doubt(reading: Reading, code: Flag['code'], path: string): void {
  reading.flags.push({ code, path })
}

export function required(
  reading: Reading,
  path: string,
  expected: Pick<Problem, 'expected' | 'values'>,
): string | undefined {
  return valueAt(reading, path) ?? report(reading, { path, code: 'fieldMissing', ...expected })
}

/** A value as the contracts allow: no longer than this, and without control characters. */
export function atMost(reading: Reading, path: string, length: number): string | undefined {
  const value = valueAt(reading, path)
  if (value !== undefined && value.search(controlCharacters) !== -1)
    return report(reading, { path, code: 'fieldInvalid', expected: 'noControlCharacter' })
  if (value === undefined || value.length <= length) return value
  return report(reading, { path, code: 'fieldInvalid', expected: 'length', values: [String(length)] })
}

export function oneOf<Value extends string>(
  reading: Reading,
  path: string,
  values: readonly Value[],
): Value | undefined {
  const expected = { expected: 'oneOf', values } as const
  const value = required(reading, path, expected)
  const known = values.find((one) => one === value)
  return known ?? (value === undefined ? undefined : report(reading, { path, code: 'fieldInvalid', ...expected }))
}

export function hasSegment({ message }: Reading, name: string): boolean {
  return segments(message, name).length > 0
}

/** An authority written as namespace, universal id, type: the universal id is its name here, else the namespace. */
export function authorityOf(reading: Reading, namespacePath: string, universalPath: string): string | undefined {
  const namespace = atMost(reading, namespacePath, 100)
  const universalId = atMost(reading, universalPath, 100)
  if (namespace && universalId) rememberNames(reading, { namespace, universalId })
  return universalId ?? namespace
}

/** An identifier and its authority; both are required. */
export function identifierAt(
  reading: Reading,
  paths: { number: string; namespace: string; universalId: string },
): NamedIdentifier | undefined {
  const authority = authorityOf(reading, paths.namespace, paths.universalId)
  const given = valueAt(reading, paths.number)
  const number = given === undefined ? undefined : atMost(reading, paths.number, 100)
  if (given === undefined) report(reading, { path: paths.number, code: 'fieldMissing', expected: 'identifier' })
  if (!authority)
    report(reading, {
      path: paths.namespace,
      code: 'fieldMissing',
      expected: 'authority',
    })
  if (!number || !authority) return undefined
  const namespace = valueAt(reading, paths.namespace)
  return { identifier: { authority, number }, ...(namespace ? { namespace } : {}) }
}

/** A time in the zone of the facility, in UTC; doubled and skipped hours are flagged. */
export function timeAt(
  reading: Reading,
  path: string,
  { zone, toTheMinute }: { zone: string; toTheMinute: boolean },
): string | undefined {
  const text = valueAt(reading, path)
  if (text === undefined) return undefined
  const time = readLocalTime(text, zone)
  if (!time || (toTheMinute && time.precision === 'day'))
    return report(reading, {
      path,
      code: 'timestampInvalid',
      expected: 'timestamp',
      values: [toTheMinute ? 'YYYYMMDDHHMM[SS]' : 'YYYYMMDD[HHMM[SS]]'],
    })
  if (time.flag) doubt(reading, time.flag, path)
  return time.at
}

/** When the sender's software said it: EVN-2, else MSH-7. */
export function reportedTime(reading: Reading, zone: string): string | undefined {
  const path = valueAt(reading, 'EVN-2') ? 'EVN-2' : 'MSH-7'
  if (!valueAt(reading, path)) return report(reading, { path: 'EVN-2', code: 'fieldMissing', expected: 'recordedTime' })
  return timeAt(reading, path, { zone, toTheMinute: true })
}

/** Leaves out what was not given: absent, not `undefined`, is how events say so. */
export function given<Value extends object>(value: Value): Value {
  // Every key taken away was `undefined`, which the types of the contracts allow only where the key may be absent.
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value
}

function rememberNames({ authorities }: Reading, names: AuthorityNames) {
  const known = authorities.some((one) => one.namespace === names.namespace && one.universalId === names.universalId)
  if (!known) authorities.push(names)
}
