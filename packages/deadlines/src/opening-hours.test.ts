import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeOf } from './holidays.ts'
import { instantAt } from './local-date.ts'
import {
  addOpenHours,
  type Calendar,
  isOpen,
  nextOpening,
  openingHours,
  unscheduledCareHours,
} from './opening-hours.ts'

const paris: Calendar = { ...placeOf('75'), hours: unscheduledCareHours }
const reunion: Calendar = { ...placeOf('974'), hours: unscheduledCareHours }
/** Written as people there read it. */
const at = (day: string, time: string, { zone }: Calendar = paris) => instantAt(day, time, zone)
const wall = (text: string) => at(text.slice(0, 10), text.slice(11))

test.each([
  ['Monday', '2026-11-23', '07:59', false],
  ['Monday', '2026-11-23', '08:00', true],
  ['Monday', '2026-11-23', '19:59', true],
  ['Monday', '2026-11-23', '20:00', false],
  ['Saturday', '2026-11-28', '11:59', true],
  ['Saturday', '2026-11-28', '12:00', false],
  ['Sunday', '2026-11-29', '10:00', false],
  ['Armistice Day', '2026-11-11', '10:00', false],
])('unscheduled care on %s %s at %s: open is %j', (_, day, time, open) =>
  expect(isOpen(at(day, time), paris)).toBe(open),
)

test.each([
  ['an open moment is its own opening', '2026-11-23 09:30', '2026-11-23 09:30'],
  ['the evening waits for the morning', '2026-11-23 20:00', '2026-11-24 08:00'],
  ['Saturday noon waits for Monday', '2026-11-28 12:00', '2026-11-30 08:00'],
  ['Christmas Eve waits for the Saturday after Christmas', '2026-12-24 20:00', '2026-12-26 08:00'],
  ['the Saturday of Easter waits for Tuesday', '2026-04-04 12:00', '2026-04-07 08:00'],
])('%s', (_, from, to) => expect(nextOpening(wall(from), paris)).toBe(wall(to)))

test.each([
  ['within the day', 4, '2026-11-23 09:00', '2026-11-23 13:00'],
  ['to the very end of the day', 1, '2026-11-23 19:00', '2026-11-23 20:00'],
  ['over the night', 2, '2026-11-23 19:00', '2026-11-24 09:00'],
  ['from a moment when it is closed', 1, '2026-11-23 22:00', '2026-11-24 09:00'],
  ['over the week-end', 1, '2026-11-28 11:30', '2026-11-30 08:30'],
  ['over a holiday', 1, '2026-11-10 19:30', '2026-11-12 08:30'],
  ['for twenty-four hours', 24, '2026-11-27 14:00', '2026-12-01 10:00'],
  ['not at all', 0, '2026-11-29 14:00', '2026-11-29 14:00'],
])('open hours are added %s', (_, hours, from, to) => expect(addOpenHours(wall(from), hours, paris)).toBe(wall(to)))

test('the hours are those of the place, and so are the holidays', () => {
  expect(isOpen(at('2026-11-23', '08:00', reunion), reunion)).toBe(true)
  expect(isOpen(at('2026-11-23', '08:00', reunion), paris)).toBe(false)
  const [saturday, monday] = [at('2027-12-18', '12:00', reunion), at('2027-12-20', '10:00', reunion)]
  expect(isOpen(monday, reunion)).toBe(false)
  expect(nextOpening(saturday, reunion)).toBe(at('2027-12-21', '08:00', reunion))
})

test('good Friday is open in Corsica and closed in Strasbourg', () => {
  const goodFriday = at('2026-04-03', '10:00')
  expect(isOpen(goodFriday, { ...paris, ...placeOf('2A') })).toBe(true)
  expect(isOpen(goodFriday, { ...paris, ...placeOf('67') })).toBe(false)
})

test('holidays may have hours of their own, or be days like any other', () => {
  const monday = ['08:00-18:00']
  const [morning, evening] = [at('2026-05-25', '10:00'), at('2026-05-25', '17:00')]
  const own = { ...paris, hours: openingHours({ monday, holidays: ['09:00-12:00'] }) }
  const usual = { ...paris, hours: openingHours({ monday, holidays: 'asUsual' }) }
  expect([isOpen(morning, own), isOpen(evening, own)]).toEqual([true, false])
  expect([isOpen(morning, usual), isOpen(evening, usual)]).toEqual([true, true])
})

test('an hour is sixty minutes, also on the nights when clocks change', () => {
  const always = ['00:00-24:00']
  const [friday, saturday, sunday] = [always, always, always]
  const calendar = { ...paris, hours: openingHours({ friday, saturday, sunday }) }
  expect(addOpenHours(at('2026-10-24', '12:00'), 24, calendar)).toBe(at('2026-10-25', '11:00'))
  expect(addOpenHours(at('2026-03-28', '12:00'), 24, calendar)).toBe(at('2026-03-29', '13:00'))
})

test('what ends in the hour that clocks skip is not counted twice', () => {
  const sunday = ['00:00-02:30', '03:00-04:00']
  const calendar = { ...paris, hours: openingHours({ sunday }) }
  expect(addOpenHours('2026-03-28T23:00:00.000Z', 3, calendar)).toBe('2026-03-29T02:00:00.000Z')
})

test.each([
  { monday: ['8:00-12:00'] },
  { monday: ['12:00-08:00'] },
  { monday: ['08:00-08:00'] },
  { monday: ['08:00-24:30'] },
  { monday: ['08:00-12:00', '11:00-14:00'] },
  { monday: [] },
  { holidays: ['08:00-12:00'] },
])('%j are no hours', (ranges) => expect(() => openingHours(ranges)).toThrow(RangeError))

test.each([-1, Number.NaN, Infinity])('%d hours cannot be added', (hours) =>
  expect(() => addOpenHours('2026-11-23T08:00:00.000Z', hours, paris)).toThrow(RangeError),
)

const instant = fc
  .date({ min: new Date('2025-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())
const place = fc.constantFrom('75', '2A', '67', '971', '974', '975').map(placeOf)
const quarters = fc.integer({ min: 1, max: 160 }).map((count) => count / 4)

test('hours added in two parts are hours added at once', () =>
  fc.assert(
    fc.property(instant, place, quarters, quarters, (from, where, some, more) => {
      const calendar = { ...where, hours: unscheduledCareHours }
      const inParts = addOpenHours(addOpenHours(from, some, calendar), more, calendar)
      expect(inParts).toBe(addOpenHours(from, some + more, calendar))
    }),
  ))

test('between a moment and that many open hours later, it was open exactly so long', () =>
  fc.assert(
    fc.property(instant, place, quarters, (from, where, hours) => {
      const calendar = { ...where, hours: unscheduledCareHours }
      const QUARTER = 900_000
      // Ranges begin and end at quarters of an hour, everywhere.
      const start = Math.ceil(Date.parse(from) / QUARTER) * QUARTER
      const end = Date.parse(addOpenHours(new Date(start).toISOString(), hours, calendar))
      let open = 0
      for (let time = start; time < end; time += QUARTER) if (isOpen(new Date(time).toISOString(), calendar)) open += 1
      expect(open).toBe(hours * 4)
    }),
    { numRuns: 20 },
  ))

test('the next opening is open, and nothing is before it', () =>
  fc.assert(
    fc.property(instant, place, (from, where) => {
      const calendar = { ...where, hours: unscheduledCareHours }
      const next = nextOpening(from, calendar)
      expect(isOpen(next, calendar)).toBe(true)
      const before = new Date(Date.parse(next) - 1).toISOString()
      expect(next === from || !isOpen(before, calendar)).toBe(true)
    }),
  ))
