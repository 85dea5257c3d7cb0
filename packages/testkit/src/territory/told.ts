import type { EventFamily, Instant } from '@relais/contracts/primitives'
import { uuidOf } from './people.ts'

/** Facts that one stream is given together. */
export type Told<Event extends { type: string; data: object }> = {
  family: EventFamily<Event>
  /** Without its category. */
  stream: string
  expected: 'noStream' | number
  events: readonly Event[]
  at: Instant
}

type Named = { category: string; stream: string; expected: 'noStream' | number }

/** The id of one of the events that a stream is given together: a notice names what it tells of by it. */
export function eventIdOf({ category, stream, expected }: Named, index: number): string {
  return uuidOf(`${category}-${stream}`, expected, index)
}

export const iso = (at: number): Instant => new Date(at).toISOString()
export const expectedAfter = (revision: number) => (revision < 0 ? ('noStream' as const) : revision)
