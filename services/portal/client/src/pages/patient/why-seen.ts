import { namesOf, type Person } from '../../api/session.ts'
import type { CircleMember } from './patient-queries.ts'

export type WhySeen =
  | { kind: 'self' | 'team'; role: CircleMember['role']; ground: CircleMember['ground']; since: string }
  | { kind: 'establishment' }
  | { kind: 'unknown' }

/** Why somebody sees a patient: as the platform decides it, a membership first, then work where a stay was. */
export function whySeen(
  person: Person,
  { members, facilities }: { members: readonly CircleMember[]; facilities: readonly (string | undefined)[] },
): WhySeen {
  const names = namesOf(person)
  const present = members.filter(({ leftAt, memberId }) => leftAt === undefined && names.includes(memberId))
  const membership = present.find(({ memberId }) => memberId === person.id) ?? present[0]
  if (membership) {
    const { memberId, role, ground, joinedAt } = membership
    return { kind: memberId === person.id ? 'self' : 'team', role, ground, since: joinedAt }
  }
  if (person.organisation !== undefined && facilities.includes(person.organisation)) return { kind: 'establishment' }
  return { kind: 'unknown' }
}
