import type { Instant } from '@relais/contracts/primitives'

type Member = {
  memberId: string
  role: string
  source: string
  joinedAt: Instant
  /** For a reported member: when the hospital's software said it. */
  reportedAt?: Instant | undefined
  leftAt?: Instant | undefined
}
/** That somebody said "not my patient", under whichever id of the person. */
export type Disowning = { memberId: string; disownedAt: Instant }

/**
 * The memberships of a person out of those of each of his or her ids, each of which keeps a circle of its own: undoing a
 * link restores them all. Who said "not my patient" under one id is a member under none, unless declared since; and of
 * the médecins traitants of several ids, one alone holds. Those who have left stay among them.
 */
export function membersInForce<Known extends Member>(
  members: readonly Known[],
  disownings: readonly Disowning[],
): Known[] {
  const admitted = members.filter((member) => !isPresent(member) || !isDisowned(member, disownings))
  const [holder] = admitted.filter((member) => isPresent(member) && isHeldByOne(member.role)).toSorted(firstInForce)
  return admitted.filter(
    (member) => !isPresent(member) || !isHeldByOne(member.role) || member.memberId === holder?.memberId,
  )
}

/** A patient has one médecin traitant. */
export const isHeldByOne = (role: string) => role === 'medecin-traitant'

const isPresent = ({ leftAt }: Member) => leftAt === undefined

function isDisowned({ memberId, source, joinedAt }: Member, disownings: readonly Disowning[]): boolean {
  return disownings.some(
    (disowning) => disowning.memberId === memberId && (source === 'reported' || joinedAt <= disowning.disownedAt),
  )
}

/** What a person declared before what hospitals reported, then what was said last; the same everywhere. */
function firstInForce(one: Member, other: Member): number {
  return (
    Number(other.source === 'declared') - Number(one.source === 'declared') ||
    order(saidAt(other), saidAt(one)) ||
    order(one.memberId, other.memberId)
  )
}

const saidAt = ({ reportedAt, joinedAt }: Member) => reportedAt ?? joinedAt
const order = (one: string, other: string) => (one === other ? 0 : one < other ? -1 : 1)
