import type { CircleEvent, CircleRole, LegalGround } from '@relais/contracts/patients'
import type { Instant, PatientId, ProfessionalId } from '@relais/contracts/primitives'
import type { ReportedRelation } from '@relais/contracts/stays'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'

type Named = { patientId: PatientId; memberId: ProfessionalId; role: CircleRole; at: Instant }
type DeclareMember = { type: 'DeclareMember'; ground: LegalGround } & Named
/** A hospital's message names a professional (ROL), or a register its EHPAD: weaker than what a person declared. */
type ReportMember = { type: 'ReportMember'; reportedAs?: ReportedRelation; reportedAt: Instant } & Named
/**
 * `replaced` when another one took the place, in a circle of the same person; `departed` when a register says so, which
 * bears on whoever was there then.
 */
type RemoveMember = { type: 'RemoveMember'; reason?: 'removed' | 'replaced' | 'departed' } & Named
/** The member says that this is no patient of his or hers, in whatever role. */
type Disown = { type: 'Disown' } & Omit<Named, 'role'>
export type CircleCommand = DeclareMember | ReportMember | RemoveMember | Disown

export type CircleRejection = { code: 'memberUnknown' }

export type CircleMember = {
  memberId: ProfessionalId
  role: CircleRole
  ground: LegalGround
  source: 'reported' | 'declared'
  joinedAt: Instant
  /** For a reported member: when the hospital's software said it. */
  reportedAt?: Instant | undefined
  leftAt?: Instant
  hasDisowned?: boolean
}
export type CircleState = { members: readonly CircleMember[] }

type CircleDecision = Decision<CircleEvent, CircleRejection>

function evolve(state: CircleState, event: CircleEvent): CircleState {
  const { memberId, role } = event.data
  switch (event.type) {
    case 'MemberJoined': {
      const { ground, source, joinedAt, reportedAt } = event.data
      return { members: [...state.members, { memberId, role, ground, source, joinedAt, reportedAt }] }
    }
    case 'MemberLeft': {
      const { leftAt, reason } = event.data
      const gone = { leftAt, hasDisowned: reason === 'disowned' }
      const leaves = (member: CircleMember) => present(member) && member.memberId === memberId && member.role === role
      return { members: state.members.map((member) => (leaves(member) ? { ...member, ...gone } : member)) }
    }
  }
}

function decide(command: CircleCommand, state: CircleState): CircleDecision {
  switch (command.type) {
    case 'DeclareMember':
      return declare(command, state)
    case 'ReportMember':
      return report(command, state)
    case 'RemoveMember':
      return remove(command, state)
    case 'Disown':
      return disown(command, state)
  }
}

function declare(command: DeclareMember, state: CircleState): CircleDecision {
  const { patientId, memberId, role, ground, at } = command
  const same = find(state, command)
  if (same?.source === 'declared' && same.ground === ground) return accept()
  const leaving = [...(same ? [same] : []), ...othersIn(state, command)]
  const joined = { patientId, memberId, role, ground, joinedAt: at, source: 'declared' as const }
  return accept(...leaving.map((member) => left(command, member)), { type: 'MemberJoined', data: joined })
}

/**
 * A reported primary physician takes the place of one that was reported earlier, never of one that a person declared. A
 * report is told again after a restart: what happened since MUST stand, a removal above all.
 */
function report(command: ReportMember, state: CircleState): CircleDecision {
  const { patientId, memberId, role, reportedAs, reportedAt, at } = command
  const others = othersIn(state, command)
  const isOutranked = others.some((other) => other.source === 'declared' || (other.reportedAt ?? '') >= reportedAt)
  if (find(state, command) || isOutranked || isOvertaken(state, command) || hasDisowned(state, command)) return accept()
  const said = { ...(reportedAs === undefined ? {} : { reportedAs }), reportedAt, source: 'reported' as const }
  const joined = { patientId, memberId, role, joinedAt: at, ...said }
  return accept(...others.map((member) => left(command, member)), {
    type: 'MemberJoined',
    data: { ...joined, ground: 'exchange' },
  })
}

function remove(command: RemoveMember, state: CircleState): CircleDecision {
  const member = find(state, command)
  if (member) {
    const { patientId, memberId, role, at, reason = 'removed' } = command
    if (reason === 'departed' && member.joinedAt > at) return accept()
    return accept({ type: 'MemberLeft', data: { patientId, memberId, role, leftAt: at, reason } })
  }
  const was = state.members.some(({ memberId, role }) => memberId === command.memberId && role === command.role)
  return was ? accept() : reject({ code: 'memberUnknown' })
}

/** Whoever was declared since stays. */
function disown({ patientId, memberId, at }: Disown, { members }: CircleState): CircleDecision {
  const own = members.filter((member) => present(member) && member.memberId === memberId && member.joinedAt <= at)
  const left = { patientId, memberId, leftAt: at, reason: 'disowned' as const }
  return accept(...own.map(({ role }) => ({ type: 'MemberLeft' as const, data: { ...left, role } })))
}

/** A hospital goes on naming whom it has on file: who said that it is mistaken is not brought back by that. */
function hasDisowned({ members }: CircleState, { memberId }: Named): boolean {
  return members.findLast((member) => member.memberId === memberId)?.hasDisowned ?? false
}

const present = (member: CircleMember) => member.leftAt === undefined

function find(state: CircleState, { memberId, role }: Named): CircleMember | undefined {
  return state.members.find((member) => present(member) && member.memberId === memberId && member.role === role)
}

/** A patient has one médecin traitant. */
const isHeldByOne = (role: CircleRole) => role === 'medecin-traitant'

/** Whoever holds a role that only one person holds. */
function othersIn(state: CircleState, { memberId, role }: Named): CircleMember[] {
  if (!isHeldByOne(role)) return []
  return state.members.filter((member) => present(member) && member.role === role && member.memberId !== memberId)
}

/** Whether the circle learned later of something that bears on the same place in it. */
function isOvertaken(state: CircleState, { memberId, role, at }: Named): boolean {
  return state.members
    .filter((member) => member.role === role && (member.memberId === memberId || isHeldByOne(role)))
    .some(({ joinedAt, leftAt = joinedAt }) => joinedAt > at || leftAt > at)
}

function left({ patientId, at }: Named, { memberId, role }: CircleMember): CircleEvent {
  return { type: 'MemberLeft', data: { patientId, memberId, role, leftAt: at, reason: 'replaced' } }
}

export const circle: Decider<CircleCommand, CircleEvent, CircleState, CircleRejection> = {
  initialState: { members: [] },
  evolve,
  decide,
}
