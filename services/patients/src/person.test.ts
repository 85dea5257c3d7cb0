import { NoticeEvent, noticeEvents } from '@relais/contracts/notices'
import { ProfessionalId } from '@relais/contracts/primitives'
import { StayEvent } from '@relais/contracts/stays'
import { FACILITY, newStay, participantsReported } from '@relais/runtime/stay-facts.fixture'
import { linkIdOf } from '@relais/runtime/link-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
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

/** Returns a notice with "not my patient", and waits until the circle knows. */
async function disown(patients: Patients, patientId: string, recipient: string) {
  patients.clock.now = new Date(Date.parse(patients.clock.now) + 60_000).toISOString()
  const noticeId = crypto.randomUUID()
  const notice = { ...newStay(patientId), noticeId, recipient, role: 'medecin-traitant', facility: FACILITY, wards: [] }
  const data = { ...notice, by: recipient, alsoOf: [], returnedAt: patients.clock.now }
  const event = NoticeEvent.parse({ type: 'NoticeReturned', data })
  await patients.record<NoticeEvent>(noticeEvents, event, { owner: noticeId })
  const facts = async () => (await patients.facts()).map(({ type }) => type)
  await waitUntil(async () => (await facts()).includes('PatientDisowned'), 'the circle to remember it')
  await patients.shown()
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
    expect((await ask(`/patients/links/${linkIdOf(a, b)}/undo`, { body: { motive: 'erreur' } })).status).toBe(204)
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

  const present = async (patients: Patients, patientId: string) => {
    const { members } = (await (await patients.as(registrar))(`/patients/${patientId}/circle`)).body
    return members.flatMap(({ memberId, leftAt }: Record<string, string>) => (leftAt === undefined ? [memberId] : []))
  }
  const report = async (patients: Patients, patientId: string, [memberId, reportedAt]: [ProfessionalId, string]) => {
    patients.clock.now = new Date(Date.parse(patients.clock.now) + 60_000).toISOString()
    const { type, data } = participantsReported(newStay(patientId), [['primaryPhysician', memberId]])
    await patients.report(StayEvent.parse({ type, data: { ...data, reportedAt } }))
    await patients.settled()
    await patients.shown()
  }

  test('has the médecin traitant whom a person declared, else the one who was reported last, until that is undone', async () => {
    const { patients, a, b } = await openTwo()
    await report(patients, a, [gp, '2026-11-02T11:00:00.000Z'])
    await report(patients, b, [otherGp, '2026-11-02T10:00:00.000Z'])
    await link(patients, b, a)
    expect(await present(patients, b)).toEqual([gp])
    const [first, second] = [await patients.as({ id: gp }), await patients.as({ id: otherGp })]
    expect((await first(`/patients/${b}/circle`)).status).toBe(200)
    expect((await second(`/patients/${b}/circle`)).status).toBe(404)
    await report(patients, b, [otherGp, '2026-11-02T12:00:00.000Z'])
    expect(await present(patients, a)).toEqual([gp])
    await declare(patients, b, otherGp)
    expect(await present(patients, a)).toEqual([otherGp])
    expect((await first(`/patients/${a}/circle`)).status).toBe(404)
    await declare(patients, a, gp)
    expect(await present(patients, b)).toEqual([gp])
    await patients.tell('UnlinkReported', { ...saying(b), otherId: a })
    expect(await present(patients, a)).toEqual([gp])
    expect(await present(patients, b)).toEqual([otherGp])
  })

  test('is declared a médecin traitant once more, who did not hold beside another one, and then does', async () => {
    const { patients, a, b } = await openTwo()
    await declare(patients, a, gp)
    await declare(patients, b, otherGp)
    await link(patients, b, a)
    expect(await present(patients, a)).toEqual([otherGp])
    await declare(patients, a, gp)
    expect(await present(patients, b)).toEqual([gp])
    await declare(patients, a, gp)
    const joined = (await patients.facts()).filter(({ type }) => type === 'MemberJoined')
    expect(joined).toHaveLength(3)
  })

  test('is not the patient of whoever said so of either number, whatever a hospital goes on saying, until that is undone', async () => {
    const { patients, a, b } = await openTwo()
    await disown(patients, a, gp)
    await link(patients, b, a)
    await report(patients, b, [gp, '2026-11-02T11:00:00.000Z'])
    expect(await present(patients, b)).toEqual([])
    const ask = await patients.as({ id: gp })
    expect((await ask(`/patients/${b}/circle`)).status).toBe(404)
    await patients.tell('UnlinkReported', { ...saying(b), otherId: a })
    expect(await present(patients, b)).toEqual([gp])
    expect((await ask(`/patients/${b}/circle`)).status).toBe(200)
    await report(patients, a, [gp, '2026-11-02T12:00:00.000Z'])
    expect(await present(patients, a)).toEqual([])
    await link(patients, b, a)
    await declare(patients, b, gp)
    expect(await present(patients, a)).toEqual([gp])
  })

  test('is left, under every number, by whom somebody removes from the circle', async () => {
    const { patients, a, b } = await openTwo()
    await declare(patients, a, gp, 'medecin')
    await declare(patients, b, gp, 'medecin')
    await link(patients, b, a)
    const ask = await patients.as(registrar)
    expect((await ask(`/patients/${a}/circle/${gp}/medecin`, { method: 'DELETE' })).status).toBe(204)
    await patients.shown()
    expect(await present(patients, b)).toEqual([])
    const removing = await ask(`/patients/${a}/circle/rpps:10100000099/medecin`, { method: 'DELETE' })
    expect(removing).toMatchObject({ status: 404, body: { type: 'urn:relais:problem:memberUnknown' } })
  })
})
