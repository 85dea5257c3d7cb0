import { type DeathEvent, deathEvents } from '@relais/contracts/deaths'
import { Problem } from '@relais/contracts/http'
import { type CircleEvent, circleEvents, patientEvents } from '@relais/contracts/patients'

import { type RunEvent, runEvents } from '@relais/contracts/protocol-runs'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import { codecSet, eventCodec } from '@relais/events/codec'
import { derivedUuid } from '@relais/events/derived-uuid'
import {
  asking,
  closingOnce,
  hasReacted,
  openTestAdapters,
  person,
  recorder,
  type TestAdapterOptions,
} from '@relais/runtime/adapters.fixture'
import { stood, type StandingDetails } from '@relais/runtime/standing-facts.fixture'
import { FACILITY, newStay, type Stay } from '@relais/runtime/stay-facts.fixture'
import { waitUntil } from '@relais/testkit/wait-until'
import { runIdOf } from './reactions/follow-stays.ts'
import { createService } from './service.ts'
import { dischargeHome } from './shipped/discharge-home.ts'

export const CPTS = '990000044'
const scopes = ['protocol:read', 'protocol:write', 'run:read', 'run:write']
export const coordinator = { id: 'cpts:alix', role: 'coordinateur', organisation: CPTS, scopes }
export const nurse = { id: 'rpps:10000000001', role: 'infirmier', scopes }
export const otherNurse = { id: 'rpps:10000000002', role: 'infirmier', scopes }
export const pharmacist = { id: 'rpps:10000000003', role: 'pharmacien', scopes }
export const physician = { id: 'rpps:10000000004', role: 'medecin', scopes }
export const wardNurse = { id: 'ch:7', role: 'infirmier', organisation: FACILITY, wards: ['4101'], scopes }

/** The protocol of the discharge home, for anybody of any age, so that no identity is needed. */
export const anyAge = {
  ...dischargeHome.definition,
  trigger: { ...dischargeHome.definition.trigger, conditions: [{ fact: 'patientClass', in: ['I'] }] },
}
export const PROTOCOL = dischargeHome.protocolId
export const DISCHARGED = '2026-11-03T09:00:00.000Z'
export const home: StandingDetails = {
  status: 'discharged',
  dischargedAt: DISCHARGED,
  arrivedAt: '2026-11-01T09:00:00.000Z',
  hospitalisedAt: '2026-11-01T09:00:00.000Z',
  discharge: { exitMode: '8' },
  nature: 'discharged',
  at: DISCHARGED,
}

export type Protocols = Awaited<ReturnType<typeof openProtocols>>

/** The service on an in-memory log, and what other services say there. */
export async function openProtocols(options: TestAdapterOptions = {}) {
  const test = await openTestAdapters(options)
  const { adapters, store, clock } = test
  const { vault, now } = adapters
  const listeners = new Set<() => void>()
  const onAdvanced = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const service = await createService({ ...adapters, clock: { now, machineNow: now, onAdvanced } })
  const close = await closingOnce(service, test)
  const record = recorder({ store, keyring: vault, now })
  const at = (position: number) => ({ 'relais-position': `${adapters.epoch}:${position}` })
  /** What a reading waits with until the view shows all that is in the log. */
  async function shown() {
    for await (const { position } of store.readAll({ direction: 'backwards', limit: 1 })) return at(position)
    return {}
  }
  const settled = () =>
    hasReacted(test, {
      schema: 'protocols',
      categories: ['stay', 'circle', 'patient', 'link', 'death', 'absence', 'protocolRun'],
    })

  /** What a stay now is, once the service has looked at it. */
  async function tell(stay: Stay, ...standings: readonly StandingDetails[]) {
    for (const details of standings) await record<StayEvent>(stayEvents, stood(stay, details), { owner: stay.stayId })
    await settled()
  }
  /** What is said of a death that no stay ends in. */
  async function says(event: DeathEvent) {
    await record<DeathEvent>(deathEvents, event, { owner: event.data.patientId })
    await settled()
  }
  async function madeConfidential(stay: Stay) {
    const said = { confidential: true, reason: 'patientRequest', changedAt: now(), wards: [] }
    const event = stayEvents.schema.parse({ type: 'ConfidentialityChanged', data: { ...stay, ...said } })
    await record<StayEvent>(stayEvents, event, { owner: stay.stayId })
  }
  async function joins(stay: Stay, who: { id: string }, role: string) {
    const said = { ground: 'exchange', joinedAt: now(), source: 'declared' }
    const data = { patientId: stay.patientId, memberId: who.id, role, ...said }
    const event = circleEvents.schema.parse({ type: 'MemberJoined', data })
    await record<CircleEvent>(circleEvents, event, { owner: stay.patientId })
    await settled()
  }
  async function leaves(stay: Stay, who: { id: string }, role: string) {
    const data = { patientId: stay.patientId, memberId: who.id, role, leftAt: now(), reason: 'removed' }
    const event = circleEvents.schema.parse({ type: 'MemberLeft', data })
    await record<CircleEvent>(circleEvents, event, { owner: stay.patientId })
    await settled()
  }
  async function identified(stay: Stay, birthDate: string) {
    const { patientId } = stay
    const identity = { ipp: { authority: FACILITY, number: '1' }, birthDate, reliability: [], status: 'provisional' }
    const bytes = Buffer.from(JSON.stringify(identity))
    const { ref } = await vault.put({ owner: patientId, mediaType: 'application/vnd.relais.identity+json', bytes })
    const data = {
      patientId,
      messageId: crypto.randomUUID(),
      reportedAt: now(),
      identity: ref,
      status: 'provisional',
      hasIns: false,
    }
    await record(patientEvents, patientEvents.schema.parse({ type: 'IdentityRecorded', data }), { owner: patientId })
    await settled()
  }

  const as = async (details: Parameters<typeof person>[0]) =>
    asking(service.app, await test.tokenFor(person(details)), JSON.parse)
  async function publish(definition: object = anyAge, { version = 1, from = clock.now, id = PROTOCOL } = {}) {
    const ask = await as(coordinator)
    const body = { definition, effectiveFrom: from }
    return ask(`/protocols/${id}/versions/${version}`, { method: 'PUT', body })
  }

  /** Every fact about runs that this service wrote, in order. */
  async function facts() {
    const codecs = codecSet([eventCodec<RunEvent>(runEvents, vault)])
    const found: RunEvent[] = []
    for await (const recorded of store.readAll()) {
      const decoded = await codecs.decode(recorded)
      if (decoded?.event) found.push(decoded.event)
    }
    return found
  }
  const named = async <Type extends RunEvent['type']>(type: Type) =>
    (await facts()).filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type)
  /** Lets time pass: what falls due meanwhile is due. */
  function moveTo(instant: string): void {
    clock.now = instant
    for (const listener of listeners) listener()
  }
  const until = (type: RunEvent['type'], count: number) =>
    waitUntil(async () => (await named(type)).length >= count, `${count} times ${type}`)
  const runOf = (stay: Stay, protocolId: string = PROTOCOL) => runIdOf(derivedUuid, { protocolId, ...stay })

  return {
    ...test,
    clock,
    service,
    close,
    record,
    at,
    shown,
    settled,
    tell,
    says,
    madeConfidential,
    joins,
    leaves,
    identified,
    as,
    publish,
    facts,
    named,
    runOf,
    moveTo,
    until,
  }
}

/** Somebody with a nurse, a pharmacist and a médecin traitant. */
export async function caredFor({ joins }: Protocols): Promise<Stay> {
  const stay = newStay()
  await joins(stay, nurse, 'infirmier')
  await joins(stay, pharmacist, 'pharmacien')
  await joins(stay, physician, 'medecin-traitant')
  return stay
}

export function problemOf({ status, body }: { status: number; body: unknown }) {
  return { status, code: Problem.parse(body).type.replace('urn:relais:problem:', '') }
}
export const positionIn = ({ headers }: { headers: Headers }) => ({
  'relais-position': headers.get('relais-position') ?? '',
})
