import type { DocumentRef, Instant, MessageId, MovementId, PatientId, StayId, Ward } from '@relais/contracts/primitives'
import { movementWards, withoutResponsibility } from '@relais/contracts/pathway'
import {
  type Flag,
  type Movement,
  type MovementKind,
  movementKinds,
  type Participant,
  type StayEvent,
} from '@relais/contracts/stays'
import { accept, reject, type Decider, type Decision } from '@relais/decider/decider'

/** What one message says of one stay. Ids and documents were made beforehand: a decision makes nothing up. */
export type RecordMovement = {
  type: 'RecordMovement'
  action: 'insert' | 'update' | 'cancel'
  kind: MovementKind
  stayId: StayId
  patientId: PatientId
  messageId: MessageId
  movement: Movement
  flags: readonly Flag[]
  identity: DocumentRef
  participants: readonly Participant[]
}

export type StayRejection =
  | { code: 'movementUnknown' }
  | { code: 'movementIdReused' }
  | { code: 'movementWithdrawn' }
  | { code: 'triggerMismatch' }
  | { code: 'patientMismatch' }

/** `inserted` is the movement as it was announced, `reportedAt` the last time anything was said of it. */
type KnownMovement = {
  kind: MovementKind
  inserted: Movement
  movement: Movement
  reportedAt: Instant
  withdrawn: boolean
}
export type StayState = {
  patientId: PatientId | undefined
  movements: Readonly<Record<MovementId, KnownMovement>>
  handled: readonly MessageId[]
  /** The last time the hospital's software said anything of this stay. */
  saidAt: Instant
  identity: string | undefined
  participants: readonly Participant[]
}

type StayDecision = Decision<StayEvent, StayRejection>

const types = {
  preadmission: 'PatientPreadmitted',
  registration: 'PatientRegistered',
  admission: 'PatientAdmitted',
  transfer: 'PatientTransferred',
  discharge: 'PatientDischarged',
} as const

function evolve(before: StayState, event: StayEvent): StayState {
  const { patientId, messageId } = event.data
  const handled = before.handled.includes(messageId) ? before.handled : [...before.handled, messageId]
  const state = { ...before, patientId, handled, saidAt: later(before.saidAt, saidAt(event)) }
  switch (event.type) {
    case 'PatientPreadmitted':
    case 'PatientRegistered':
    case 'PatientAdmitted':
    case 'PatientTransferred':
    case 'PatientDischarged': {
      const { movement } = event.data
      const { reportedAt } = movement
      return known(state, {
        kind: movementKinds[event.type],
        inserted: movement,
        movement,
        reportedAt,
        withdrawn: false,
      })
    }
    case 'MovementCorrected': {
      const { movement } = event.data
      return change(state, movement.movementId, { movement, reportedAt: movement.reportedAt })
    }
    case 'MovementConfirmed':
      return change(state, event.data.movementId, { reportedAt: event.data.reportedAt })
    case 'MovementWithdrawn':
      return change(state, event.data.movementId, { withdrawn: true, reportedAt: event.data.reportedAt })
    case 'IdentityReported':
      return { ...state, identity: event.data.identity.sha256 }
    case 'ParticipantsReported':
      return { ...state, participants: event.data.participants }
  }
}

function saidAt({ data }: StayEvent): Instant {
  return 'movement' in data ? data.movement.reportedAt : data.reportedAt
}

const later = (one: Instant, other: Instant) => (one < other ? other : one)

function change(state: StayState, movementId: MovementId, what: Partial<KnownMovement>): StayState {
  const earlier = state.movements[movementId]
  if (!earlier) return state
  return known(state, { ...earlier, ...what, reportedAt: later(earlier.reportedAt, what.reportedAt ?? '') })
}

function known(state: StayState, movement: KnownMovement): StayState {
  return { ...state, movements: { ...state.movements, [movement.movement.movementId]: movement } }
}

function decide(command: RecordMovement, state: StayState): StayDecision {
  if (state.patientId !== undefined && state.patientId !== command.patientId) return reject({ code: 'patientMismatch' })
  if (state.handled.includes(command.messageId)) return accept()
  const decision = decideMovement(command, state)
  return decision.accepted ? accept(...decision.events, ...reported(command, state)) : decision
}

function decideMovement(command: RecordMovement, state: StayState): StayDecision {
  const earlier = state.movements[command.movement.movementId]
  switch (command.action) {
    case 'insert':
      return insert(command, state, earlier)
    case 'update':
      return update(command, earlier)
    case 'cancel':
      return withdraw(command, state, earlier)
  }
}

function insert(command: RecordMovement, state: StayState, earlier: KnownMovement | undefined): StayDecision {
  const { kind, movement } = command
  if (earlier) return insertAgain(command, earlier)
  const flags = [...command.flags]
  if (!opens(kind) && !hasOpening(state)) flags.push({ code: 'admissionMissing', path: 'ZBE-1' })
  const data = { ...subject(command), movement, flags }
  if (kind !== 'transfer' && kind !== 'discharge') return accept({ type: types[kind], data })
  return accept({ type: types[kind], data: { ...data, leaving: wardsLeft(placeBefore(state, movement), movement) } })
}

/** Announced again: the announcement repeated, or the movement as it now is, said later; anything else is a clash. */
function insertAgain(command: RecordMovement, earlier: KnownMovement): StayDecision {
  const { kind, movement } = command
  const isLater = movement.reportedAt > earlier.reportedAt
  if (earlier.kind !== kind) return reject({ code: 'movementIdReused' })
  if (earlier.withdrawn && isLater) return reject({ code: 'movementWithdrawn' })
  if (!isLater && changes(earlier.inserted, movement).length === 0) return accept()
  return changes(earlier.movement, movement).length === 0
    ? confirm(command, earlier)
    : reject({ code: 'movementIdReused' })
}

function update(command: RecordMovement, earlier: KnownMovement | undefined): StayDecision {
  const { movement } = command
  if (!earlier) return reject({ code: 'movementUnknown' })
  if (!bearsOn(command.kind, earlier.kind)) return reject({ code: 'triggerMismatch' })
  if (earlier.withdrawn) return correctNothing(command, earlier, { code: 'movementAlreadyWithdrawn', path: 'ZBE-1' })
  if (movement.reportedAt < earlier.reportedAt)
    return correctNothing(command, earlier, { code: 'olderThanWhatItCorrects', path: 'EVN-2' })
  const changed = changes(earlier.movement, movement)
  if (changed.length === 0) return confirm(command, earlier)
  const correction = { movement, leaving: wardsLeft(earlier.movement, movement), kind: earlier.kind, changed }
  return accept({ type: 'MovementCorrected', data: { ...subject(command), ...correction, flags: [...command.flags] } })
}

/** On record, and flagged: it came too late to change anything. */
function correctNothing(command: RecordMovement, { movement, kind }: KnownMovement, flag: Flag): StayDecision {
  const data = { ...subject(command), movement, leaving: [], kind, changed: [], flags: [...command.flags, flag] }
  return accept({ type: 'MovementCorrected', data })
}

/** The same again is worth a fact only when it is said later: a correction said in between MUST NOT override it. */
function confirm(command: RecordMovement, earlier: KnownMovement): StayDecision {
  const { movementId, reportedAt } = command.movement
  if (reportedAt <= earlier.reportedAt) return accept()
  return accept({ type: 'MovementConfirmed', data: { ...subject(command), movementId, reportedAt } })
}

function withdraw(command: RecordMovement, state: StayState, earlier: KnownMovement | undefined): StayDecision {
  if (!earlier) return reject({ code: 'movementUnknown' })
  if (earlier.withdrawn) return accept()
  if (!bearsOn(command.kind, earlier.kind)) return reject({ code: 'triggerMismatch' })
  const { movementId, facility, effectiveAt } = earlier.movement
  const wards = movementWards(earlier.movement).map(withoutResponsibility)
  const returning = wardsLeft(placeBefore(state, earlier.movement), earlier.movement)
  const { reportedAt } = command.movement
  const what = { movementId, reportedAt, withdrawn: earlier.kind, facility, wards, returning, effectiveAt }
  const data = { ...subject(command), ...what }
  return accept({ type: 'MovementWithdrawn', data: { ...data, flags: [...command.flags] } })
}

/** What the message says beside its movement, when it is new and nothing was said later. */
function reported(command: RecordMovement, state: StayState): StayEvent[] {
  const { identity, participants } = command
  const { reportedAt } = command.movement
  if (reportedAt < state.saidAt) return []
  const said = { ...subject(command), reportedAt }
  const events: StayEvent[] = []
  if (identity.sha256 !== state.identity) events.push({ type: 'IdentityReported', data: { ...said, identity } })
  if (participants.length > 0 && JSON.stringify(participants) !== JSON.stringify(state.participants))
    events.push({ type: 'ParticipantsReported', data: { ...said, participants: [...participants] } })
  return events
}

function subject({ stayId, patientId, messageId }: RecordMovement) {
  return { stayId, patientId, messageId }
}

const opens = (kind: MovementKind) => kind === 'preadmission' || kind === 'registration' || kind === 'admission'
const hasOpening = (state: StayState) =>
  Object.values(state.movements).some((movement) => !movement.withdrawn && opens(movement.kind))

/** Where the patient was until then: the last movement that is not later than this one. */
function placeBefore(state: StayState, { movementId, effectiveAt }: Movement): Movement | undefined {
  return Object.values(state.movements)
    .filter((known) => !known.withdrawn && known.kind !== 'discharge' && known.movement.movementId !== movementId)
    .filter((known) => known.movement.effectiveAt <= effectiveAt)
    .map(({ movement }) => movement)
    .toSorted((a, b) => (a.effectiveAt < b.effectiveAt ? -1 : 1))
    .at(-1)
}

function wardsLeft(before: Movement | undefined, after: Movement): Ward[] {
  if (!before) return []
  const staying = movementWards(after)
  const stays = (ward: Ward) => staying.some(({ facility, code }) => facility === ward.facility && code === ward.code)
  return movementWards(before)
    .filter((ward) => !stays(ward))
    .map(withoutResponsibility)
}

/** A11 withdraws an admission and a registration alike; everything else names its own kind. */
function bearsOn(said: MovementKind, known: MovementKind): boolean {
  return said === known || (opensInHospital(said) && opensInHospital(known))
}
const opensInHospital = (kind: MovementKind) => kind === 'registration' || kind === 'admission'

const compared = [
  'effectiveAt',
  'historic',
  'nature',
  'patientClass',
  'facility',
  'medicalWard',
  'careWard',
  'room',
  'bed',
  'expectedDischargeAt',
  'discharge',
] as const satisfies readonly (keyof Movement)[]

function changes(before: Movement, after: Movement): string[] {
  return compared.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
}

export const stay: Decider<RecordMovement, StayEvent, StayState, StayRejection> = {
  initialState: { patientId: undefined, movements: {}, handled: [], saidAt: '', identity: undefined, participants: [] },
  evolve,
  decide,
}
