import { randomUUID } from 'node:crypto'
import { circleEvents } from '@relais/contracts/patients'
import { stayEvents } from '@relais/contracts/stays'

export const facility = '010000024'
export const memberId = 'rpps:10000000001'
export const actor = { id: 'ch:1', role: 'admissions' }
export const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T08:00:00.000Z`

type Place = { medical?: string; care?: string; wardFacility?: string; facility?: string }
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
})

export type Subject = { patientId: string; stayId: string }
export const moved = (type: string, subject: Subject, [movementId, place]: [string, Place]) => {
  const corrected = { leaving: [], kind: 'admission', changed: [] }
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
export const joined = (patientId: string, joinedAt: string, role = 'infirmier') =>
  circleEvents.schema.parse({
    type: 'MemberJoined',
    data: { patientId, memberId, role, ground: 'exchange', joinedAt, source: 'declared' },
  })
export const left = (patientId: string, leftAt: string, role = 'infirmier') =>
  circleEvents.schema.parse({ type: 'MemberLeft', data: { patientId, memberId, role, leftAt, reason: 'removed' } })
