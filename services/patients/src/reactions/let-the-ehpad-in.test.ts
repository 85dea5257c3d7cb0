import { PatientId } from '@relais/contracts/primitives'
import { ResidentMatchEvent, residentMatchEvents } from '@relais/contracts/residents'
import { recorder } from '@relais/runtime/adapters.fixture'
import { expect, test } from 'vitest'
import { clerk, openPatients, type Patients } from '../patients.fixture.ts'

const EHPAD = '990000028'
const residentId = crypto.randomUUID()
const nurse = { id: 'ehpad:infirmiere-1', role: 'ehpad', organisation: EHPAD }

async function record({ store, adapters, clock }: Patients, fact: object): Promise<void> {
  const event = ResidentMatchEvent.parse(fact)
  const write = recorder({ store, keyring: adapters.vault, now: () => clock.now })
  await write(residentMatchEvents, event, { owner: event.data.residentId })
}
const pairOf = (patientId: string) => ({ residentId, ehpad: EHPAD, patientId: PatientId.parse(patientId) })

test('an EHPAD sees its resident from the match until the register ends it', async () => {
  const patients = await openPatients()
  const { clock } = patients
  const { patientId } = await patients.admit()
  const ask = await patients.as(nurse)
  const status = async () => (await ask(`/patients/${patientId}/circle`)).status
  expect(await status()).toBe(404)

  await record(patients, {
    type: 'ResidentMatched',
    data: { ...pairOf(patientId), ground: 'qualifiedIns', matchedAt: clock.now },
  })
  await expect.poll(status).toBe(200)
  const { members } = (await (await patients.as(clerk))(`/patients/${patientId}/circle`)).body
  expect(members).toMatchObject([
    { memberId: `finess:${EHPAD}`, role: 'ehpad', ground: 'exchange', source: 'reported' },
  ])

  clock.now = '2026-11-03T09:00:00.000Z'
  await record(patients, {
    type: 'ResidentUnmatched',
    data: { ...pairOf(patientId), reason: 'left', unmatchedAt: clock.now },
  })
  await expect.poll(status).toBe(404)
})

test('a match of a patient who was erased lets nobody in, and holds up nobody else', async () => {
  const patients = await openPatients()
  const { clock, adapters } = patients
  const { patientId: erased } = await patients.admit()
  const { patientId } = await patients.admit()
  await adapters.vault.forget(erased)
  for (const id of [erased, patientId])
    await record(patients, {
      type: 'ResidentMatched',
      data: { ...pairOf(id), ground: 'qualifiedIns', matchedAt: clock.now },
    })
  const ask = await patients.as(nurse)
  await expect.poll(async () => (await ask(`/patients/${patientId}/circle`)).status).toBe(200)
  expect((await ask(`/patients/${erased}/circle`)).status).toBe(404)
})
