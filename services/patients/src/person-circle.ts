import { PatientId } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { CircleCommand, CircleMember, CircleRejection } from './domain/circle.ts'

type Handled = { accepted: true; position: number | undefined } | { accepted: false; rejection: CircleRejection }
export type PersonCircleDeps = {
  loadCircle: (patientId: PatientId) => Promise<readonly CircleMember[]>
  handleCircle: (id: string, command: CircleCommand, context: CommandContext) => Promise<Handled>
}
type Declaring = Omit<Extract<CircleCommand, { type: 'DeclareMember' }>, 'type'>
type Removing = Omit<Extract<CircleCommand, { type: 'RemoveMember' }>, 'type'>

/**
 * The circle of a person, whose ids have a circle each: it reads as one, and what is said of it holds for all of them. Each
 * goes on alone once a link is undone.
 */
export function personCircle({ loadCircle, handleCircle }: PersonCircleDeps) {
  const circlesOf = (ids: readonly string[]) =>
    Promise.all(
      ids.map(async (id) => {
        const patientId = PatientId.parse(id)
        return { patientId, members: await loadCircle(patientId) }
      }),
    )

  return {
    async read(ids: readonly string[]): Promise<CircleMember[]> {
      const circles = await circlesOf(ids)
      return withoutTwice(circles.flatMap(({ members }) => members).toSorted(byJoining))
    },
    /** Written to the circle of the id that was named; whom it takes the place of leaves wherever he or she was. */
    async declare(ids: readonly string[], member: Declaring, context: CommandContext): Promise<Handled> {
      const { patientId, memberId, role, at } = member
      const result = await handleCircle(patientId, { type: 'DeclareMember', ...member }, context)
      if (!result.accepted || role !== 'medecin-traitant') return result
      let { position } = result
      const others = await circlesOf(ids.filter((id) => id !== patientId))
      for (const { patientId: id, memberId: holder } of others.flatMap(holdersOf(role)))
        if (holder !== memberId) {
          const leaving = { patientId: id, memberId: holder, role, at, reason: 'replaced' } as const
          const left = await handleCircle(id, { type: 'RemoveMember', ...leaving }, context)
          if (left.accepted) position = Math.max(position ?? 0, left.position ?? 0)
        }
      return { accepted: true, position }
    },
    /** `memberUnknown` only where the professional never belonged to any of the circles. */
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

type Circle = { patientId: PatientId; members: readonly CircleMember[] }

const holdersOf =
  (role: string) =>
  ({ patientId, members }: Circle) =>
    members
      .filter((member) => member.role === role && member.leftAt === undefined)
      .map(({ memberId }) => ({ patientId, memberId }))

function byJoining({ joinedAt: one }: CircleMember, { joinedAt: other }: CircleMember): number {
  return one < other ? -1 : Number(one > other)
}

/** Whoever is in two of the circles in one role is shown once. */
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
