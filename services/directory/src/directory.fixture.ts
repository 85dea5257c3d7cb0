import { Problem } from '@relais/contracts/http'
import { ForgettingEvent, forgettingEvents } from '@relais/contracts/forgetting'
import { linkEvents, type PatientEvent, patientEvents, type ReportedIdentity } from '@relais/contracts/patients'
import { PatientId } from '@relais/contracts/primitives'
import {
  type ResidentEvent,
  residentEvents,
  type ResidentIdentity,
  type ResidentMatchEvent,
  residentMatchEvents,
} from '@relais/contracts/residents'
import type { Decoded } from '@relais/event-store/codec'
import { codecSet, eventCodec } from '@relais/events/codec'
import {
  asking,
  hasReacted,
  closingOnce,
  openTestAdapters,
  person,
  recorder,
  type TestAdapterOptions,
} from '@relais/runtime/adapters.fixture'
import { linked, unlinked } from '@relais/runtime/link-facts.fixture'
import { createService } from './service.ts'

export const HOSPITAL = '990000010'
export const EHPAD = '990000028'
export const OTHER_EHPAD = '990000036'

const scopes = ['directory:read', 'directory:write', 'resident:write', 'operate']
export const operator = { id: 'operateur:test', role: 'operateur', scopes }
export const clerk = { id: 'ch-essai:martin', role: 'admissions', organisation: HOSPITAL, scopes }
export const carer = { id: 'ehpad-essai:lea', role: 'ehpad', organisation: EHPAD, scopes }
export const otherCarer = { id: 'ehpad-autre:tom', role: 'ehpad', organisation: OTHER_EHPAD, scopes }

/** An invented person, whose INS is of the test range. */
export const INS = { matricule: '241079900000182', oid: '1.2.250.1.213.1.4.10' }
export const zoe: ResidentIdentity = {
  birthName: 'TEST-ÉGLANTINE',
  givenNames: 'ZOÉ MARIE',
  birthDate: '1941-07-09',
  sex: 'F',
  status: 'qualified',
  ins: INS,
}
const zoeAtHospital: ReportedIdentity = {
  ipp: { authority: HOSPITAL, number: '900001' },
  birthName: 'Test Eglantine',
  givenName: 'Zoe',
  birthDate: '1941-07-09',
  sex: 'F',
  reliability: ['VALI'],
  status: 'qualified',
  ins: INS,
}

export type Directory = Awaited<ReturnType<typeof openDirectory>>

/** The service on an in-memory log, and what `patients` says there. */
export async function openDirectory(options: TestAdapterOptions = {}) {
  const test = await openTestAdapters(options)
  const { adapters, store, clock } = test
  const { vault, now } = adapters
  const service = await createService(adapters)
  const close = await closingOnce(service, test)
  const record = recorder({ store, keyring: vault, now })

  /** What a hospital says of a patient, as `patients` records it. */
  async function knowPatient(details: Partial<ReportedIdentity> = {}, id: string = crypto.randomUUID()) {
    const patientId = PatientId.parse(id)
    const identity = { ...zoeAtHospital, ...details }
    const bytes = new TextEncoder().encode(JSON.stringify(identity))
    const mediaType = 'application/vnd.relais.identity+json'
    const { ref } = await vault.put({ owner: patientId, mediaType, bytes, label: `identity:${patientId}` })
    const messageId = crypto.randomUUID()
    const { status, ins } = identity
    const data = { patientId, messageId, reportedAt: now(), identity: ref, status, hasIns: ins !== undefined }
    const event = patientEvents.schema.parse({ type: 'IdentityRecorded', data })
    await record<PatientEvent>(patientEvents, event, { owner: patientId })
    return patientId
  }

  /** Two numbers turn out to be of one person, or not to be after all. */
  async function link(one: string, other: string, isOne = true) {
    const event = isOne ? linked(one, other) : unlinked(one, other)
    await record(linkEvents, event, { owner: event.data.linkId })
  }

  /** The patient is erased, as `patients` decides and does. */
  async function forget(patientId: string) {
    const forgettingId = crypto.randomUUID()
    const said = { motive: 'à la demande de la personne', by: 'relais:dpo', decidedAt: now() }
    const event = ForgettingEvent.parse({ type: 'PatientForgotten', data: { forgettingId, patientId, ...said } })
    await record(forgettingEvents, event, { owner: forgettingId })
    await vault.forget(patientId)
  }

  const as = async (details: Parameters<typeof person>[0]) =>
    asking(service.app, await test.tokenFor(person(details)), JSON.parse)
  const settled = () =>
    hasReacted(test, {
      schema: 'directory',
      categories: ['patient', 'link', 'forgetting', 'resident', 'residentMatch'],
    })

  /** Every fact about residents that this service wrote, in order. */
  async function facts() {
    const codecs = codecSet([
      eventCodec<ResidentEvent>(residentEvents, vault),
      eventCodec<ResidentMatchEvent>(residentMatchEvents, vault),
    ])
    const found: Decoded<ResidentEvent | ResidentMatchEvent>[] = []
    for await (const recorded of store.readAll()) {
      const decoded = await codecs.decode(recorded)
      if (decoded) found.push(decoded)
    }
    return found
  }
  const named = async (...types: string[]) =>
    (await facts()).flatMap(({ event }) => (event && types.includes(event.type) ? [event.data] : []))

  return { ...test, clock, service, close, knowPatient, link, forget, as, settled, facts, named }
}

type Asking = Awaited<ReturnType<Directory['as']>>
export type Answer = Awaited<ReturnType<Asking>>
export const positionIn = ({ headers }: Answer) => ({ 'relais-position': headers.get('relais-position') ?? '' })
export function problemOf({ status, body }: { status: number; body: unknown }) {
  return { status, code: Problem.parse(body).type.replace('urn:relais:problem:', '') }
}

/** Enters a resident; answers the id and where it was recorded. */
export async function enter(ask: Asking, details: Record<string, unknown> = {}) {
  const residentId = crypto.randomUUID()
  const entry = { residentId, identity: zoe, room: '12', enteredAt: '2026-03-01T12:00:00.000Z' }
  const answer = await ask('/residents', { body: { ...entry, ...details } })
  return { residentId, answer }
}
