import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, addHours, endOfDay, instantAt, localDate } from './local-date.ts'

const zones = ['Europe/Paris', 'America/Martinique', 'America/Miquelon', 'Indian/Reunion', 'Pacific/Noumea'] as const
const zone = fc.constantFrom(...zones)
const instant = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())

test.each([
  ['2026-11-22T22:59:59.999Z', 'Europe/Paris', '2026-11-22'],
  ['2026-11-22T23:00:00.000Z', 'Europe/Paris', '2026-11-23'],
  ['2026-07-02T22:00:00.000Z', 'Europe/Paris', '2026-07-03'],
  ['2026-07-02T02:00:00.000Z', 'America/Martinique', '2026-07-01'],
  ['2026-07-02T20:00:00.000Z', 'Indian/Reunion', '2026-07-03'],
])('at %s in %s it is %s', (at, where, day) => expect(localDate(at, where)).toBe(day))

test.each([
  ['2026-11-23', '08:00', 'Europe/Paris', '2026-11-23T07:00:00.000Z'],
  ['2026-07-02', '08:00', 'Europe/Paris', '2026-07-02T06:00:00.000Z'],
  ['2026-07-02', '24:00', 'Europe/Paris', '2026-07-02T22:00:00.000Z'],
  ['2026-07-02', '08:00', 'Indian/Reunion', '2026-07-02T04:00:00.000Z'],
  ['2026-07-02', '08:00', 'America/Cayenne', '2026-07-02T11:00:00.000Z'],
  // The night of 25 October shows the hour from 2 to 3 twice, that of 29 March never: as `local-time` of HL7 v2 reads them.
  ['2026-10-25', '01:59', 'Europe/Paris', '2026-10-24T23:59:00.000Z'],
  ['2026-10-25', '02:30', 'Europe/Paris', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25', '03:00', 'Europe/Paris', '2026-10-25T02:00:00.000Z'],
  ['2026-03-29', '02:00', 'Europe/Paris', '2026-03-29T01:00:00.000Z'],
  ['2026-03-29', '02:30', 'Europe/Paris', '2026-03-29T01:30:00.000Z'],
  ['2026-03-29', '03:00', 'Europe/Paris', '2026-03-29T01:00:00.000Z'],
  ['2026-11-01', '01:30', 'America/Miquelon', '2026-11-01T03:30:00.000Z'],
])('%s at %s in %s is %s', (day, time, where, at) => expect(instantAt(day, time, where)).toBe(at))

test.each([
  ['2026-02-30', '08:00', 'Europe/Paris'],
  ['2026-02-03', '8 h', 'Europe/Paris'],
  ['2026-02-03', '25:00', 'Europe/Paris'],
  ['2026-02-03', '08:00', 'Europe/Lutece'],
])('%s at %s in %s is no time', (day, time, where) => expect(() => instantAt(day, time, where)).toThrow(RangeError))

test('a day later is the same time of the wall clock, a day of 24 hours is not', () => {
  const saturday = instantAt('2026-10-24', '09:00', 'Europe/Paris')
  expect(addDays(saturday, 1, 'Europe/Paris')).toBe(instantAt('2026-10-25', '09:00', 'Europe/Paris'))
  expect(addHours(saturday, 24)).toBe(instantAt('2026-10-25', '08:00', 'Europe/Paris'))
  expect(addHours(saturday, 0.1)).toBe('2026-10-24T07:06:00.000Z')
})

test('thirty days from the last day of January is the second of March', () =>
  expect(addDays('2026-01-31T09:00:00.000Z', 30, 'Europe/Paris')).toBe('2026-03-02T09:00:00.000Z'))

test('a day later, where the wall clock skips that time, it is moved forward', () =>
  expect(addDays('2026-03-28T01:30:00.000Z', 1, 'Europe/Paris')).toBe('2026-03-29T01:30:00.000Z'))

test.each([
  ['2026-11-22T12:00:00.000Z', 'Europe/Paris', '2026-11-22T22:59:59.999Z'],
  ['2026-10-25T12:00:00.000Z', 'Europe/Paris', '2026-10-25T22:59:59.999Z'],
  ['2026-03-29T00:30:00.000Z', 'Europe/Paris', '2026-03-29T21:59:59.999Z'],
  ['2026-11-22T02:00:00.000Z', 'America/Martinique', '2026-11-22T03:59:59.999Z'],
])('the day of %s in %s ends at %s', (at, where, end) => expect(endOfDay(at, where)).toBe(end))

test('an instant lies in the day it is there, and that day ends where the next begins', () =>
  fc.assert(
    fc.property(instant, zone, (at, where) => {
      const day = localDate(at, where)
      const end = endOfDay(at, where)
      expect(instantAt(day, '00:00', where) <= at && at <= end).toBe(true)
      expect(localDate(end, where)).toBe(day)
      expect(new Date(Date.parse(end) + 1).toISOString()).toBe(instantAt(day, '24:00', where))
    }),
  ))

test('days added are days of the calendar', () =>
  fc.assert(
    fc.property(instant, fc.integer({ min: 0, max: 400 }), zone, (at, days, where) => {
      const noon = instantAt(localDate(at, where), '12:00', where)
      const later = addDays(noon, days, where)
      expect(later).toBe(instantAt(localDate(later, where), '12:00', where))
      expect(Date.parse(localDate(later, where)) - Date.parse(localDate(noon, where))).toBe(days * 86_400_000)
    }),
  ))
