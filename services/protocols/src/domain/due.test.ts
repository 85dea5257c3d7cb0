import type { Due } from '@relais/contracts/protocols'
import { describe, expect, test } from 'vitest'
import { ageAt, dueAt, isClosedAhead } from './due.ts'

const hours = (count: number, clock: 'plain' | 'openHours' = 'plain'): Due => ({
  kind: 'hours',
  hours: count,
  from: 'trigger',
  clock,
})
const days = (count: number): Due => ({ kind: 'days', days: count, from: 'trigger' })
const workingDays = (count: number): Due => ({ kind: 'workingDays', days: count, from: 'trigger' })
const lastWorkingDay: Due = { kind: 'lastWorkingDay', at: '15:00' }

test.each<[string, Due, from: string, department: string, expected: string]>([
  ['48 hours are 48 hours', hours(48), '2026-11-03T09:00:00.000Z', '44', '2026-11-05T09:00:00.000Z'],
  [
    'also in the night when the clock goes back',
    hours(48),
    '2026-10-24T09:00:00.000Z',
    '44',
    '2026-10-26T09:00:00.000Z',
  ],
  [
    'four open hours on a Tuesday evening go on the next morning',
    hours(4, 'openHours'),
    '2026-11-03T18:00:00.000Z',
    '44',
    '2026-11-04T10:00:00.000Z',
  ],
  ['seven days end with the seventh day', days(7), '2026-11-03T09:00:00.000Z', '44', '2026-11-10T22:59:59.999Z'],
  [
    'and with its summer time, when that begins meanwhile',
    days(7),
    '2026-03-25T09:00:00.000Z',
    '44',
    '2026-04-01T21:59:59.999Z',
  ],
  [
    'a day of La Réunion ends before that of France',
    days(1),
    '2026-11-03T09:00:00.000Z',
    '974',
    '2026-11-04T19:59:59.999Z',
  ],
  [
    'two working days after a Friday end on Tuesday',
    workingDays(2),
    '2026-11-06T09:00:00.000Z',
    '44',
    '2026-11-10T22:59:59.999Z',
  ],
  ['11 November is no working day', workingDays(2), '2026-11-09T09:00:00.000Z', '44', '2026-11-12T22:59:59.999Z'],
  ['26 December is one in Nantes', workingDays(1), '2024-12-24T09:00:00.000Z', '44', '2024-12-26T22:59:59.999Z'],
  ['and none in Strasbourg', workingDays(1), '2024-12-24T09:00:00.000Z', '67', '2024-12-27T22:59:59.999Z'],
  [
    'four hours before the arrival',
    { kind: 'beforeArrival', hours: 4 },
    '2026-11-06T14:00:00.000Z',
    '44',
    '2026-11-06T10:00:00.000Z',
  ],
  [
    'a return on Friday afternoon: that Friday at 15:00',
    lastWorkingDay,
    '2026-11-06T16:00:00.000Z',
    '44',
    '2026-11-06T14:00:00.000Z',
  ],
  [
    'a return on Sunday: the Friday before',
    lastWorkingDay,
    '2026-11-08T10:00:00.000Z',
    '44',
    '2026-11-06T14:00:00.000Z',
  ],
  [
    'a return on Friday 1 May, closed: Thursday',
    lastWorkingDay,
    '2026-05-01T10:00:00.000Z',
    '44',
    '2026-04-30T13:00:00.000Z',
  ],
  [
    'a return on the Monday of Easter: Friday',
    lastWorkingDay,
    '2026-04-06T10:00:00.000Z',
    '44',
    '2026-04-03T13:00:00.000Z',
  ],
  [
    'a return on Sunday when summer time begins',
    lastWorkingDay,
    '2026-03-29T10:00:00.000Z',
    '44',
    '2026-03-27T14:00:00.000Z',
  ],
])('%s', (_, due, ...[from, department, expected]) => expect(dueAt(due, from, department)).toBe(expected))

describe('the Friday rule bears on', () => {
  test.each<[string, at: string, department: string, expected: boolean]>([
    ['a Friday after noon', '2026-11-06T11:00:00.001Z', '44', true],
    ['not a Friday at noon', '2026-11-06T11:00:00.000Z', '44', false],
    ['a Saturday morning', '2026-11-07T08:00:00.000Z', '44', true],
    ['a Sunday night', '2026-11-08T22:59:59.999Z', '44', true],
    ['not a Monday morning', '2026-11-08T23:00:00.000Z', '44', false],
    ['not a Thursday afternoon', '2026-11-05T16:00:00.000Z', '44', false],
    ['the afternoon before a public holiday', '2026-11-10T16:00:00.000Z', '44', true],
    ['a public holiday', '2026-11-11T08:00:00.000Z', '44', true],
    ['Christmas Eve of a Wednesday, after noon', '2025-12-24T13:00:00.000Z', '44', true],
    ['a Friday noon by the clock of Cayenne', '2026-11-06T15:00:00.001Z', '973', true],
  ])('%s', (_, at, department, expected) => expect(isClosedAhead(at, '12:00', department)).toBe(expected))
})

describe('the age is', () => {
  test.each<[string, at: string, birthDate: string, expected: number | undefined]>([
    ['75 on the birthday', '2026-11-03T09:00:00.000Z', '1951-11-03', 75],
    ['74 the day before', '2026-11-03T09:00:00.000Z', '1951-11-04', 74],
    ['75 in France as soon as it is that day there', '2026-11-02T23:00:00.000Z', '1951-11-03', 75],
    ['unknown when only the year is known', '2026-11-03T09:00:00.000Z', '1951', undefined],
    ['that of a lunar date too', '2026-11-03T09:00:00.000Z', '1951-02-31', 75],
  ])('%s', (_, at, birthDate, expected) => expect(ageAt(at, birthDate, '44')).toBe(expected))
})
