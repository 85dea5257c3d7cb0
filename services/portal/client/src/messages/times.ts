import type { Language } from './language.tsx'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const formats = new Map<string, Intl.DateTimeFormat>()
function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', options)
  formats.set(key, known)
  return known
}

export function timeOfDay(instant: string | number, language: Language): string {
  return format(language, 'time', { hour: '2-digit', minute: '2-digit' }).format(new Date(instant))
}

/** `14:32` today, `hier 14:32`, `ven. 27 nov. 14:32`, with the year where it is another one. */
export function moment(instant: string, now: number, language: Language): string {
  const at = new Date(instant)
  const time = timeOfDay(instant, language)
  const days = Math.round((startOfDay(at.getTime()) - startOfDay(now)) / DAY)
  if (days === 0) return time
  if (Math.abs(days) === 1) {
    const word = language === 'fr' ? (days < 0 ? 'hier' : 'demain') : days < 0 ? 'yesterday' : 'tomorrow'
    return `${word} ${time}`
  }
  return `${day(instant, now, language)} ${time}`
}

/** `ven. 27 nov.`, with the year where it is another one. */
export function day(instant: string, now: number, language: Language): string {
  const at = new Date(instant)
  const isThisYear = at.getFullYear() === new Date(now).getFullYear()
  return isThisYear
    ? format(language, 'day', { weekday: 'short', day: 'numeric', month: 'short' }).format(at)
    : format(language, 'year', { day: 'numeric', month: 'short', year: 'numeric' }).format(at)
}

/** Whole: for who prints, and for who points at a relative time. */
export function fullMoment(instant: string, language: Language): string {
  return format(language, 'full', { dateStyle: 'full', timeStyle: 'short' }).format(new Date(instant))
}

/** `il y a 12 min`, `dans 3 h`, `il y a 5 j`. */
export function relative(instant: string, now: number, language: Language): string {
  const distance = Date.parse(instant) - now
  const size = Math.abs(distance)
  const amount =
    size < MINUTE
      ? undefined
      : size < HOUR
        ? `${Math.floor(size / MINUTE)} min`
        : size < 2 * DAY
          ? `${Math.floor(size / HOUR)} h`
          : days(size, language)
  if (language === 'fr') {
    if (amount === undefined) return 'à l’instant'
    return distance < 0 ? `il y a ${amount}` : `dans ${amount}`
  }
  if (amount === undefined) return 'just now'
  return distance < 0 ? `${amount} ago` : `in ${amount}`
}

const days = (size: number, language: Language) => `${Math.floor(size / DAY)} ${language === 'fr' ? 'j' : 'd'}`

function startOfDay(milliseconds: number): number {
  const at = new Date(milliseconds)
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

/** A birth date as it is known: a year, a month or a day; never computed with, for lunar dates exist. */
export function birthDate(text: string, language: Language): string {
  const [year, month, dayOfMonth] = text.split('-')
  if (dayOfMonth === undefined) return text
  return language === 'fr' ? `${dayOfMonth}/${month}/${year}` : text
}

/** `27/11/2026 14:32`: the same whenever it is read, for a text that leaves the page. */
export function exactMoment(instant: string, language: Language): string {
  const at = new Date(instant)
  const date = format(language, 'exact', { day: '2-digit', month: '2-digit', year: 'numeric' }).format(at)
  return `${date} ${timeOfDay(instant, language)}`
}
