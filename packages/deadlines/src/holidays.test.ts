import fc from 'fast-check'
import { expect, test } from 'vitest'
import { easterSunday, isHoliday, placeOf, type Territory } from './holidays.ts'
import { dayAfter, dayOfWeek } from './local-date.ts'

test.each([
  [1954, '1954-04-18'],
  [1981, '1981-04-19'],
  [2000, '2000-04-23'],
  [2008, '2008-03-23'],
  [2024, '2024-03-31'],
  [2025, '2025-04-20'],
  [2026, '2026-04-05'],
  [2027, '2027-03-28'],
  [2038, '2038-04-25'],
  [2049, '2049-04-18'],
])('Easter of %i is on %s', (year, day) => expect(easterSunday(year)).toBe(day))

test('Easter is a Sunday from 22 March to 25 April', () =>
  fc.assert(
    fc.property(fc.integer({ min: 1900, max: 2400 }), (year) => {
      const easter = easterSunday(year)
      expect(dayOfWeek(easter)).toBe(6)
      expect(easter >= `${year}-03-22` && easter <= `${year}-04-25`).toBe(true)
    }),
  ))

function holidaysOf(year: number, territory: Territory): string[] {
  const days = Array.from({ length: 366 }, (_, index) => dayAfter(`${year}-01-01`, index))
  return days.filter((day) => day.startsWith(String(year)) && isHoliday(day, territory)).map((day) => day.slice(5))
}

const days2026 = ['01-01', '04-06', '05-01', '05-08', '05-14', '05-25', '07-14', '08-15', '11-01', '11-11', '12-25']

test('metropolitan France has eleven public holidays in 2026', () =>
  expect(holidaysOf(2026, 'metropolitan')).toEqual(days2026))

test.each([
  ['alsaceMoselle', ['04-03', '12-26']],
  ['guadeloupe', ['05-27']],
  ['martinique', ['05-22']],
  ['guyane', ['06-10']],
  ['reunion', ['12-20']],
  ['mayotte', ['04-27']],
  ['saintPierreEtMiquelon', []],
  ['saintBarthelemy', ['10-09']],
  ['saintMartin', ['05-28']],
] as const)('%s adds %j to them', (territory, own) =>
  expect(holidaysOf(2026, territory)).toEqual([...days2026, ...own].toSorted()),
)

test('in 2008 the first of May was Ascension Day too', () =>
  expect(holidaysOf(2008, 'metropolitan')).toEqual([
    '01-01',
    '03-24',
    '05-01',
    '05-08',
    '05-12',
    '07-14',
    '08-15',
    '11-01',
    '11-11',
    '12-25',
  ]))

test.each([
  ['01', 'Europe/Paris', 'metropolitan'],
  ['95', 'Europe/Paris', 'metropolitan'],
  ['2A', 'Europe/Paris', 'metropolitan'],
  ['2B', 'Europe/Paris', 'metropolitan'],
  ['57', 'Europe/Paris', 'alsaceMoselle'],
  ['67', 'Europe/Paris', 'alsaceMoselle'],
  ['68', 'Europe/Paris', 'alsaceMoselle'],
  ['971', 'America/Guadeloupe', 'guadeloupe'],
  ['972', 'America/Martinique', 'martinique'],
  ['973', 'America/Cayenne', 'guyane'],
  ['974', 'Indian/Reunion', 'reunion'],
  ['975', 'America/Miquelon', 'saintPierreEtMiquelon'],
  ['976', 'Indian/Mayotte', 'mayotte'],
  ['977', 'America/St_Barthelemy', 'saintBarthelemy'],
  ['978', 'America/Marigot', 'saintMartin'],
] as const)('the département %s is at the hour of %s, with the holidays of %s', (department, zone, territory) =>
  expect(placeOf(department)).toEqual({ zone, territory }),
)

test.each(['', '00', '20', '2C', '96', '99', '970', '979', '986', '987', '988', 'toString'])(
  'the holidays of %j are not known',
  (department) => expect(() => placeOf(department)).toThrow(RangeError),
)
