import { membersInForce } from '@relais/access/members'
import { PatientId } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { CircleCommand, CircleMember, CircleRejection, CircleState } from './domain/circle.ts'

type Handled = { accepted: true; position: number | undefined } | { accepted: false; rejection: CircleRejection }
export type PersonCircleDeps = {
  loadCircle: (patientId: PatientId) => Promise<CircleState>
  handleCircle: (id: string, command: CircleCommand, context: CommandContext) => Promise<Handled>
}
type Declaring = Omit<Extract<CircleCommand, { type: 'DeclareMember' }>, 'type' | 'anew'>
type Removing = Omit<Extract<CircleCommand, { type: 'RemoveMember' }>, 'type'>
type OfPatient = CircleMember & { patientId: PatientId }

/**
 * The circle of a person, whose ids have a circle each: it reads as one, and goes on as several once a link is undone.
 * Nothing is written for what a link alone brings about.
 */
export function personCircle({ loadCircle, handleCircle }: PersonCircleDeps) {
  async function inForce(ids: readonly string[]): Promise<OfPatient[]> {
    const circles = await Promise.all(
      ids.map(async (id) => {
        const patientId = PatientId.parse(id)
        const { members, disownings } = await loadCircle(patientId)
        return { members: members.map((member) => ({ ...member, patientId })), disownings }
      }),
    )
    const members = circles.flatMap((circle) => circle.members).toSorted(byJoining)
    return membersInForce(
      members,
      circles.flatMap((circle) => circle.disownings),
    )
  }

  return {
    read: async (ids: readonly string[]): Promise<CircleMember[]> => withoutTwice(await inForce(ids)),
    /** Written to the circle of the id that was named. */
    async declare(ids: readonly string[], member: Declaring, context: CommandContext): Promise<Handled> {
      const { patientId, memberId, role } = member
      const holds = (await inForce(ids)).some(
        (known) =>
          known.patientId === patientId &&
          known.memberId === memberId &&
          known.role === role &&
          known.leftAt === undefined,
      )
      return handleCircle(patientId, { type: 'DeclareMember', ...member, anew: !holds }, context)
    },
    /** From all of the circles. `memberUnknown` only where the professional never belonged to any of them. */
    async remove(ids: readonly string[], member: Removing, context: CommandContext): Promise<Handled> {
      const results: Handled[] = []
      for (const id of ids) {
        const patientId = PatientId.parse(id)
        results.push(await handleCircle(patientId, { type: 'RemoveMember', ...member, patientId }, context))
      }
      const accepted = results.filter((result) => result.accepted)
      const positions = accepted.map(({ position }) => position).filter((position) => position !== undefined)
      if (accepted.length === 0) return { accepted: false, rejection: { code: 'memberUnknown' } }
      return { accepted: true, position: positions.length === 0 ? undefined : Math.max(...positions) }
    },
  }
}

function byJoining({ joinedAt: one }: CircleMember, { joinedAt: other }: CircleMember): number {
  return one < other ? -1 : Number(one > other)
}

/** Who is in several of the circles is there once, as long as he or she is. */
function withoutTwice(members: readonly CircleMember[]): CircleMember[] {
  const present = new Set<string>()
  return members.filter(({ memberId, role, leftAt }) => {
    const key = `${memberId} ${role}`
    if (leftAt !== undefined) return true
    const isFirst = !present.has(key)
    present.add(key)
    return isFirst
  })
}
