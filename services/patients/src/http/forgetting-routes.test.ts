import { ForgettingEvent, forgettingEvents, ForgettingId } from '@relais/contracts/forgetting'
import { eventCodec } from '@relais/events/codec'
import { FACILITY } from '@relais/runtime/stay-facts.fixture'
import { linkIdOf } from '@relais/runtime/link-facts.fixture'
import { expect, test } from 'vitest'
import { nurse, openPatients, type Patients, registrar, saying, unknownPatient } from '../patients.fixture.ts'

const dpo = { id: 'ght-essai:dpo', role: 'dpo', scopes: ['pathway:read', 'patient:forget'] }
const motive = 'à la demande de la personne'

type Asking = Awaited<ReturnType<Patients['as']>>
const forgetting = (ask: Asking, patientId: string) => ask(`/patients/${patientId}/forget`, { body: { motive } })
const problemOf = ({ status, body }: Awaited<ReturnType<Asking>>) => ({
  status,
  code: body?.type.replace('urn:relais:problem:', ''),
})

async function decided({ store, adapters }: Patients) {
  const codec = eventCodec<ForgettingEvent>(forgettingEvents, adapters.vault)
  const found = []
  for await (const recorded of store.readAll()) {
    const known = await codec.decode(recorded)
    if (known?.event) found.push(known.event.data)
  }
  return found
}
const isForgotten = async ({ adapters }: Patients, id: string) => (await adapters.vault.openingKey(id)) === undefined

/** Two numbers of one person, and somebody else. */
async function openLinked() {
  const patients = await openPatients({ mode: 'production' })
  const [a, b, other] = [await patients.admit('A'), await patients.admit('B'), await patients.admit('C')]
  for (const stay of [a, b, other]) await patients.reportIdentity(stay)
  await patients.settled()
  await patients.tell('LinkReported', { ...saying(b.patientId), otherId: a.patientId })
  return { patients, a: a.patientId, b: b.patientId, other: other.patientId, ask: await patients.as(dpo) }
}

test('a person is forgotten under every number, with the motive on record, once', async () => {
  const { patients, a, b, other, ask } = await openLinked()
  const done = await forgetting(ask, a)
  expect([done.status, done.headers.has('relais-position')]).toEqual([204, true])
  expect(await Promise.all([a, b, other].map((id) => isForgotten(patients, id)))).toEqual([true, true, false])
  for (const id of [a, b]) expect((await forgetting(ask, id)).status).toBe(204)
  const facts = await decided(patients)
  expect(facts.map(({ patientId }) => patientId).toSorted()).toEqual([a, b].toSorted())
  for (const fact of facts) expect(fact).toMatchObject({ motive, by: dpo.id, decidedAt: patients.clock.now })

  const staff = await patients.as({ ...registrar, scopes: [...registrar.scopes] })
  for (const id of [a, b]) {
    expect(problemOf(await staff(`/patients/${id}/links`))).toEqual({ status: 404, code: 'patientUnknown' })
    expect(problemOf(await staff(`/patients/${id}/circle`))).toEqual({ status: 404, code: 'patientUnknown' })
  }
  const reading = await patients.as(nurse)
  const { identities } = (await reading('/patients/identities', { body: { patientIds: [a, b, other] } })).body
  expect(identities.map(({ patientId }: { patientId: string }) => patientId)).toEqual([other])
  expect((await staff('/patients/lookup', { body: { authority: FACILITY, number: 'A' } })).status).toBe(404)
})

test('nobody else is forgotten with a person whose link was undone', async () => {
  const { patients, a, b, ask } = await openLinked()
  const staff = await patients.as(registrar)
  expect((await staff(`/patients/links/${linkIdOf(a, b)}/undo`, { body: { motive } })).status).toBe(204)
  expect((await forgetting(ask, a)).status).toBe(204)
  expect(await Promise.all([a, b].map((id) => isForgotten(patients, id)))).toEqual([true, false])
})

test('nobody is forgotten while it is in doubt who is one person', async () => {
  const { patients, a, b, other, ask } = await openLinked()
  await patients.tell('UnlinkReported', { ...saying(other), otherId: a })
  expect(problemOf(await forgetting(ask, b))).toEqual({ status: 409, code: 'linksInDoubt' })
  expect(problemOf(await forgetting(ask, other))).toEqual({ status: 409, code: 'linksInDoubt' })
  expect(await decided(patients)).toEqual([])
  const staff = await patients.as(registrar)
  const [doubt] = (await staff('/patients/link-doubts')).body.doubts
  const decision = { body: { messageId: doubt.messageId, outcome: 'dismissed' } }
  expect((await staff(`/patients/link-doubts/${doubt.linkId}/decisions`, decision)).status).toBe(204)
  await patients.shown()
  expect((await forgetting(ask, b)).status).toBe(204)
})

test('what a crash left undone is done', async () => {
  const { patients, a, b } = await openLinked()
  const forgettingId = ForgettingId.parse(crypto.randomUUID())
  for (const patientId of [a, b]) {
    const data = { forgettingId, patientId, motive, by: dpo.id, decidedAt: patients.clock.now }
    const event = ForgettingEvent.parse({ type: 'PatientForgotten', data })
    await patients.record<ForgettingEvent>(forgettingEvents, event, { owner: forgettingId })
  }
  const both = () => Promise.all([a, b].map((id) => isForgotten(patients, id)))
  await expect.poll(both).toEqual([true, true])
})

test('it is for those who have the right, of patients whom somebody wrote about, and says why', async () => {
  const { patients, a, ask } = await openLinked()
  for (const as of [nurse, registrar, { ...dpo, scopes: ['pathway:read', 'link:write', 'operate'] }])
    expect(problemOf(await forgetting(await patients.as(as), a))).toEqual({ status: 403, code: 'scopeMissing' })
  expect(problemOf(await forgetting(ask, unknownPatient))).toEqual({ status: 404, code: 'patientUnknown' })
  const residentId = await patients.adapters.vault.resolveOwner('resident', { authority: FACILITY, number: 'R' })
  expect(problemOf(await forgetting(ask, residentId))).toEqual({ status: 404, code: 'patientUnknown' })
  for (const body of [{}, { motive: '' }, { motive: 'x'.repeat(301) }])
    expect((await ask(`/patients/${a}/forget`, { body })).status).toBe(400)
  expect((await ask('/patients/lookup', { body: { authority: FACILITY, number: 'A' } })).status).toBe(200)
  expect((await ask(`/patients/${a}/circle`)).status).toBe(404)
})
