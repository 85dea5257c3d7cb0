import type { Language } from '../../messages/language.tsx'

/** `nov. 26`, or `novembre 2026`. */
export function monthName(month: string, language: Language, length: 'short' | 'long'): string {
  const options = { month: length, year: length === 'long' ? 'numeric' : '2-digit', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', options).format(
    new Date(`${month}-01T00:00:00Z`),
  )
}
