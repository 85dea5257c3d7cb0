import type { DocumentRef, MessageId, OutsideIdentifier, PatientId, StayId } from '@relais/contracts/primitives'
import { movementWards, withoutResponsibility } from '@relais/contracts/pathway'
import type { Flag, Movement, MovementKind, Participant } from '@relais/contracts/movements'
import type { StayEvent } from '@relais/contracts/stays'
import { accept, reject, type Decision } from '@relais/decider/decider'
import { changes } from './movement-changes.ts'
import { compareEffect, expects, opens } from './order.ts'
import { placesAround, wardsBut, wardsOf } from './places.ts'
import { standingOf, wardsHolding } from './standing.ts'
import {
  evolve,
  type KnownMovement,
  lastSaidAt,
  later,
  movementOf,
  STATUS_CHANGE,
  type StayState,
} from './stay-state.ts'

/** What one message says of one stay. Ids and documents were made beforehand: a decision makes nothing up. */
export type RecordMovement = {
  type: 'RecordMovement'
  action: 'insert' | 'update' | 'cancel'
  kind: MovementKind
  stayId: StayId
  patientId: PatientId
  messageId: MessageId
  movement: Movement
  /** PV1-5: of a cancelled admission, that the patient is expected again; without it, the visit is given up. */
  returnsToPreadmission: boolean
  /** It is confidential because of where it is, and not because the patient asked. */
  isSensitive?: boolean
  flags: readonly Flag[]
  /** PID-18. */
  dossier?: OutsideIdentifier | undefined
  /** Left out by who says nothing of it. */
  identity?: DocumentRef | undefined
  participants: readonly Participant[]
}

export type MovementRejection =
  | { code: 'movementUnknown' }
  | { code: 'movementIdReused' }
  | { code: 'movementWithdrawn' }
  | { code: 'triggerMismatch' }

type MovementDecision = Decision<StayEvent, MovementRejection>

const types = {
  preadmission: 'PatientPreadmitted',
  registration: 'PatientRegistered',
  admission: 'PatientAdmitted',
  toInpatient: 'OutpatientBecameInpatient',
  toOutpatient: 'InpatientBecameOutpatient',
  attendingChange: 'AttendingPhysicianChanged',
  leave: 'LeaveBegan',
  return: 'LeaveEnded',
  plannedAdmission: 'AdmissionPlanned',
  plannedTransfer: 'TransferPlanned',
  plannedDischarge: 'DischargePlanned',
} as const

/** What follows for the movement that a message inserts, corrects or cancels. */
export function decideMovement(command: RecordMovement, state: StayState): MovementDecision {
  const earlier = state.movements[command.movement.movementId]
  switch (command.action) {
    case 'insert':
      return earlier ? insertAgain(command, earlier) : insert(command, state)
    case 'update':
      return update(command, earlier)
    case 'cancel':
      return withdraw(command, state, earlier)
  }
}

function insert(command: RecordMovement, state: StayState): MovementDecision {
  const { kind, movement } = command
  const flags = [...command.flags]
  if (!opens(kind) && !expects(kind) && !hasOpening(state)) flags.push({ code: 'admissionMissing', path: 'ZBE-1' })
  const known = announced(kind, movement)
  if (isDoubled(known, state)) flags.push({ code: 'movementDoubled', path: 'ZBE-2' })
  const event = inserted({ ...command, flags }, state, known)
  const goneSince = state.givenUp[kind]
  if (goneSince === undefined || movement.reportedAt > goneSince) return accept(event)
  // The visit was given up in between, which was heard of first.
  const withdrawal = { command, reportedAt: goneSince, alongWith: [], wentAlong: true, flags: [] }
  return accept(event, withdrawn(evolve(state, event), known, withdrawal))
}

function inserted(command: RecordMovement, state: StayState, known: KnownMovement): StayEvent {
  const { kind, movement, flags } = command
  const { before, after } = placesAround(Object.values(state.movements), known)
  const named = movementWards(movement)
  const isPlan = expects(kind) || kind === 'plannedTransfer'
  const holding = isPlan ? [] : wardsBut(wardsOf(after), named)
  const along = { ...inDossier(command), ...(holding.length > 0 ? { holding } : {}) }
  const said = { ...subject(command), movement, flags: [...flags], ...along }
  if (kind !== 'transfer' && kind !== 'discharge') return { type: types[kind], data: said }
  const data = { ...said, leaving: wardsBut(wardsOf(before), named, holding) }
  return kind === 'transfer' ? { type: 'PatientTransferred', data } : { type: 'PatientDischarged', data }
}

/** Announced again: the announcement repeated, or the movement as it now is, said later; anything else is a clash. */
function insertAgain(command: RecordMovement, earlier: KnownMovement): MovementDecision {
  const { kind, movement } = command
  const isLater = movement.reportedAt > later(earlier.saidAt, earlier.withdrawnAt ?? '')
  if (earlier.kind !== kind) return reject({ code: 'movementIdReused' })
  if (earlier.withdrawnAt !== undefined && isLater) return reject({ code: 'movementWithdrawn' })
  if (!isLater && changes(earlier.inserted, movement).length === 0) return accept()
  if (changes(movementOf(earlier), movement).length > 0) return reject({ code: 'movementIdReused' })
  return earlier.withdrawnAt === undefined ? confirm(command, earlier) : accept()
}

function update(command: RecordMovement, earlier: KnownMovement | undefined): MovementDecision {
  const { movement } = command
  if (!earlier) return reject({ code: 'movementUnknown' })
  if (!bearsOn(command.kind, earlier.kind)) return reject({ code: 'triggerMismatch' })
  const isStatus = movement.nature === STATUS_CHANGE
  if (earlier.withdrawnAt !== undefined)
    return correctNothing(command, earlier, { code: 'movementAlreadyWithdrawn', path: 'ZBE-1' })
  if (movement.reportedAt < (isStatus ? lastSaidAt(earlier) : earlier.saidAt))
    return correctNothing(command, earlier, { code: 'olderThanWhatItCorrects', path: 'EVN-2' })
  const now = movementOf(earlier)
  const then = isStatus ? withStatus(now, movement) : withoutStatus(earlier, movement)
  const changed = changes(now, then)
  if (changed.length === 0) return confirm(command, earlier)
  const leaving = wardsBut(movementWards(now), movementWards(then))
  const correction = { movement: then, leaving, kind: earlier.kind, changed, flags: [...command.flags] }
  return accept({ type: 'MovementCorrected', data: { ...subject(command), ...correction, ...inDossier(command) } })
}

/** A change of status (ZBE-9 C) is no movement: it says another class of the same one. */
function withStatus(now: Movement, { patientClass, reportedAt }: Movement): Movement {
  return { ...now, patientClass, reportedAt, nature: STATUS_CHANGE }
}

/** A change of status that was said after the whole still holds. */
function withoutStatus({ status }: KnownMovement, movement: Movement): Movement {
  return status && status.at > movement.reportedAt ? { ...movement, patientClass: status.patientClass } : movement
}

/** On record, and flagged: it came too late to change anything. */
function correctNothing(command: RecordMovement, earlier: KnownMovement, flag: Flag): MovementDecision {
  const { kind } = earlier
  const nothing = { movement: movementOf(earlier), leaving: [], kind, changed: [], flags: [...command.flags, flag] }
  return accept({ type: 'MovementCorrected', data: { ...subject(command), ...nothing } })
}

/** The same again is worth a fact only when it is said later: a correction said in between MUST NOT override it. */
function confirm(command: RecordMovement, earlier: KnownMovement): MovementDecision {
  const { movementId, reportedAt, nature, patientClass } = command.movement
  const isStatus = nature === STATUS_CHANGE
  if (reportedAt <= (isStatus ? lastSaidAt(earlier) : earlier.saidAt)) return accept()
  const data = { ...subject(command), movementId, reportedAt, ...(isStatus ? { patientClass } : {}) }
  return accept({ type: 'MovementConfirmed', data })
}

function withdraw(command: RecordMovement, state: StayState, earlier: KnownMovement | undefined): MovementDecision {
  if (!earlier) return reject({ code: 'movementUnknown' })
  if (earlier.withdrawnAt !== undefined && !earlier.wentAlong) return accept()
  if (!bearsOn(command.kind, earlier.kind)) return reject({ code: 'triggerMismatch' })
  const { reportedAt } = command.movement
  const alongWith = kindsGoingAlong(command, earlier.kind)
  const events = [withdrawn(state, earlier, { command, reportedAt, alongWith, wentAlong: false, flags: command.flags })]
  const others = Object.values(state.movements)
    .filter((one) => alongWith.includes(one.kind) && one !== earlier && one.withdrawnAt === undefined)
    .filter(({ inserted }) => inserted.reportedAt <= reportedAt)
    .toSorted(compareEffect)
  for (const other of others) {
    const then = events.reduce(evolve, state)
    events.push(withdrawn(then, other, { command, reportedAt, alongWith: [], wentAlong: true, flags: [] }))
  }
  return accept(...events)
}

/**
 * PAM.fr 2.11: A38 gives up the visit, the admission that followed the pre-admission included; A11 gives up what was
 * expected too, unless PV1-5 returns the patient to the pre-admission.
 */
function kindsGoingAlong({ returnsToPreadmission }: RecordMovement, kind: MovementKind): MovementKind[] {
  if (kind === 'preadmission') return ['preadmission', 'plannedAdmission', 'registration', 'admission']
  return opens(kind) && !returnsToPreadmission ? ['preadmission', 'plannedAdmission'] : []
}

type Withdrawal = {
  command: RecordMovement
  reportedAt: string
  alongWith: MovementKind[]
  wentAlong: boolean
  flags: readonly Flag[]
}

function withdrawn(
  state: StayState,
  earlier: KnownMovement,
  { command, reportedAt, alongWith, wentAlong, flags }: Withdrawal,
): StayEvent {
  const { movementId, facility, effectiveAt } = movementOf(earlier)
  const wards = movementWards(earlier.said).map(withoutResponsibility)
  const what = { movementId, reportedAt, withdrawn: earlier.kind, facility, wards, effectiveAt }
  const along = { ...(alongWith.length > 0 ? { alongWith } : {}), ...(wentAlong ? { wentAlong } : {}) }
  const data = { ...subject(command), ...what, ...along, returning: [], flags: [...flags] }
  const after = standingOf(evolve(state, { type: 'MovementWithdrawn', data }))
  const returning = wardsBut(wardsHolding(after), wardsHolding(standingOf(state)), wards)
  return { type: 'MovementWithdrawn', data: { ...data, returning } }
}

const inDossier = ({ dossier }: RecordMovement) => (dossier ? { dossier } : {})

export function subject({ stayId, patientId, messageId }: Pick<RecordMovement, 'stayId' | 'patientId' | 'messageId'>) {
  return { stayId, patientId, messageId }
}

function announced(kind: MovementKind, movement: Movement): KnownMovement {
  const said = { inserted: movement, said: movement, saidAt: movement.reportedAt }
  return { kind, ...said, status: undefined, withdrawnAt: undefined, wentAlong: false }
}

const hasOpening = (state: StayState) =>
  Object.values(state.movements).some(
    ({ kind, withdrawnAt }) => withdrawnAt === undefined && (opens(kind) || expects(kind)),
  )

/** PAM.fr 2.11 §5.3.4: no two movements of one nature for one medical responsibility at one instant. */
function isDoubled({ kind, said }: KnownMovement, { movements }: StayState): boolean {
  const key = (movement: Movement) =>
    JSON.stringify([movement.effectiveAt, movement.nature, movement.medicalWard?.facility, movement.medicalWard?.code])
  return Object.values(movements).some(
    (other) => other.kind === kind && other.withdrawnAt === undefined && key(movementOf(other)) === key(said),
  )
}

/** A11 withdraws an admission and a registration alike; everything else names its own kind. */
function bearsOn(said: MovementKind, known: MovementKind): boolean {
  return said === known || (opens(said) && opens(known))
}
