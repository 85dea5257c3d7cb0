import { PatientId, type ProfessionalId, StayId } from '@relais/contracts/primitives'
import type { DocumentRef } from '@relais/contracts/primitives'
import type { ReportedRelation } from '@relais/contracts/movements'
import { StayEvent } from '@relais/contracts/stays'
import { derivedUuid } from '@relais/events/derived-uuid'

/** An invented facility: département 99 does not exist. */
export const FACILITY = '990000010'

export type Stay = { patientId: PatientId; stayId: StayId }
export function newStay(patientId: string = crypto.randomUUID()): Stay {
  return { patientId: PatientId.parse(patientId), stayId: StayId.parse(crypto.randomUUID()) }
}

type MovementType =
  | 'PatientPreadmitted'
  | 'PatientRegistered'
  | 'PatientAdmitted'
  | 'PatientTransferred'
  | 'PatientDischarged'
export type MovementDetails = {
  /** ZBE-1, which says which movement of the stay it is. */
  number?: string
  at?: string
  ward?: string
  /** The ward that was left. */
  from?: string
  facility?: string
}

/** A movement of a stay, in a ward that answers for medicine and care alike. */
export function moved(type: MovementType, stay: Stay, details: MovementDetails = {}): StayEvent {
  return StayEvent.parse({ type, data: { ...stay, messageId: crypto.randomUUID(), flags: [], ...told(stay, details) } })
}

export function corrected(
  stay: Stay,
  { kind = 'admission', ...details }: MovementDetails & { kind?: string },
): StayEvent {
  const data = {
    ...stay,
    messageId: crypto.randomUUID(),
    flags: [],
    ...told(stay, details),
    kind,
    changed: ['careWard'],
  }
  return StayEvent.parse({ type: 'MovementCorrected', data })
}

export function withdrawn(
  stay: Stay,
  {
    number = 'M1',
    at = NOON,
    ward = '4101',
    facility = FACILITY,
    kind = 'admission',
  }: MovementDetails & { kind?: string },
): StayEvent {
  const data = { ...said(stay), flags: [], facility, effectiveAt: at, withdrawn: kind }
  const wards = [{ facility, code: ward }]
  return StayEvent.parse({
    type: 'MovementWithdrawn',
    data: { ...data, movementId: movementIdIn(stay, number), wards, returning: [] },
  })
}

export function identityReported(stay: Stay, identity: DocumentRef): StayEvent {
  return StayEvent.parse({ type: 'IdentityReported', data: { ...said(stay), identity } })
}

export function participantsReported(
  stay: Stay,
  participants: readonly [ReportedRelation, ProfessionalId][],
): StayEvent {
  const named = participants.map(([relation, professionalId]) => ({ relation, professionalId }))
  const data = { ...said(stay), participants: named }
  return StayEvent.parse({ type: 'ParticipantsReported', data })
}

let sayings = 0
/** Each message is said a second after the one before. */
function said(stay: Stay) {
  sayings += 1
  const reportedAt = new Date(Date.parse(NOON) + sayings * 1000).toISOString()
  return { ...stay, messageId: crypto.randomUUID(), reportedAt }
}

const NOON = '2026-11-02T11:00:00.000Z'
const movementIdIn = ({ stayId }: Stay, number: string) => derivedUuid('movement', stayId, number)

function told(stay: Stay, { number = 'M1', at = NOON, ward = '4101', from, facility = FACILITY }: MovementDetails) {
  const place = { facility, code: ward }
  return {
    leaving: from === undefined ? [] : [{ facility, code: from }],
    movement: {
      movementId: movementIdIn(stay, number),
      source: { authority: facility, number },
      effectiveAt: at,
      effectiveLocal: '20261102120000',
      reportedAt: at,
      historic: false,
      nature: 'HMS',
      patientClass: 'I',
      facility,
      medicalWard: place,
      careWard: place,
    },
  }
}
