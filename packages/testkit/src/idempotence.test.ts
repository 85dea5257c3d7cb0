import { accept, type Decider } from '@relais/decider/decider'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assertRepeatsAreQuiet } from './idempotence.ts'

type Joined = { type: 'Joined'; id: number }
const joining = (remembers: boolean): Decider<number, Joined, readonly number[], never> => ({
  initialState: [],
  evolve: (state, { id }) => (remembers ? [...state, id] : state),
  decide: (id, state) => (state.includes(id) ? accept() : accept({ type: 'Joined', id })),
})
const anyId = fc.integer({ min: 1, max: 5 })

test('a decider that remembers what it did passes', () =>
  expect(() => assertRepeatsAreQuiet(joining(true), anyId)).not.toThrow())

test('a decider that answers a repeat with another event does not', () =>
  expect(() => assertRepeatsAreQuiet(joining(false), anyId)).toThrow('Property failed'))
