import { ProfessionalId } from '@relais/contracts/primitives'
import { FACILITY } from '@relais/runtime/stay-facts.fixture'
import { linkIdOf } from '@relais/runtime/link-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { nurse, openPatients, type Patients, registrar, saying, stranger } from './patients.fixture.ts'

const gp = ProfessionalId.parse('rpps:10002909371')
const otherGp = ProfessionalId.parse('rpps:10000023084')

/** Says that two numbers are of one person; `patientId` is named first. */
const link = (patients: Patients, patientId: string, otherId: string) =>
  patients.tell('LinkReported', { ...saying(patientId), otherId })

async function lookUp(patients: Patients, number: string, as: object = nurse) {
  const ask = await patients.as(as)
  return (await ask('/patients/lookup', { body: { authority: FACILITY, number } })).body.patientId
}

/** What a member of the staff reads of these patients. */
async function everythingOf(patients: Patients, ids: readonly string[], numbers: readonly string[]) {
  const ask = await patients.as(nurse)
  return {
    identities: (await ask('/patients/identities', { body: { patientIds: ids } })).body,
    circles: await Promise.all(ids.map(async (id) => (await ask(`/patients/${id}/circle`)).body)),
    lookups: await Promise.all(numbers.map((number) => lookUp(patients, number))),
    persons: await Promise.all(ids.map(async (id) => (await ask(`/patients/${id}/links`)).body)),
  }
}

async function declare(patients: Patients, patientId: string, memberId: string, role = 'medecin-traitant') {
  patients.clock.now = new Date(Date.parse(patients.clock.now) + 60_000).toISOString()
  const ask = await patients.as(registrar)
  expect((await ask(`/patients/${patientId}/circle`, { body: { memberId, role } })).status).toBe(204)
  await patients.shown()
}

eachDatabase('one person with two numbers', (open) => {
  let opened = 0
  async function openTwo() {
    opened += 1
    const suffix = opened
    const patients = await openPatients({ openViews: (schema) => open(`${schema}_${suffix}`) })
    const [a, b] = [await patients.admit('A'), await patients.admit('B')]
    await patients.reportIdentity(a, { birthName: 'TEST-ÉGLANTINE' })
    await patients.reportIdentity(b, { birthName: 'TEST-AUBÉPINE' })
    await patients.settled()
    await patients.shown()
    return { patients, a: a.patientId, b: b.patientId }
  }

  test('is found, named and cared for as one, until that is undone', async () => {
    const { patients, a, b } = await openTwo()
    await declare(patients, a, gp)
    await declare(patients, b, otherGp, 'medecin')
    const apart = await everythingOf(patients, [a, b], ['A', 'B'])
    await link(patients, b, a)
    const together = await everythingOf(patients, [a, b], ['A', 'B'])
    expect(together.lookups).toEqual([b, b])
    const identity = { birthName: 'TEST-AUBÉPINE' }
    expect(together.identities).toMatchObject({
      identities: [
        { patientId: a, identity },
        { patientId: b, identity },
      ],
    })
    expect(together.circles[0].members).toMatchObject([{ memberId: gp }, { memberId: otherGp }])
    expect(together.circles[1]).toEqual(together.circles[0])
    const made = { linkId: linkIdOf(a, b), patientId: b, otherId: a, reason: 'linked' }
    expect(together.persons[0]).toEqual({ canonicalId: b, patientIds: [a, b].toSorted(), links: [made] })

    const ask = await patients.as(registrar)
    expect((await ask(`/patients/links/${linkIdOf(a, b)}/undo`, { method: 'POST' })).status).toBe(204)
    await patients.shown()
    expect(await everythingOf(patients, [a, b], ['A', 'B'])).toEqual(apart)
  })

  test('lets in those who have a relation with either number', async () => {
    const { patients, a, b } = await openTwo()
    await declare(patients, a, gp)
    const ask = await patients.as({ id: gp, role: 'medecin' })
    expect((await ask(`/patients/${b}/circle`)).status).toBe(404)
    await link(patients, b, a)
    expect((await ask(`/patients/${b}/circle`)).status).toBe(200)
    expect((await (await patients.as(stranger))(`/patients/${b}/circle`)).status).toBe(404)
    await patients.tell('UnlinkReported', { ...saying(b), otherId: a })
    expect((await ask(`/patients/${b}/circle`)).status).toBe(404)
  })

  test('has one médecin traitant, and whoever leaves the circle leaves all of it', async () => {
    const { patients, a, b } = await openTwo()
    await declare(patients, a, gp)
    await link(patients, b, a)
    await declare(patients, b, otherGp)
    const ask = await patients.as(registrar)
    expect((await ask(`/patients/${a}/circle`)).body.members).toMatchObject([
      { memberId: gp, leftAt: expect.any(String) },
      { memberId: otherGp },
    ])
    expect((await ask(`/patients/${a}/circle/${otherGp}/medecin-traitant`, { method: 'DELETE' })).status).toBe(204)
    await patients.shown()
    expect((await ask(`/patients/${b}/circle`)).body.members).toMatchObject([
      { leftAt: expect.any(String) },
      { leftAt: expect.any(String) },
    ])
    const removing = await ask(`/patients/${a}/circle/rpps:10100000099/medecin`, { method: 'DELETE' })
    expect(removing).toMatchObject({ status: 404, body: { type: 'urn:relais:problem:memberUnknown' } })
  })
})
