import type { Wanted } from '../../acts/acts.tsx'
import type { CircleMember } from './patient-queries.ts'

export const declaredGrounds = ['exchange', 'recognisedTeam', 'organisedTeam', 'consent'] as const
export type DeclaredGround = (typeof declaredGrounds)[number]
export type Declaration = Pick<CircleMember, 'role'> & { memberId: string; ground: DeclaredGround }

export const circleRoles = [
  'medecin-traitant',
  'medecin',
  'remplacant',
  'infirmier',
  'pharmacien',
  'kinesitherapeute',
  'sage-femme',
  'ehpad',
  'ssiad',
  'referent-parcours',
] as const satisfies readonly CircleMember['role'][]

/** As what somebody of a profession of the register is most often in a circle. */
export function likelyRole(memberId: string, profession: string | undefined): CircleMember['role'] {
  if (memberId.startsWith('finess:')) return 'ehpad'
  const beginnings = [
    ['inf', 'infirmier'],
    ['pharm', 'pharmacien'],
    ['masseur', 'kinesitherapeute'],
    ['kin', 'kinesitherapeute'],
    ['sage', 'sage-femme'],
  ] as const
  const known = beginnings.find(([beginning]) => profession?.toLowerCase().startsWith(beginning))
  return known?.[1] ?? 'medecin'
}

type Named = { patientId: string; what: string; back: string }
const subjectOf = (patientId: string, memberId: string, role: string) => `circle ${patientId} ${memberId} ${role}`
const affects = (patientId: string) => [
  ['circle', patientId],
  ['pathway', patientId],
]
const memberPath = (patientId: string, memberId: string, role: string) =>
  `/patients/${patientId}/circle/${encodeURIComponent(memberId)}/${role}`

export function declareAct({ memberId, role, ground }: Declaration, { patientId, what, back }: Named): Wanted {
  return {
    subject: subjectOf(patientId, memberId, role),
    method: 'POST',
    path: `/patients/${patientId}/circle`,
    body: { memberId, role, ground },
    what,
    affects: affects(patientId),
    undo: { method: 'DELETE', path: memberPath(patientId, memberId, role), what: back },
  }
}

/** Taken back where somebody may say on what ground: that of a team, or of an emergency, is nobody's word. */
export function endAct({ memberId, role, ground }: CircleMember, { patientId, what, back }: Named): Wanted {
  const said = declaredGrounds.find((one) => one === ground)
  return {
    subject: subjectOf(patientId, memberId, role),
    method: 'DELETE',
    path: memberPath(patientId, memberId, role),
    what,
    affects: affects(patientId),
    ...(said && {
      undo: {
        method: 'POST',
        path: `/patients/${patientId}/circle`,
        body: { memberId, role, ground: said },
        what: back,
      },
    }),
  }
}
