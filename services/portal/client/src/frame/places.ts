import { hasScope, type Person } from '../api/session.ts'

/** A place of the navigation: a word of the frame, and where it leads. */
export type PlaceOfNavigation = {
  word:
    | 'inbox'
    | 'ward'
    | 'ehpad'
    | 'quarantine'
    | 'threads'
    | 'referrals'
    | 'protocols'
    | 'late'
    | 'statistics'
    | 'absences'
    | 'open'
  path: string
  /** Of a ward, its code: its name is that of the directory. */
  ward?: string
}

/** What a person finds in the navigation: what the role is made for, in the order of a morning. */
export function placesOf(person: Person): PlaceOfNavigation[] {
  const { organisation, role, wards } = person
  const may = (scope: string) => hasScope(person, scope)
  const isEhpad = role === 'ehpad' && organisation !== undefined
  return [
    ...(isEhpad ? [{ word: 'ehpad' as const, path: `/ehpad/${organisation}` }] : []),
    ...(may('board:read') && !isEhpad
      ? wards.map((ward) => ({ word: 'ward' as const, path: `/ward/${encodeURIComponent(ward)}`, ward }))
      : []),
    ...(may('inbox:read') ? [{ word: 'inbox' as const, path: '/inbox' }] : []),
    ...(may('thread:read') ? [{ word: 'threads' as const, path: '/threads' }] : []),
    ...(may('referral:read') ? [{ word: 'referrals' as const, path: '/referrals' }] : []),
    ...(may('quarantine:read') ? [{ word: 'quarantine' as const, path: '/quarantine' }] : []),
    ...(may('protocol:write') ? [{ word: 'protocols' as const, path: '/protocols' }] : []),
    ...(may('protocol:write') || role === 'referent-parcours' ? [{ word: 'late' as const, path: '/late' }] : []),
    ...(may('statistics:read') ? [{ word: 'statistics' as const, path: '/statistics' }] : []),
    ...(may('absence:write') ? [{ word: 'absences' as const, path: '/absences' }] : []),
    ...(may('pathway:read') ? [{ word: 'open' as const, path: '/open' }] : []),
  ]
}

/** What opens in the morning. */
export function homeOf(person: Person): string {
  return placesOf(person)[0]?.path ?? '/preferences'
}
