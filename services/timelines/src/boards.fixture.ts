import { type DeathEvent, deathEvents } from '@relais/contracts/deaths'
import { NoticeEvent, noticeEvents, type NoticeNature } from '@relais/contracts/notices'
import { CircleEvent, circleEvents, linkEvents } from '@relais/contracts/patients'
import { ResidentEvent, residentEvents, ResidentMatchEvent, residentMatchEvents } from '@relais/contracts/residents'
import { stayEvents } from '@relais/contracts/stays'
import { derivedUuid } from '@relais/events/derived-uuid'
import { linked } from '@relais/runtime/link-facts.fixture'
import { standing, type StandingDetails, stood } from '@relais/runtime/standing-facts.fixture'
import { FACILITY, type Stay } from '@relais/runtime/stay-facts.fixture'
import type { OpenDatabase } from '@relais/testkit/databases'
import { openTimelines } from './timelines.fixture.ts'

export const GP = 'rpps:10002909371'
export const EHPAD = '990000028'
export const physician = { id: GP, role: 'medecin', scopes: ['inbox:read'] }
export const caregiver = {
  id: 'rpps:10100000031',
  role: 'infirmier',
  organisation: EHPAD,
  scopes: ['inbox:read', 'board:read'],
}
export const wardNurse = {
  id: 'rpps:10100000001',
  role: 'infirmier',
  organisation: FACILITY,
  wards: ['4101'],
  scopes: ['board:read'],
}

type SentDetails = Omit<StandingDetails, 'nature'> & {
  nature?: NoticeNature
  recipient?: string
  role?: string
  sentAt?: string
  number?: number
}

/** A notice about a stay; the number tells one from another, and each takes the place of the one before. */
export function sent(stay: Stay, { recipient = GP, role = 'medecin-traitant', ...details }: SentDetails = {}) {
  const { sentAt = '2026-11-02T12:00:00.000Z', number = 1, nature = 'admitted', at = sentAt, ...known } = details
  const idOf = (which: number) => derivedUuid('notice', stay.stayId, recipient, String(which))
  const noticeId = idOf(number)
  const replaces = number > 1 ? { replaces: idOf(number - 1) } : {}
  const told = { noticeId, recipient, role, sourceEventId: noticeId, revision: number, changed: [], ...replaces }
  const subject = { ...stay, ...told }
  const data = { ...subject, nature, happenedAt: at, standing: standing(known), sentAt }
  const event = NoticeEvent.parse({ type: 'NoticeSent', data })
  const { facility, wards } = standing(known)
  return { event, noticeId, receipt: { ...stay, noticeId, recipient, role, facility, wards, by: recipient } }
}

type Sent = ReturnType<typeof sent>
const later = '2026-11-02T13:00:00.000Z'
export const delivered = ({ receipt }: Sent) =>
  NoticeEvent.parse({ type: 'NoticeDelivered', data: { ...receipt, deliveredAt: later } })
export const read = ({ receipt }: Sent) =>
  NoticeEvent.parse({ type: 'NoticeRead', data: { ...receipt, readAt: later } })
export const acted = ({ receipt }: Sent) =>
  NoticeEvent.parse({ type: 'NoticeActedUpon', data: { ...receipt, action: 'handled', actedAt: later } })
export const returned = ({ receipt }: Sent) =>
  NoticeEvent.parse({ type: 'NoticeReturned', data: { ...receipt, alsoOf: [], returnedAt: later } })

const identity = { documentId: crypto.randomUUID(), size: 1, mediaType: 'text/plain', sha256: '0'.repeat(64) }

export function entered(residentId: string, room?: string, ehpad = EHPAD) {
  const data = { residentId, ehpad, identity, hasIns: true, enteredAt: later, ...(room === undefined ? {} : { room }) }
  return ResidentEvent.parse({ type: 'ResidentEntered', data })
}
export const movedTo = (residentId: string, room: string) =>
  ResidentEvent.parse({ type: 'ResidentMoved', data: { residentId, ehpad: EHPAD, room, movedAt: later } })
export const gone = (residentId: string) =>
  ResidentEvent.parse({ type: 'ResidentLeft', data: { residentId, ehpad: EHPAD, reason: 'exit', leftAt: later } })
export function matched(residentId: string, patientId: string) {
  const data = { residentId, ehpad: EHPAD, patientId, ground: 'qualifiedIns', matchedAt: later }
  return ResidentMatchEvent.parse({ type: 'ResidentMatched', data })
}
export function unmatched(residentId: string, patientId: string) {
  const data = { residentId, ehpad: EHPAD, patientId, reason: 'identityChanged', unmatchedAt: later }
  return ResidentMatchEvent.parse({ type: 'ResidentUnmatched', data })
}
export function letIn(patientId: string, memberId = `finess:${EHPAD}`, role = 'ehpad') {
  const data = { patientId, memberId, role, ground: 'exchange', joinedAt: later, source: 'declared' }
  return CircleEvent.parse({ type: 'MemberJoined', data })
}

/** The service, and what others tell it: each answers the header with which it is seen. */
export async function openBoards(open: OpenDatabase) {
  const timelines = await openTimelines(open)
  const { record, at } = timelines
  const notice = async (...events: NoticeEvent[]) => {
    let position = 0
    for (const event of events) position = await record(noticeEvents, event, { owner: event.data.noticeId })
    return at(position)
  }
  const stands = async (stay: Stay, details: StandingDetails = {}) =>
    at(await record(stayEvents, stood(stay, details), { owner: stay.stayId }))
  const register = async (...events: ResidentEvent[]) => {
    let position = 0
    for (const event of events) position = await record(residentEvents, event, { owner: event.data.residentId })
    return at(position)
  }
  const match = async (residentId: string, patientId: string) =>
    at(await record(residentMatchEvents, matched(residentId, patientId), { owner: residentId }))
  const unmatch = async (residentId: string, patientId: string) =>
    at(await record(residentMatchEvents, unmatched(residentId, patientId), { owner: residentId }))
  const says = async (event: DeathEvent) => at(await record(deathEvents, event, { owner: event.data.patientId }))
  const link = async (patientId: string, otherId: string) => {
    const event = linked(patientId, otherId)
    return at(await record(linkEvents, event, { owner: event.data.linkId }))
  }
  const circleOf = async (patientId: string, memberId?: string, role?: string) =>
    at(await record(circleEvents, letIn(patientId, memberId, role), { owner: patientId }))
  return { ...timelines, notice, stands, register, match, unmatch, says, link, circleOf }
}
