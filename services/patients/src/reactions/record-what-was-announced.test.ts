import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { linkIdOf } from '@relais/runtime/link-facts.fixture'
import { expect, test } from 'vitest'
import { nurse, openPatients, type Patients, saying } from '../patients.fixture.ts'

const ins = (matricule: string) => ({
  status: 'qualified' as const,
  ins: { matricule, oid: '1.2.250.1.213.1.4.10' },
})
const nia = ins('841079900000182')
const nir = ins('241079900000182')
const day = (n: number) => ({ reportedAt: `2026-11-0${n}T09:00:00.000Z` })

async function openOne() {
  const patients = await openPatients()
  const { patientId } = await patients.admit()
  return { patients, patientId }
}

/** What the ward reads of the patient’s INS and status. */
async function readOf(patients: Patients, patientId: string) {
  const ask = await patients.as(nurse)
  const { identities } = (await ask('/patients/identities', { body: { patientIds: [patientId] } })).body
  const [{ identity } = { identity: undefined }] = identities
  return identity && { status: identity.status, ins: identity.ins?.matricule }
}

async function changesOf(patients: Patients) {
  const facts = await patients.facts()
  return facts.flatMap(({ event }) => (event?.type === 'IdentityRecorded' ? [event.data.insChange] : []))
}
const linkTypes = async (patients: Patients) =>
  (await patients.facts()).filter(({ stream }) => stream.startsWith('link-')).map(({ type }) => type)

test('an identity that is said without a stay is the patient’s own, in the order of what was said', async () => {
  const { patients, patientId } = await openOne()
  await patients.announceIdentity(patientId, { birthName: 'TEST-AUBÉPINE' }, day(4))
  await patients.announceIdentity(patientId, { birthName: 'TEST-ÉGLANTINE' }, day(3))
  const [recorded, ...others] = await patients.facts()
  expect(others).toEqual([])
  expect(recorded?.event).toMatchObject({ type: 'IdentityRecorded', data: { patientId, ...day(4), hasIns: false } })
  expect(recorded?.event?.data).not.toHaveProperty('stayId')
})

test('an INS is retrieved, changes from NIA to NIR, and is deleted; every step stays on record', async () => {
  const { patients, patientId } = await openOne()
  await patients.announceIdentity(patientId, nia, day(3))
  expect(await readOf(patients, patientId)).toEqual({ status: 'qualified', ins: nia.ins.matricule })
  await patients.announceIdentity(patientId, nir, day(4))
  expect(await readOf(patients, patientId)).toEqual({ status: 'qualified', ins: nir.ins.matricule })
  await patients.announceIdentity(patientId, { status: 'provisional' }, { insDeleted: true, ...day(5) })
  expect(await readOf(patients, patientId)).toEqual({ status: 'provisional', ins: undefined })
  expect(await changesOf(patients)).toEqual(['retrieved', 'changed', 'deleted'])
})

test('an INS that was deleted is not brought back by what was said before', async () => {
  const { patients, patientId } = await openOne()
  await patients.announceIdentity(patientId, { status: 'validated' }, { insDeleted: true, ...day(4) })
  await patients.announceIdentity(patientId, nir, day(3))
  await patients.announceIdentity(patientId, nir, day(4))
  expect(await readOf(patients, patientId)).toEqual({ status: 'validated', ins: undefined })
})

test('nothing that is recorded of an INS tells it to who has no key', async () => {
  const { patients, patientId } = await openOne()
  await patients.announceIdentity(patientId, nir)
  for await (const { data } of patients.store.readAll())
    expect(JSON.stringify(data)).not.toMatch(/241079900000|insDigest/)
  await patients.adapters.vault.forget(patientId)
  expect((await patients.facts()).map(({ event }) => event)).toEqual([undefined])
})

test('a reported merge makes one person, and says who the one that is kept is', async () => {
  const { patients, patientId } = await openOne()
  const { patientId: otherId } = await patients.admit()
  await patients.reportMerge(patientId, otherId)
  const link = (await patients.facts()).find(({ type }) => type === 'PatientsLinked')
  expect(link).toMatchObject({
    stream: `link-${linkIdOf(patientId, otherId)}`,
    event: { data: { patientId, otherId, reason: 'merged', source: 'reported', again: false } },
    metadata: { actor: { id: 'relais:record-what-was-reported' } },
  })
  expect(await readOf(patients, otherId)).toEqual({ status: 'validated', ins: undefined })
})

test('a number that takes the place of another one merges the two', async () => {
  const { patients, patientId } = await openOne()
  const { patientId: formerId } = await patients.admit()
  await patients.announceIdentity(patientId, nir, { insDeleted: false, formerId })
  expect(await linkTypes(patients)).toEqual(['PatientsLinked'])
  const ask = await patients.as(nurse)
  expect((await ask(`/patients/${formerId}/links`)).body.canonicalId).toBe(patientId)
})

test('merges that contradict each other, go in a circle, or are of one patient, are for a person to decide', async () => {
  const { patients, patientId: a } = await openOne()
  const [{ patientId: b }, { patientId: c }] = [await patients.admit(), await patients.admit()]
  await patients.reportMerge(b, a)
  await patients.reportMerge(a, b)
  await patients.reportMerge(c, b)
  await patients.reportMerge(a, c)
  await patients.reportMerge(a, a)
  await patients.tell('UnlinkReported', { ...saying(a), otherId: c })
  expect(await linkTypes(patients)).toEqual([
    'PatientsLinked',
    'LinkDoubted',
    'PatientsLinked',
    'LinkDoubted',
    'LinkDoubted',
    'LinkDoubted',
  ])
  const doubts = (await patients.facts()).flatMap(({ event }) =>
    event?.type === 'LinkDoubted' ? [event.data.doubt] : [],
  )
  expect(doubts).toEqual(['contradictsMerge', 'cycle', 'samePatient', 'neverLinked'])
  const ask = await patients.as(nurse)
  for (const id of [a, b, c]) expect((await ask(`/patients/${id}/links`)).body.canonicalId).toBe(c)
})

test('everything told again from the beginning changes nothing', async () => {
  const first = await openPatients()
  const [{ patientId: a }, { patientId: b }] = [await first.admit(), await first.admit()]
  await first.announceIdentity(a, nir, day(3))
  await first.reportMerge(b, a)
  await first.reportMerge(a, b)
  await first.tell('UnlinkReported', { ...saying(b), otherId: a })
  const facts = (await first.facts()).map(({ id }) => id)
  expect(facts).toHaveLength(5)
  await first.close()

  const { folder, store } = first
  for (const file of readdirSync(folder)) if (file.includes('.patients.')) rmSync(join(folder, file))
  const again = await openPatients({ folder, store })
  await again.settled()
  expect((await again.facts()).map(({ id }) => id)).toEqual(facts)
})
