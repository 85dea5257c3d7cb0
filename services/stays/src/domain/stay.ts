import type { DocumentRef, MessageId, MovementId, PatientId, StayId, Ward } from '@relais/contracts/primitives'
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

type KnownMovement = { kind: MovementKind; movement: Movement; withdrawn: boolean }
export type StayState = {
  patientId: PatientId | undefined
  movements: Readonly<Record<MovementId, KnownMovement>>
  handled: readonly MessageId[]
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
  const state = { ...before, patientId, handled }
  switch (event.type) {
    case 'PatientPreadmitted':
    case 'PatientRegistered':
    case 'PatientAdmitted':
    case 'PatientTransferred':
    case 'PatientDischarged':
      return known(state, { kind: movementKinds[event.type], movement: event.data.movement, withdrawn: false })
    case 'MovementCorrected': {
      const earlier = state.movements[event.data.movement.movementId]
      return earlier ? known(state, { ...earlier, movement: event.data.movement }) : state
    }
    case 'MovementWithdrawn': {
      const earlier = state.movements[event.data.movementId]
      return earlier ? known(state, { ...earlier, withdrawn: true }) : state
    }
    case 'IdentityReported':
      return { ...state, identity: event.data.identity.sha256 }
    case 'ParticipantsReported':
      return { ...state, participants: event.data.participants }
  }
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
  if (earlier)
    return earlier.kind === kind && changes(earlier.movement, movement).length === 0
      ? accept()
      : reject({ code: 'movementIdReused' })
  const flags = [...command.flags]
  if (!opens(kind) && !hasOpening(state)) flags.push({ code: 'admissionMissing', path: 'ZBE-1' })
  const data = { ...subject(command), movement, flags }
  if (kind !== 'transfer' && kind !== 'discharge') return accept({ type: types[kind], data })
  return accept({ type: types[kind], data: { ...data, leaving: wardsLeft(placeBefore(state, movement), movement) } })
}

function update(command: RecordMovement, earlier: KnownMovement | undefined): StayDecision {
  const { movement, flags } = command
  if (!earlier) return reject({ code: 'movementUnknown' })
  if (earlier.withdrawn) return reject({ code: 'movementWithdrawn' })
  if (!bearsOn(command.kind, earlier.kind)) return reject({ code: 'triggerMismatch' })
  if (movement.reportedAt < earlier.movement.reportedAt) {
    const older: Flag = { code: 'olderThanWhatItCorrects', path: 'EVN-2' }
    const unchanged = { movement: earlier.movement, leaving: [], kind: earlier.kind, changed: [] }
    return accept({ type: 'MovementCorrected', data: { ...subject(command), ...unchanged, flags: [...flags, older] } })
  }
  const changed = changes(earlier.movement, movement)
  if (changed.length === 0) return accept()
  const correction = { movement, leaving: wardsLeft(earlier.movement, movement), kind: earlier.kind, changed }
  return accept({ type: 'MovementCorrected', data: { ...subject(command), ...correction, flags: [...flags] } })
}

function withdraw(command: RecordMovement, state: StayState, earlier: KnownMovement | undefined): StayDecision {
  if (!earlier) return reject({ code: 'movementUnknown' })
  if (earlier.withdrawn) return accept()
  if (!bearsOn(command.kind, earlier.kind)) return reject({ code: 'triggerMismatch' })
  const { movementId, facility, effectiveAt } = earlier.movement
  const wards = movementWards(earlier.movement).map(withoutResponsibility)
  const returning = wardsLeft(placeBefore(state, earlier.movement), earlier.movement)
  const data = { ...subject(command), movementId, withdrawn: earlier.kind, facility, wards, returning, effectiveAt }
  return accept({ type: 'MovementWithdrawn', data: { ...data, flags: [...command.flags] } })
}

/** What the message says beside its movement, when it is new. */
function reported(command: RecordMovement, state: StayState): StayEvent[] {
  const { identity, participants } = command
  const events: StayEvent[] = []
  if (identity.sha256 !== state.identity)
    events.push({ type: 'IdentityReported', data: { ...subject(command), identity } })
  if (participants.length > 0 && JSON.stringify(participants) !== JSON.stringify(state.participants))
    events.push({ type: 'ParticipantsReported', data: { ...subject(command), participants: [...participants] } })
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
  initialState: { patientId: undefined, movements: {}, handled: [], identity: undefined, participants: [] },
  evolve,
  decide,
}
