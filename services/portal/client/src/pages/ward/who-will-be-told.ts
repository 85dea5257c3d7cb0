import type { Standing } from '@relais/contracts/standing'

export type Member = {
  memberId: string
  role: string
  ground: string
  source: 'reported' | 'declared'
  joinedAt: string
  leftAt?: string | undefined
}
export type Teller = { id: string; organisation?: string | undefined }
export type WhoIsTold<One extends Member = Member> = {
  told: readonly One[]
  /** Why nobody outside is told, whatever the circle. */
  nobodyBecause?: 'confidential' | 'notHospitalised'
  /** The same establishment: they know. */
  own: readonly One[]
}

/**
 * Who is told of a change of a stay: the members of the circle, of emergencies and hospitalisations, and of any death;
 * never who says it, nor the establishment of the stay; of a confidential stay nobody.
 */
export function whoWillBeTold<One extends Member>(
  { confidential, patientClass, facility }: Pick<Standing, 'confidential' | 'patientClass' | 'facility'>,
  members: readonly One[],
  { teller, isDeath }: { teller: Teller; isDeath: boolean },
): WhoIsTold<One> {
  const current = members.filter(({ leftAt }) => leftAt === undefined)
  const names = new Set([teller.id, `finess:${teller.organisation ?? facility}`, `finess:${facility}`])
  const own = current.filter(({ memberId }) => names.has(memberId))
  if (confidential) return { told: [], own, nobodyBecause: 'confidential' }
  const isTellable = isDeath || patientClass === 'E' || patientClass === 'I'
  if (!isTellable) return { told: [], own, nobodyBecause: 'notHospitalised' }
  const others = current.filter(({ memberId }) => !names.has(memberId))
  return { told: [...new Map(others.map((member) => [member.memberId, member])).values()], own }
}
