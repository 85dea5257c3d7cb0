import type { ChannelEntry } from '@relais/contracts/channel-entries'
import { type DeathEvent, isDeathEvent } from '@relais/contracts/deaths'
import type { ForgettingEvent } from '@relais/contracts/forgetting'
import type { CircleRole } from '@relais/contracts/patients'
import { PatientId, ProfessionalId, StayId } from '@relais/contracts/primitives'
import { CircleEvent, isLinkEvent, type LinkEvent } from '@relais/contracts/patients'
import { StayEvent } from '@relais/contracts/stays'

export const FACILITY = '750100018'
export const gp = ProfessionalId.parse('rpps:10002909371')

export function newStay(patientId: string = crypto.randomUUID()) {
  return { patientId: PatientId.parse(patientId), stayId: StayId.parse(crypto.randomUUID()) }
}
export type Stay = ReturnType<typeof newStay>

type MovementType = 'PatientPreadmitted' | 'PatientAdmitted' | 'PatientTransferred' | 'PatientDischarged'
type Details = { ward: string; from?: string; at?: string; movementId?: string; facility?: string }

/** A movement of a stay, in a ward that answers for medicine and care alike. */
export function moved(type: MovementType, stay: Stay, details: Details): StayEvent {
  return StayEvent.parse({ type, data: recorded(stay, details) })
}

type Corrected = Details & { kind?: 'admission' | 'transfer'; changed?: string[] }
export function corrected(stay: Stay, details: Corrected): StayEvent {
  const { kind = 'admission', changed = ['medicalWard', 'careWard'], ...movement } = details
  return StayEvent.parse({
    type: 'MovementCorrected',
    data: { ...recorded(stay, movement), kind, changed },
  })
}

type Withdrawn = Details & { withdrawn: 'admission' | 'transfer' | 'discharge' }
export function withdrawn(
  stay: Stay,
  { ward, from, withdrawn: kind, movementId, facility = FACILITY }: Withdrawn,
): StayEvent {
  return StayEvent.parse({
    type: 'MovementWithdrawn',
    data: {
      ...stay,
      movementId,
      facility,
      reportedAt: '2026-11-22T08:30:00.000Z',
      withdrawn: kind,
      messageId: crypto.randomUUID(),
      wards: [{ facility, code: ward }],
      returning: from === undefined ? [] : [{ facility, code: from }],
      effectiveAt: '2026-11-22T08:30:00.000Z',
      flags: [],
    },
  })
}

function recorded(stay: Stay, details: Details) {
  const { ward, from, at = '2026-11-22T08:30:00.000Z', movementId = crypto.randomUUID(), facility = FACILITY } = details
  const place = { facility, code: ward }
  return {
    ...stay,
    messageId: crypto.randomUUID(),
    flags: [],
    leaving: from === undefined ? [] : [{ facility, code: from }],
    movement: {
      movementId,
      source: { authority: facility, number: movementId },
      effectiveAt: at,
      effectiveLocal: '20261122093000',
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

type Membership = { patientId: string; memberId?: string; role?: CircleRole }

export function joined({ patientId, memberId = gp, role = 'medecin-traitant' }: Membership): CircleEvent {
  const joinedAt = new Date().toISOString()
  const data = { patientId, memberId, role, ground: 'exchange', joinedAt, source: 'declared' }
  return CircleEvent.parse({ type: 'MemberJoined', data })
}

export function left({ patientId, memberId = gp, role = 'medecin-traitant' }: Membership): CircleEvent {
  const data = { patientId, memberId, role, leftAt: new Date().toISOString(), reason: 'removed' }
  return CircleEvent.parse({ type: 'MemberLeft', data })
}

/** The stay of an entry that is about one. */
export const stayOf = (entry: ChannelEntry) => ('stayId' in entry ? entry.stayId : undefined)

/** What other services write; notices are this one's own. */
export type OutsideFact = StayEvent | CircleEvent | LinkEvent | ForgettingEvent | DeathEvent

export function streamOf(event: OutsideFact): string {
  if (event.type === 'PatientForgotten') return `forgetting-${event.data.forgettingId}`
  if (isDeathEvent(event)) return `death-${event.data.patientId}`
  if (isLinkEvent(event)) return `link-${event.data.linkId}`
  return 'memberId' in event.data ? `circle-${event.data.patientId}` : `stay-${event.data.stayId}`
}
