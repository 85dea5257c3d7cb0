import { withoutResponsibility } from '@relais/contracts/pathway'
import type { DocumentRef, Instant, MessageId, PatientId, StayId, Ward } from '@relais/contracts/primitives'
import type { StandingNature } from '@relais/contracts/standing'
import type { StayEvent } from '@relais/contracts/stays'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'
import { decideMovement, type MovementRejection, type RecordMovement, subject } from './movements.ts'
import { decideOwner, ownerOf, type MoveRejection, type MoveToPatient } from './ownership.ts'
import { wardsBut } from './places.ts'
import { changesOf, isConfidential, saysDeath, standingOf, wardsHolding, wasOpened } from './standing.ts'
import { evolve, initialState, later, type StayState } from './stay-state.ts'

/** A person of the establishment says whether the patient's presence may be known outside. */
export type SetConfidential = { type: 'SetConfidential'; stayId: StayId; at: Instant } & (
  | { confidential: true; reason: 'patientRequest' | 'sensitiveUnit' }
  | { confidential: false }
)

/** The directory says that a ward keeps its stays to itself. */
export type ProtectInWards = { type: 'ProtectInWards'; stayId: StayId; at: Instant; wards: readonly Ward[] }

/** A person of the establishment says who the patient is, without a movement. */
export type ReportIdentity = {
  type: 'ReportIdentity'
  stayId: StayId
  messageId: MessageId
  at: Instant
  identity: DocumentRef
}

export type { MoveToPatient } from './ownership.ts'
export type { RecordMovement } from './movements.ts'
export type StayCommand = RecordMovement | MoveToPatient | SetConfidential | ProtectInWards | ReportIdentity
export type StayRejection = MovementRejection | MoveRejection | { code: 'stayUnknown' }

type StayDecision = Decision<StayEvent, StayRejection>

function decide(command: StayCommand, state: StayState): StayDecision {
  switch (command.type) {
    case 'RecordMovement':
      return recordMovement(command, state)
    case 'MoveToPatient':
      return moveToPatient(command, state)
    case 'ProtectInWards':
      return protectInWards(command, state)
    case 'SetConfidential':
      return setConfidential(command, state)
    case 'ReportIdentity':
      return reportIdentity(command, state)
  }
}

function recordMovement(command: RecordMovement, state: StayState): StayDecision {
  const owner = ownerOf(command, state)
  if (owner === undefined) return reject({ code: 'patientMismatch' })
  if (state.handled.includes(command.messageId)) return accept()
  const said = { ...command, patientId: owner }
  const decision = decideMovement(said, state)
  if (!decision.accepted) return decision
  const isOfOwner = owner === command.patientId
  const events = [...decision.events, ...(isOfOwner ? reported(command, state) : [])]
  const change = { nature: natureOf(command), happenedAt: happenedAt(command, state), subject: subject(said) }
  return accept(...withStanding(state, withConfidentiality(state, events, said), change))
}

function moveToPatient(command: MoveToPatient, state: StayState): StayDecision {
  const decision = decideOwner(command, state)
  if (!decision.accepted) return decision
  const { reportedAt: happenedAt } = command
  // Whose the stay is has changed only where it also says who that is.
  const isMoved = decision.events.some(({ type }) => type === 'IdentityReported')
  if (!isMoved) return decision
  const change = { nature: 'movedToPatient' as const, happenedAt, subject: subject(command) }
  return accept(...withStanding(state, decision.events, change))
}

function setConfidential(command: SetConfidential, state: StayState): StayDecision {
  const { stayId, at, confidential } = command
  const { patientId, confidentiality } = state
  if (patientId === undefined) return reject({ code: 'stayUnknown' })
  const isSo = isConfidential(state)
  // A person's word is on record even where messages say the same: they may take theirs back.
  if (confidential ? confidentiality?.confidential === true : !isSo) return accept()
  const reason = confidential ? command.reason : ('released' as const)
  const wards = wardsHolding(standingOf(state)).map(withoutResponsibility)
  // A release counts against all that was said until now, also by a clock that is ahead.
  const changedAt = later(at, state.saidAt)
  const data = { stayId, patientId, confidential, reason, changedAt, wards }
  const changed: StayEvent = { type: 'ConfidentialityChanged', data }
  const nature = confidential ? ('madeConfidential' as const) : ('released' as const)
  return accept(...withStanding(state, [changed], { nature, happenedAt: at, subject: { stayId, patientId } }))
}

/** Counts after all that was said until now, also by a clock that is ahead. */
function reportIdentity({ stayId, messageId, at, identity }: ReportIdentity, state: StayState): StayDecision {
  const { patientId } = state
  if (patientId === undefined) return reject({ code: 'stayUnknown' })
  if (state.handled.includes(messageId)) return accept()
  const data = { stayId, patientId, messageId, reportedAt: later(at, state.saidAt), identity }
  return accept({ type: 'IdentityReported', data })
}

/** By default: whoever has said otherwise of this stay is believed, and what is over is left alone. */
function protectInWards({ stayId, at, wards: declared }: ProtectInWards, state: StayState): StayDecision {
  const standing = standingOf(state)
  const { patientId } = state
  if (!standing || patientId === undefined) return reject({ code: 'stayUnknown' })
  const isThere = wardsHolding(standing).length > wardsBut(wardsHolding(standing), declared).length
  const isOver = standing.status === 'discharged' || standing.status === 'withdrawn'
  if (!isThere || isOver || standing.confidential || wasOpened(state)) return accept()
  const wards = wardsHolding(standing).map(withoutResponsibility)
  const said = { stayId, patientId, confidential: true, reason: 'sensitiveUnit' as const }
  const changed: StayEvent = {
    type: 'ConfidentialityChanged',
    data: { ...said, changedAt: later(at, state.saidAt), wards },
  }
  const change = { nature: 'madeConfidential' as const, happenedAt: at, subject: { stayId, patientId } }
  return accept(...withStanding(state, [changed], change))
}

/** What the message says beside its movement, when it is new and nothing was said later. */
function reported(command: RecordMovement, state: StayState): StayEvent[] {
  const { identity, participants } = command
  const { reportedAt } = command.movement
  if (reportedAt < state.saidAt) return []
  const said = { ...subject(command), reportedAt }
  const events: StayEvent[] = []
  if (identity && identity.sha256 !== state.identity)
    events.push({ type: 'IdentityReported', data: { ...said, identity } })
  if (participants.length > 0 && JSON.stringify(participants) !== JSON.stringify(state.participants))
    events.push({ type: 'ParticipantsReported', data: { ...said, participants: [...participants] } })
  return events
}

/** Comes first: whoever reads the movement MUST know by then whom it may be told to. */
function withConfidentiality(state: StayState, events: readonly StayEvent[], command: RecordMovement): StayEvent[] {
  const after = events.reduce(evolve, state)
  const confidential = isConfidential(after)
  if (confidential === isConfidential(state)) return [...events]
  const wards = wardsHolding(standingOf(after)).map(withoutResponsibility)
  const what = { confidential, changedAt: command.movement.reportedAt, wards }
  const asked = command.isSensitive ? ('sensitiveUnit' as const) : ('patientRequest' as const)
  const reason = confidential ? asked : ('released' as const)
  return [{ type: 'ConfidentialityChanged', data: { ...subject(command), ...what, reason } }, ...events]
}

type Change = {
  nature: StandingNature
  happenedAt: Instant
  subject: { stayId: StayId; patientId: PatientId; messageId?: MessageId }
}

/** Ends what is appended with what the stay now is, where that has changed. */
function withStanding(state: StayState, events: readonly StayEvent[], change: Change): readonly StayEvent[] {
  const before = standingOf(state)
  const standing = standingOf(events.reduce(evolve, state))
  if (events.length === 0 || !standing) return events
  const changed = changesOf(before, standing)
  if (changed.length === 0 && change.nature !== 'movedToPatient') return events
  const { subject, happenedAt } = change
  const nature = changed.includes('confidential') && before ? confidentialNature(standing.confidential) : change.nature
  const data = { ...subject, nature, happenedAt, standing, ...(before ? { before } : {}), changed }
  return [...events, { type: 'StandingChanged', data }]
}

const confidentialNature = (confidential: boolean) => (confidential ? 'madeConfidential' : 'released')

const natures = {
  preadmission: 'expected',
  plannedAdmission: 'expected',
  registration: 'arrived',
  admission: 'admitted',
  transfer: 'moved',
  discharge: 'discharged',
  toInpatient: 'becameInpatient',
  toOutpatient: 'becameOutpatient',
  attendingChange: 'attendingChanged',
  leave: 'leaveBegan',
  return: 'leaveEnded',
  plannedTransfer: 'planned',
  plannedDischarge: 'planned',
} as const

function natureOf({ action, kind, movement }: RecordMovement): StandingNature {
  if (action === 'update') return 'corrected'
  if (action === 'cancel') return 'withdrawn'
  return saysDeath({ kind, said: movement }) ? 'died' : natures[kind]
}

/** A cancellation repeats when its movement took effect, but need not. */
function happenedAt({ action, movement }: RecordMovement, { movements }: StayState): Instant {
  const cancelled = action === 'cancel' ? movements[movement.movementId] : undefined
  return (cancelled?.said ?? movement).effectiveAt
}

export const stay: Decider<StayCommand, StayEvent, StayState, StayRejection> = { initialState, evolve, decide }
