import { type Announcement, isAnnouncement, MessageEvent, messageEvents } from '@relais/contracts/messages'
import {
  circleEvents,
  type CircleEvent,
  linkEvents,
  type LinkEvent,
  patientEvents,
  type PatientEvent,
  type ReportedIdentity,
} from '@relais/contracts/patients'
import { PatientId } from '@relais/contracts/primitives'
import { referralEvents } from '@relais/contracts/referrals'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { codecSet, eventCodec } from '@relais/events/codec'
import {
  asking,
  hasReacted,
  closingOnce,
  openTestAdapters,
  person,
  recorder,
  START,
  type TestAdapterOptions,
} from '@relais/runtime/adapters.fixture'
import { FACILITY, identityReported, moved, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { createService } from './service.ts'

export type Patients = Awaited<ReturnType<typeof openPatients>>

/** A nurse of the ward where the stays of these tests begin. */
export const nurse = { id: 'rpps:10100000001', role: 'infirmier', organisation: FACILITY, wards: ['4101'] }
export const clerk = { id: 'ch-essai:martin', role: 'admissions', organisation: FACILITY }
/** The same, who may also say which patients are one person. */
export const registrar = { ...clerk, scopes: ['pathway:read', 'circle:write', 'link:write'] }
/** Everything about this person is right, save that nothing links him or her to the patient. */
export const stranger = { ...nurse, id: 'rpps:10100000009', organisation: '990000028' }

const known: ReportedIdentity = {
  ipp: { authority: FACILITY, number: '900001' },
  birthName: 'TEST-ÉGLANTINE',
  givenName: 'ZOÉ',
  birthDate: '1941-07-09',
  sex: 'F',
  reliability: ['VALI'],
  status: 'validated',
}

/** The service on an in-memory log, and what hospitals report to it. */
export async function openPatients(options: TestAdapterOptions = {}) {
  const test = await openTestAdapters(options)
  const { adapters, store, clock } = test
  const { vault, now } = adapters
  const service = await createService(adapters)
  const close = await closingOnce(service, test)
  const record = recorder({ store, keyring: vault, now })
  const report = (event: StayEvent) => record(stayEvents, event, { owner: event.data.stayId })

  async function identityOf(owner: string, details: Partial<ReportedIdentity>) {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...known, ...details }))
    const mediaType = 'application/vnd.relais.identity+json'
    return (await vault.put({ owner, mediaType, bytes, label: `identity:${owner}` })).ref
  }

  /** An identity as a hospital's message says it, and the fact that it was said. */
  async function reportIdentity(stay: Stay, details: Partial<ReportedIdentity> = {}) {
    return report(identityReported(stay, await identityOf(stay.patientId, details)))
  }

  /** What a message of ITI-30 leaves on record. Answers its id. */
  async function announce(announcement: Announcement) {
    await record<MessageEvent>(messageEvents, announcement, { owner: announcement.data.messageId })
    return announcement.data.messageId
  }

  /** A patient without a stay, as a message says that he or she is. */
  async function announceIdentity(
    patientId: string,
    details: Partial<ReportedIdentity> = {},
    said: { insDeleted?: boolean; formerId?: string; reportedAt?: string } = {},
  ) {
    const { insDeleted, formerId, ...when } = said
    const data = { ...saying(patientId, when), identity: await identityOf(patientId, details) }
    return insDeleted === undefined
      ? tell('IdentityAnnounced', { ...data, announcement: 'updated' })
      : tell('IdentifiersChanged', { ...data, insDeleted, formerId })
  }

  /** The number of `otherId` is given up for that of `patientId`. */
  async function reportMerge(patientId: string, otherId: string) {
    return tell('MergeReported', { ...saying(patientId), otherId, identity: await identityOf(patientId, {}) })
  }

  /** A stay of a patient whom the facility knows by this number. */
  async function admit(number: string = crypto.randomUUID()): Promise<Stay> {
    const patient = { authority: FACILITY, number }
    const { patientId } = await vault.resolveSubject(patient, { ...patient, number: `visit ${number}` })
    const stay = newStay(patientId)
    const position = await report(moved('PatientAdmitted', stay))
    const ask = await as(nurse)
    await ask(`/patients/${patientId}/circle`, { headers: at(position) })
    return stay
  }

  const as = async (details: Parameters<typeof person>[0]) =>
    asking(service.app, await test.tokenFor(person(details)), JSON.parse)
  const at = (position: number) => ({ 'relais-position': `${adapters.epoch}:${position}` })
  const settled = () =>
    hasReacted(test, {
      schema: 'patients',
      categories: [stayEvents.category, messageEvents.category],
      name: 'record-what-was-reported-1',
    })

  /** Waits until the view shows all that was written. */
  async function shown() {
    const viewed = [stayEvents, patientEvents, circleEvents, linkEvents, referralEvents]
    const categories = viewed.map(({ category }) => `${category}-`)
    let last = 0
    for await (const { stream, position } of store.readAll())
      if (categories.some((category) => stream.startsWith(category))) last = position
    const ask = await as({ ...clerk, scopes: ['link:write'] })
    await ask('/patients/link-doubts', { headers: at(last) })
  }

  /** What a message of ITI-30 leaves on record, once all that comes of it is decided and shown. */
  async function tell(type: Announcement['type'], data: object) {
    const messageId = await announce(announcementOf(type, data))
    await settled()
    await shown()
    return messageId
  }

  /** Every fact that this service wrote, in order. */
  async function facts() {
    const codecs = codecSet([
      eventCodec<PatientEvent>(patientEvents, vault),
      eventCodec<CircleEvent>(circleEvents, vault),
      eventCodec<LinkEvent>(linkEvents, vault),
    ])
    const found: Decoded<PatientEvent | CircleEvent | LinkEvent>[] = []
    for await (const recorded of store.readAll()) {
      const decoded = await codecs.decode(recorded)
      if (decoded) found.push(decoded)
    }
    return found
  }

  return {
    ...test,
    clock,
    service,
    close,
    record,
    report,
    reportIdentity,
    announceIdentity,
    reportMerge,
    tell,
    shown,
    admit,
    as,
    at,
    settled,
    facts,
  }
}

export const unknownPatient = PatientId.parse('00000000-0000-4000-8000-000000000000')

let sayings = 0

/** What every message says of a patient; each is said a minute after the one before, unless the test says when. */
export function saying(patientId: string, { reportedAt }: { reportedAt?: string } = {}) {
  sayings += 1
  const said = new Date(Date.parse(START) + sayings * 60_000).toISOString()
  const received = { messageId: crypto.randomUUID(), keyOwner: patientId, senderId: 'ch-essai', receivedAt: START, raw }
  const about = { trigger: 'ADT', controlId: `C${sayings}`, patientId, authority: FACILITY, flags: [] }
  return { ...received, ...about, reportedAt: reportedAt ?? said }
}
const raw = { documentId: crypto.randomUUID(), size: 1, mediaType: 'application/hl7-v2', sha256: '0'.repeat(64) }

/** A fact of the message that it comes from. */
export function announcementOf(type: Announcement['type'], data: object): Announcement {
  const event = MessageEvent.parse({ type, data })
  if (!isAnnouncement(event)) throw new Error(`${type} is no announcement`)
  return event
}
