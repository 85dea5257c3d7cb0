import { dayAfter, type LocalDate } from './local-date.ts'

/** Where the same days are public holidays. */
export type Territory = keyof typeof ownHolidays
/** Where somebody is: what the wall clock shows there, and when everything is closed. */
export type Place = { zone: string; territory: Territory }

/** Article L3133-1 of the Code du travail, those with a date. */
const NATIONAL = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25']
/** The others, in days after Easter Sunday: Easter Monday, Ascension Day, Whit Monday. */
const AFTER_EASTER = [1, 39, 50]
const GOOD_FRIDAY = -2

/**
 * Article L3422-2 sets the day on which the abolition of slavery is commemorated. It says 27 May for Saint-Martin, an
 * error in the text: the prefecture announces 28 May since 2018, under circulars of that year and the next.
 */
const ownHolidays = {
  metropolitan: [],
  alsaceMoselle: ['12-26'],
  guadeloupe: ['05-27'],
  martinique: ['05-22'],
  guyane: ['06-10'],
  reunion: ['12-20'],
  mayotte: ['04-27'],
  saintPierreEtMiquelon: [],
  saintBarthelemy: ['10-09'],
  saintMartin: ['05-28'],
} as const satisfies Record<string, readonly string[]>

/**
 * Whether a day is a public holiday by the law as it stands now: article L3133-1 of the Code du travail; L3422-2 overseas;
 * L3134-13 in Alsace and Moselle. The latter says Good Friday only where the commune has a Protestant church: here it is
 * one in all of them. What is merely customary, as Good Friday in the Antilles, is none.
 */
export function isHoliday(date: LocalDate, territory: Territory): boolean {
  const own: readonly string[] = ownHolidays[territory]
  if (NATIONAL.includes(date.slice(5)) || own.includes(date.slice(5))) return true
  const easter = easterSunday(Number(date.slice(0, 4)))
  const moving = territory === 'alsaceMoselle' ? [...AFTER_EASTER, GOOD_FRIDAY] : AFTER_EASTER
  return moving.some((days) => dayAfter(easter, days) === date)
}

/** The Sunday after the full moon that the Gregorian calendar computes for spring. */
export function easterSunday(year: number): LocalDate {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const leapsLeftOut = century - Math.floor(century / 4)
  const moonShift = Math.floor((8 * century + 13) / 25)
  const moon = (leapsLeftOut - moonShift + 19 * golden + 15) % 30
  const isTooLate = moon === 29 || (moon === 28 && golden > 10)
  const fullMoon = isTooLate ? moon - 1 : moon
  const weekday = (year + Math.floor(year / 4) + fullMoon + 2 - leapsLeftOut) % 7
  return dayAfter(`${year}-03-28`, fullMoon - weekday)
}

const overseas = new Map<string, Place>([
  ['971', { zone: 'America/Guadeloupe', territory: 'guadeloupe' }],
  ['972', { zone: 'America/Martinique', territory: 'martinique' }],
  ['973', { zone: 'America/Cayenne', territory: 'guyane' }],
  ['974', { zone: 'Indian/Reunion', territory: 'reunion' }],
  ['975', { zone: 'America/Miquelon', territory: 'saintPierreEtMiquelon' }],
  ['976', { zone: 'Indian/Mayotte', territory: 'mayotte' }],
  ['977', { zone: 'America/St_Barthelemy', territory: 'saintBarthelemy' }],
  ['978', { zone: 'America/Marigot', territory: 'saintMartin' }],
])
const ALSACE_MOSELLE = ['57', '67', '68']

/**
 * The place that a département is: `01` to `95`, `2A`, `2B`, `971` to `978`.
 * @throws RangeError for another, as 986 to 988, whose own law sets their holidays
 */
export function placeOf(department: string): Place {
  const place = overseas.get(department)
  if (place !== undefined) return place
  if (!/^(0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5])$/.test(department))
    throw new RangeError(`No holidays are known for the département ${department}`)
  return { zone: 'Europe/Paris', territory: ALSACE_MOSELLE.includes(department) ? 'alsaceMoselle' : 'metropolitan' }
}
