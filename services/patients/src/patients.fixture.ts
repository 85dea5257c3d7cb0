import {
  circleEvents,
  type CircleEvent,
  patientEvents,
  type PatientEvent,
  type ReportedIdentity,
} from '@relais/contracts/patients'
import { PatientId } from '@relais/contracts/primitives'
import { stayEvents, type StayEvent } from '@relais/contracts/stays'
import type { Decoded } from '@relais/event-store/codec'
import { codecSet, eventCodec } from '@relais/events/codec'
import {
  asking,
  hasReacted,
  isReady,
  openTestAdapters,
  person,
  recorder,
  type TestAdapterOptions,
} from '@relais/runtime/adapters.fixture'
import { FACILITY, identityReported, moved, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { afterTestFile } from '@relais/testkit/cleanup'
import { createService } from './service.ts'

export type Patients = Awaited<ReturnType<typeof openPatients>>

/** A nurse of the ward where the stays of these tests begin. */
export const nurse = { id: 'rpps:10100000001', role: 'infirmier', organisation: FACILITY, wards: ['4101'] }
export const clerk = { id: 'ch-essai:martin', role: 'admissions', organisation: FACILITY }
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
  await isReady(service)
  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    await service.stop()
    await test.close()
  }
  afterTestFile(close)
  const record = recorder({ store, keyring: vault, now })
  const report = (event: StayEvent) => record(stayEvents, event, { owner: event.data.stayId })

  /** An identity as a hospital's message says it, and the fact that it was said. */
  async function reportIdentity(stay: Stay, details: Partial<ReportedIdentity> = {}) {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...known, ...details }))
    const mediaType = 'application/vnd.relais.identity+json'
    const label = `identity:${stay.patientId}`
    const { ref } = await vault.put({ owner: stay.patientId, mediaType, bytes, label })
    return report(identityReported(stay, ref))
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
  const settled = () => hasReacted(test, { schema: 'patients', categories: [stayEvents.category] })

  /** Every fact that this service wrote, in order. */
  async function facts() {
    const codecs = codecSet([
      eventCodec<PatientEvent>(patientEvents, vault),
      eventCodec<CircleEvent>(circleEvents, vault),
    ])
    const found: Decoded<PatientEvent | CircleEvent>[] = []
    for await (const recorded of store.readAll()) {
      const decoded = await codecs.decode(recorded)
      if (decoded) found.push(decoded)
    }
    return found
  }

  return { ...test, clock, service, close, report, reportIdentity, admit, as, at, settled, facts }
}

export const unknownPatient = PatientId.parse('00000000-0000-4000-8000-000000000000')
