import type { Instant, MessageId, MovementId, PatientId } from '@relais/contracts/primitives'
import type { Movement, MovementKind, Participant, PatientClass } from '@relais/contracts/movements'
import { movementKinds, type RestatedFact, type StayEvent } from '@relais/contracts/stays'

/** What was said of one movement, each kind of saying by when it was said, so that the order of arrival does not count. */
export type KnownMovement = {
  kind: MovementKind
  /** As it was announced. */
  inserted: Movement
  /** As it was last said, whole, and when that was last said. */
  said: Movement
  saidAt: Instant
  /** The last change of status (ZBE-9 C): it says the class, and nothing else. */
  status: { patientClass: PatientClass; at: Instant } | undefined
  withdrawnAt: Instant | undefined
  /** Withdrawn with the visit; a cancellation of its own may still come. */
  wentAlong: boolean
}

export type StayState = {
  patientId: PatientId | undefined
  /** Whose stay it was said to be, until when (A44). */
  formerly: readonly { patientId: PatientId; until: Instant }[]
  movements: Readonly<Record<MovementId, KnownMovement>>
  /** Kinds of movements that went along with a visit that was given up, and when that was said. */
  givenUp: Readonly<Partial<Record<MovementKind, Instant>>>
  /** What a person of the establishment last said. */
  confidentiality: { confidential: boolean; at: Instant } | undefined
  handled: readonly MessageId[]
  /** The last time the hospital's software said anything of this stay. */
  saidAt: Instant
  identity: string | undefined
  participants: readonly Participant[]
  /** How many facts go along with the stay when it goes to another patient. */
  facts: number
}

export const initialState: StayState = {
  patientId: undefined,
  formerly: [],
  movements: {},
  givenUp: {},
  confidentiality: undefined,
  handled: [],
  saidAt: '',
  identity: undefined,
  participants: [],
  facts: 0,
}

/**
 * What a movement is, as far as it is known: a change of status counts unless the whole was said after it. One that was
 * withdrawn stays as it was announced, whether or not it was corrected in between.
 */
export function movementOf({ inserted, said, saidAt, status, withdrawnAt }: KnownMovement): Movement {
  if (withdrawnAt !== undefined) return inserted
  return status && status.at >= saidAt ? { ...said, patientClass: status.patientClass } : said
}

/** The last time anything was said of a movement. */
export function lastSaidAt({ saidAt, status }: KnownMovement): Instant {
  return later(saidAt, status?.at ?? '')
}

export const later = (one: Instant, other: Instant) => (one < other ? other : one)

export const STATUS_CHANGE = 'C'

export function evolve(before: StayState, event: StayEvent): StayState {
  const { messageId } = event.data
  const isNew = messageId !== undefined && !before.handled.includes(messageId)
  const handled = isNew ? [...before.handled, messageId] : before.handled
  const { patientId } = event.data
  const facts = before.facts + (goesAlong(event) ? 1 : 0)
  return apply({ ...before, patientId, handled, facts, saidAt: later(before.saidAt, saidAtOf(event)) }, event)
}

function apply(state: StayState, event: StayEvent): StayState {
  switch (event.type) {
    case 'PatientPreadmitted':
    case 'PatientRegistered':
    case 'PatientAdmitted':
    case 'PatientTransferred':
    case 'PatientDischarged':
    case 'OutpatientBecameInpatient':
    case 'InpatientBecameOutpatient':
    case 'AttendingPhysicianChanged':
    case 'LeaveBegan':
    case 'LeaveEnded':
    case 'AdmissionPlanned':
    case 'TransferPlanned':
    case 'DischargePlanned': {
      const { movement } = event.data
      const said = { inserted: movement, said: movement, saidAt: movement.reportedAt }
      return known(state, {
        kind: movementKinds[event.type],
        ...said,
        status: undefined,
        withdrawnAt: undefined,
        wentAlong: false,
      })
    }
    case 'MovementCorrected':
      return correct(state, event.data)
    case 'MovementConfirmed':
      return confirm(state, event.data)
    case 'MovementWithdrawn': {
      const { movementId, reportedAt, alongWith = [], wentAlong = false } = event.data
      const withdrawnAt = later(state.movements[movementId]?.withdrawnAt ?? '', reportedAt)
      return giveUp(change(state, movementId, { withdrawnAt, wentAlong }), alongWith, reportedAt)
    }
    case 'IdentityReported':
      return { ...state, identity: event.data.identity.sha256 }
    case 'ParticipantsReported':
      return { ...state, participants: event.data.participants }
    case 'ConfidentialityChanged': {
      const { confidential, changedAt, messageId } = event.data
      // What messages say of it is remembered with their movements.
      return messageId === undefined ? { ...state, confidentiality: { confidential, at: changedAt } } : state
    }
    case 'StayTakenFromPatient': {
      const { handled, saidAt } = state
      return {
        ...initialState,
        handled,
        saidAt,
        formerly: formerlyOf(state, event.data.patientId, event.data.reportedAt),
      }
    }
    case 'StayMovedToPatient': {
      const { fromPatientId, reportedAt, history } = event.data
      const told = history ? toldAgain(state, history) : state
      // What was reported of the wrong patient says nothing of the right one.
      return { ...told, formerly: formerlyOf(told, fromPatientId, reportedAt), identity: undefined, participants: [] }
    }
    case 'StandingChanged':
      return state
  }
}

/** What a stay takes along: what was reported of the wrong patient is not told of the right one. */
export function goesAlong(event: StayEvent): event is RestatedFact['fact'] {
  switch (event.type) {
    case 'IdentityReported':
    case 'ParticipantsReported':
    case 'StayTakenFromPatient':
    case 'StandingChanged':
      return false
    default:
      return true
  }
}

/** Needs nothing that came before, which may be forgotten with the wrong patient. */
function toldAgain({ handled, saidAt }: StayState, history: readonly RestatedFact[]): StayState {
  return history.map(({ fact }) => fact).reduce(evolve, { ...initialState, handled, saidAt, facts: 1 })
}

function formerlyOf({ formerly }: StayState, patientId: PatientId, until: Instant): StayState['formerly'] {
  return [...formerly, { patientId, until }]
}

function saidAtOf({ data }: StayEvent): Instant {
  if ('movement' in data) return data.movement.reportedAt
  return 'reportedAt' in data ? data.reportedAt : ''
}

/** What was withdrawn before on its own, and would have gone along, is withdrawn by the last that was said. */
function giveUp(state: StayState, kinds: readonly MovementKind[], at: Instant): StayState {
  const goesAlong = ({ kind, inserted, withdrawnAt }: KnownMovement) =>
    withdrawnAt !== undefined && kinds.includes(kind) && inserted.reportedAt <= at
  const along = Object.values(state.movements).filter(goesAlong)
  const givenUp = Object.fromEntries(kinds.map((kind) => [kind, later(state.givenUp[kind] ?? '', at)]))
  return along.reduce((then, one) => known(then, { ...one, withdrawnAt: later(one.withdrawnAt ?? '', at) }), {
    ...state,
    givenUp: { ...state.givenUp, ...givenUp },
  })
}

type Correction = Extract<StayEvent, { type: 'MovementCorrected' }>['data']

/** A correction that changed nothing came too late: what it bears on stays as it was. */
function correct(state: StayState, { movement, changed }: Correction): StayState {
  const { movementId, nature, patientClass, reportedAt } = movement
  if (changed.length === 0) return state
  return nature === STATUS_CHANGE
    ? change(state, movementId, { status: { patientClass, at: reportedAt } })
    : change(state, movementId, { said: movement, saidAt: reportedAt })
}

type Confirmation = Extract<StayEvent, { type: 'MovementConfirmed' }>['data']

function confirm(state: StayState, { movementId, reportedAt, patientClass }: Confirmation): StayState {
  const earlier = state.movements[movementId]
  if (!earlier) return state
  const status = patientClass && { patientClass, at: reportedAt }
  return known(state, { ...earlier, ...(status ? { status } : { said: movementOf(earlier), saidAt: reportedAt }) })
}

function change(state: StayState, movementId: MovementId, what: Partial<KnownMovement>): StayState {
  const earlier = state.movements[movementId]
  return earlier ? known(state, { ...earlier, ...what }) : state
}

function known(state: StayState, movement: KnownMovement): StayState {
  return { ...state, movements: { ...state.movements, [movement.said.movementId]: movement } }
}
