import { randomUUID } from 'node:crypto'
import { circleEvents, linkEvents } from '@relais/contracts/patients'
import { stayEvents } from '@relais/contracts/stays'
import { derivedUuid } from '@relais/events/derived-uuid'

export const facility = '010000024'
export const memberId = 'rpps:10000000001'
export const actor = { id: 'ch:1', role: 'admissions' }
export const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T08:00:00.000Z`

type Place = { medical?: string; care?: string; planned?: string; wardFacility?: string; facility?: string }
const wards = ({ medical, care, wardFacility = facility }: Place) => ({
  ...(medical === undefined ? {} : { medicalWard: { facility: wardFacility, code: medical } }),
  ...(care === undefined ? {} : { careWard: { facility: wardFacility, code: care } }),
})
const movement = (movementId: string, place: Place) => ({
  movementId,
  source: { authority: facility, number: '1' },
  effectiveAt: day(1),
  effectiveLocal: '20261101090000',
  reportedAt: day(1),
  historic: false,
  nature: 'M',
  patientClass: 'I',
  facility: place.facility ?? facility,
  ...wards(place),
  ...(place.planned === undefined ? {} : { plannedWard: { facility, code: place.planned } }),
})

export type Subject = { patientId: string; stayId: string }
export const moved = (type: string, subject: Subject, [movementId, place]: [string, Place]) => {
  const corrected = { leaving: [], kind: 'admission', changed: ['medicalWard'] }
  const data = { ...subject, messageId: randomUUID(), movement: movement(movementId, place), flags: [], ...corrected }
  return stayEvents.schema.parse({ type, data })
}
export const withdrawn = (kind: string, { patientId, stayId }: Subject, movementId: string) => {
  const what = {
    movementId,
    reportedAt: day(1),
    withdrawn: kind,
    facility,
    wards: [],
    returning: [],
    effectiveAt: day(1),
    flags: [],
  }
  return stayEvents.schema.parse({
    type: 'MovementWithdrawn',
    data: { patientId, stayId, messageId: randomUUID(), ...what },
  })
}
export const movedTo = (patientId: string, { stayId, patientId: fromPatientId }: Subject) => {
  const said = { messageId: randomUUID(), fromPatientId, reportedAt: day(1), wards: [] }
  return stayEvents.schema.parse({ type: 'StayMovedToPatient', data: { patientId, stayId, ...said } })
}
export const confidential = (subject: Subject, isSo: boolean) => {
  const said = { confidential: isSo, reason: isSo ? 'patientRequest' : 'released', changedAt: day(1), wards: [] }
  return stayEvents.schema.parse({ type: 'ConfidentialityChanged', data: { ...subject, ...said } })
}
export const joined = (patientId: string, joinedAt: string, role = 'infirmier') =>
  circleEvents.schema.parse({
    type: 'MemberJoined',
    data: { patientId, memberId, role, ground: 'exchange', joinedAt, source: 'declared' },
  })
export const left = (patientId: string, leftAt: string, role = 'infirmier') =>
  circleEvents.schema.parse({ type: 'MemberLeft', data: { patientId, memberId, role, leftAt, reason: 'removed' } })

const pairOf = (patientId: string, otherId: string) => {
  const linkId = derivedUuid('link', ...[patientId, otherId].toSorted())
  return { linkId, patientId, otherId, reportedAt: day(1), source: 'reported', again: false }
}
/** `otherId` was given up for `patientId`. */
export const linked = (patientId: string, otherId: string, reason = 'merged') =>
  linkEvents.schema.parse({ type: 'PatientsLinked', data: { ...pairOf(patientId, otherId), reason } })
export const unlinked = (patientId: string, otherId: string) =>
  linkEvents.schema.parse({ type: 'PatientsUnlinked', data: { ...pairOf(patientId, otherId), reason: 'unlinked' } })
