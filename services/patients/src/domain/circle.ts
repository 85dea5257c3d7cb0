import type { CircleEvent, CircleRole, LegalGround } from '@relais/contracts/patients'
import type { Instant, PatientId, ProfessionalId, StayId } from '@relais/contracts/primitives'
import type { ReportedRelation } from '@relais/contracts/movements'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'

type Named = { patientId: PatientId; memberId: ProfessionalId; role: CircleRole; at: Instant }
/** `anew` where the membership stands already, and does not hold because of what is said under another id of the person. */
type DeclareMember = { type: 'DeclareMember'; ground: LegalGround; anew?: boolean } & Named
/** A hospital's message names a professional (ROL), or a register its EHPAD: weaker than what a person declared. */
type ReportMember = {
  type: 'ReportMember'
  reportedAs?: ReportedRelation
  reportedAt: Instant
  /** Who is away, during whose absence the member is here. */
  replaces?: ProfessionalId
  /** Of which stay he or she is to hear. */
  stayId?: StayId
} & Named
/** `departed` when a register says so, which bears on whoever was there then. */
type RemoveMember = { type: 'RemoveMember'; reason?: 'removed' | 'departed' } & Named
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
  replaces?: ProfessionalId | undefined
  leftAt?: Instant
}
type Disowning = { memberId: ProfessionalId; disownedAt: Instant }
/** Those who said "not my patient", and whom nobody has let in since. */
export type CircleState = { members: readonly CircleMember[]; disownings: readonly Disowning[] }

type CircleDecision = Decision<CircleEvent, CircleRejection>

function evolve(state: CircleState, { type, data }: CircleEvent): CircleState {
  const { memberId } = data
  const others = state.disownings.filter((disowning) => disowning.memberId !== memberId)
  switch (type) {
    case 'MemberJoined': {
      const { role, ground, source, joinedAt, reportedAt, replaces } = data
      const members = [...state.members, { memberId, role, ground, source, joinedAt, reportedAt, replaces }]
      return { members, disownings: source === 'declared' ? others : state.disownings }
    }
    case 'MemberLeft': {
      const { role, leftAt } = data
      const leaves = (member: CircleMember) => present(member) && member.memberId === memberId && member.role === role
      return { ...state, members: state.members.map((member) => (leaves(member) ? { ...member, leftAt } : member)) }
    }
    case 'PatientDisowned':
      return { ...state, disownings: [...others, { memberId, disownedAt: data.disownedAt }] }
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
  const { patientId, memberId, role, ground, at, anew = false } = command
  const same = find(state, command)
  if (same?.source === 'declared' && same.ground === ground && !anew) return accept()
  const leaving = [...(same ? [same] : []), ...othersIn(state, command)]
  const joined = { patientId, memberId, role, ground, joinedAt: at, source: 'declared' as const }
  return accept(...leaving.map((member) => left(command, member)), { type: 'MemberJoined', data: joined })
}

/**
 * A reported primary physician takes the place of one that was reported earlier, never of one that a person declared. A
 * report is told again after a restart: what happened since MUST stand, a removal above all.
 */
function report(command: ReportMember, state: CircleState): CircleDecision {
  const { patientId, memberId, role, reportedAs, reportedAt, replaces, stayId, at } = command
  const others = othersIn(state, command)
  const isOutranked = others.some((other) => other.source === 'declared' || (other.reportedAt ?? '') >= reportedAt)
  if (find(state, command) || isOutranked || isOvertaken(state, command) || hasDisowned(state, command)) return accept()
  const standsIn = { ...(replaces === undefined ? {} : { replaces }), ...(stayId === undefined ? {} : { stayId }) }
  const said = {
    ...(reportedAs === undefined ? {} : { reportedAs }),
    ...standsIn,
    reportedAt,
    source: 'reported' as const,
  }
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

/** Whoever was declared since stays. A hospital that names somebody since does not know better than who says so. */
function disown({ patientId, memberId, at }: Disown, { members, disownings }: CircleState): CircleDecision {
  const own = members.filter((member) => member.memberId === memberId)
  if (own.some(({ source, joinedAt }) => source === 'declared' && joinedAt > at)) return accept()
  const leaving = own.filter(present).map(({ role }): CircleEvent => {
    return { type: 'MemberLeft', data: { patientId, memberId, role, leftAt: at, reason: 'disowned' } }
  })
  if (leaving.length === 0 && disownings.some((disowning) => disowning.memberId === memberId)) return accept()
  return accept(...leaving, { type: 'PatientDisowned', data: { patientId, memberId, disownedAt: at } })
}

/** A hospital goes on naming whom it has on file: who said that it is mistaken is not brought back by that. */
function hasDisowned({ disownings }: CircleState, { memberId }: Named): boolean {
  return disownings.some((disowning) => disowning.memberId === memberId)
}

const present = (member: CircleMember) => member.leftAt === undefined

function find(state: CircleState, { memberId, role }: Named): CircleMember | undefined {
  return state.members.find((member) => present(member) && member.memberId === memberId && member.role === role)
}

/** A patient has one médecin traitant; of a person with several ids, `membersInForce` says which. */
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
  initialState: { members: [], disownings: [] },
  evolve,
  decide,
}
