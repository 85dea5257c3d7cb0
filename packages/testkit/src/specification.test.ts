import { AssertionError } from 'node:assert/strict'
import { accept, reject, type Decider } from '@relais/decider/decider'
import { afterEach, expect, test } from 'vitest'
import { specification, takeUnconcluded } from './specification.ts'

type LampEvent = { type: 'SwitchedOn' } | { type: 'SwitchedOff' }

const lamp: Decider<'switchOn' | 'breakBulb', LampEvent, boolean, { code: 'notMine' }> = {
  initialState: false,
  evolve: (_, event) => event.type === 'SwitchedOn',
  decide: (command, isOn) => {
    if (command === 'breakBulb') return reject({ code: 'notMine' })
    return isOn ? accept() : accept({ type: 'SwitchedOn' })
  },
}
const { given } = specification(lamp)

afterEach(() => void takeUnconcluded())

test('an example compares the events with those expected', () => {
  given().when('switchOn').thenEvents({ type: 'SwitchedOn' })
  expect(() => given().when('switchOn').thenEvents({ type: 'SwitchedOff' })).toThrow(AssertionError)
  expect(() => given().when('switchOn').thenNothing()).toThrow(AssertionError)
})

test('an example folds its history in order before it decides', () => {
  given({ type: 'SwitchedOff' }, { type: 'SwitchedOn' }).when('switchOn').thenNothing()
  given({ type: 'SwitchedOn' }, { type: 'SwitchedOff' }).when('switchOn').thenEvents({ type: 'SwitchedOn' })
})

test('an example compares the refusal with the one expected', () => {
  given().when('breakBulb').thenRejected({ code: 'notMine' })
  expect(() => given().when('switchOn').thenRejected({ code: 'notMine' })).toThrow(AssertionError)
})

test('an example without an outcome is counted, so that its test can fail', () => {
  given().when('switchOn')
  given().when('breakBulb')
  expect(takeUnconcluded()).toBe(2)
  expect(takeUnconcluded()).toBe(0)
})
