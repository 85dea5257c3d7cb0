import { withoutResponsibility } from '@relais/contracts/pathway'
import type { DocumentRef, Instant, MessageId, PatientId, StayId } from '@relais/contracts/primitives'
import type { RestatedFact, StayEvent } from '@relais/contracts/stays'
import { accept, reject, type Decision } from '@relais/decider/decider'
import { type RecordMovement, subject } from './movements.ts'
import { isConfidential, standingOf, wardsHolding } from './standing.ts'
import { goesAlong, type StayState } from './stay-state.ts'

/** A44: whose stay it is. */
export type MoveToPatient = {
  type: 'MoveToPatient'
  stayId: StayId
  patientId: PatientId
  fromPatientId: PatientId
  messageId: MessageId
  reportedAt: Instant
  identity: DocumentRef
  /** All that is on record of the stay and goes along, as the facts of `patientId`. */
  history: readonly RestatedFact[]
  /** Said of a whole dossier: what is not the wrong patient's, or was heard of later only, is not spoken of. */
  ofDossier?: boolean
}

export type MoveRejection =
  | { code: 'patientMismatch' }
  /** Something was recorded since the history was read: it has to be read again. */
  | { code: 'historyIncomplete' }

/** Whose stay a message speaks of. One that was said before the stay was moved (A44) names the patient of then. */
export function ownerOf(
  { patientId, movement }: Pick<RecordMovement, 'patientId' | 'movement'>,
  state: StayState,
): PatientId | undefined {
  if (state.patientId === undefined || state.patientId === patientId) return patientId
  return wasTheirs(state, patientId, movement.reportedAt) ? state.patientId : undefined
}

/** Whose stay it is from now on, with all that is on record of it. */
export function decideOwner(command: MoveToPatient, state: StayState): Decision<StayEvent, MoveRejection> {
  const { patientId, fromPatientId, messageId, reportedAt, history, ofDossier = false } = command
  const owner = state.patientId
  if (patientId === fromPatientId || state.handled.includes(messageId)) return accept()
  if (ofDossier && !Object.values(state.movements).some(({ inserted }) => inserted.reportedAt <= reportedAt))
    return accept()
  if (state.formerly.some(({ until }) => until >= reportedAt)) return learnOfEarlier(command, state)
  // Messages about the right patient came first: what was said of the other one before is still to be heard of.
  if (owner === patientId) return ofDossier ? accept() : accept(moved(command, state, patientId))
  if (owner === undefined) return accept(moved(command, state, patientId), identified(command))
  if (owner !== fromPatientId) return ofDossier ? accept() : reject({ code: 'patientMismatch' })
  if (history.length !== state.facts) return reject({ code: 'historyIncomplete' })
  const { stayId } = command
  const taken = { stayId, patientId: owner, messageId, reportedAt, confidential: isConfidential(state) }
  const given = moved(command, state, patientId)
  return accept(
    { type: 'StayTakenFromPatient', data: taken },
    { ...given, data: { ...given.data, history: [...history] } },
    identified(command),
  )
}

/** The stay has gone on to somebody else since, which was heard of first. */
function learnOfEarlier(command: MoveToPatient, state: StayState): Decision<StayEvent, MoveRejection> {
  const { patientId, fromPatientId, reportedAt, ofDossier = false } = command
  const owner = state.patientId
  const isKnown = owner === fromPatientId || wasTheirs(state, fromPatientId, reportedAt)
  if (owner === undefined || isKnown) return accept()
  const leadsHere = owner === patientId || wasTheirs(state, patientId, reportedAt)
  if (ofDossier) return accept()
  return leadsHere ? accept(moved(command, state, owner)) : reject({ code: 'patientMismatch' })
}

function wasTheirs({ formerly }: StayState, patientId: PatientId, at: Instant): boolean {
  return formerly.some((one) => one.patientId === patientId && at <= one.until)
}

type Moved = Extract<StayEvent, { type: 'StayMovedToPatient' }>

function moved(
  { stayId, messageId, fromPatientId, reportedAt }: MoveToPatient,
  state: StayState,
  to: PatientId,
): Moved {
  const wards = wardsHolding(standingOf(state)).map(withoutResponsibility)
  return { type: 'StayMovedToPatient', data: { stayId, patientId: to, messageId, fromPatientId, reportedAt, wards } }
}

function identified(command: MoveToPatient): StayEvent {
  const { reportedAt, identity } = command
  return { type: 'IdentityReported', data: { ...subject(command), reportedAt, identity } }
}

type Recorded = { id: string; recordedAt: Instant; event: StayEvent }

/**
 * All that is on record of a stay and goes along with it to a patient, each fact as it was recorded. What was taken from
 * somebody came back, if it did, with what was told again.
 */
export function historyFor(patientId: PatientId, recorded: readonly Recorded[]): RestatedFact[] {
  const history: RestatedFact[] = []
  for (const { id, recordedAt, event } of recorded) {
    if (event.type === 'StayTakenFromPatient') history.length = 0
    if (event.type === 'StayMovedToPatient' && event.data.history) {
      history.length = 0
      history.push(...event.data.history)
    }
    if (goesAlong(event)) history.push({ entryId: id, recordedAt, fact: ofPatient(event, patientId) })
  }
  return history.map((one) => ({ ...one, fact: ofPatient(one.fact, patientId) }))
}

function ofPatient(fact: RestatedFact['fact'], patientId: PatientId): RestatedFact['fact'] {
  // The same fact of somebody else.
  if (fact.type !== 'StayMovedToPatient') return { ...fact, data: { ...fact.data, patientId } } as RestatedFact['fact']
  const { stayId, messageId, fromPatientId, reportedAt, wards } = fact.data
  return { type: fact.type, data: { stayId, patientId, messageId, fromPatientId, reportedAt, wards } }
}
