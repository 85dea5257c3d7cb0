import { ProfessionalId } from '@relais/contracts/primitives'
import { FACILITY, moved, newStay, participantsReported } from '@relais/runtime/stay-facts.fixture'
import { expect, test } from 'vitest'
import { clerk, nurse, openPatients, type Patients, stranger, unknownPatient } from './patients.fixture.ts'

type Asking = Awaited<ReturnType<Patients['as']>>
type Answer = Awaited<ReturnType<Asking>>

const gp = ProfessionalId.parse('rpps:10002909371')
const otherGp = ProfessionalId.parse('rpps:10000023084')
const asGp = { id: gp, role: 'medecin' }
const asOtherGp = { id: otherGp, role: 'medecin' }

const patience = { timeout: 20_000 }
const problemOf = ({ status, body }: Answer) => ({ status, code: body.type.replace('urn:relais:problem:', '') })
const positionIn = ({ headers }: Answer) => ({ 'relais-position': headers.get('relais-position') ?? '' })
const patientUnknown = { status: 404, code: 'patientUnknown' }

async function circleOf(patients: Patients, patientId: string, as: Parameters<Patients['as']>[0] = nurse) {
  const ask = await patients.as(as)
  return (await ask(`/patients/${patientId}/circle`)).body.members
}

const declaring = (ask: Asking, patientId: string, body: object = { memberId: gp, role: 'medecin-traitant' }) =>
  ask(`/patients/${patientId}/circle`, { body })
const removing = (ask: Asking, patientId: string, memberId: string = gp, role = 'medecin-traitant') =>
  ask(`/patients/${patientId}/circle/${memberId}/${role}`, { method: 'DELETE' })

test('a reported identity becomes the patient’s record, for those who take part in the care', async () => {
  const patients = await openPatients()
  const stay = await patients.admit()
  await patients.reportIdentity(stay)
  await patients.settled()
  const [recorded] = await patients.facts()
  expect(recorded?.event).toMatchObject({
    type: 'IdentityRecorded',
    data: { ...stay, status: 'validated', hasIns: false },
  })
  const ask = await patients.as(nurse)
  await expect
    .poll(async () => (await ask('/patients/identities', { body: { patientIds: [stay.patientId] } })).body, patience)
    .toMatchObject({ identities: [{ patientId: stay.patientId, identity: { birthName: 'TEST-ÉGLANTINE' } }] })
})

test('a corrected identity takes the place of the first one, which stays on record', async () => {
  const patients = await openPatients()
  const stay = await patients.admit()
  for (const birthName of ['TEST-ÉGLANTINE', 'TEST-AUBÉPINE', 'TEST-ÉGLANTINE']) {
    await patients.reportIdentity(stay, { birthName })
    await patients.settled()
  }
  expect((await patients.facts()).map(({ type }) => type)).toEqual(Array.from({ length: 3 }, () => 'IdentityRecorded'))
  const ask = await patients.as(nurse)
  await expect
    .poll(async () => (await ask('/patients/identities', { body: { patientIds: [stay.patientId] } })).body, patience)
    .toMatchObject({ identities: [{ identity: { birthName: 'TEST-ÉGLANTINE' } }] })
})

test('the médecin traitant whom a hospital names joins the circle; others whom it names do not', async () => {
  const patients = await openPatients()
  const stay = await patients.admit()
  await patients.report(
    participantsReported(stay, [
      ['primaryPhysician', gp],
      ['correspondent', otherGp],
    ]),
  )
  await patients.settled()
  const joinedAt = '2026-11-03T08:00:00.000Z'
  const reported = { ground: 'exchange', source: 'reported', joinedAt }
  await expect
    .poll(() => circleOf(patients, stay.patientId, asGp), patience)
    .toEqual([{ memberId: gp, role: 'medecin-traitant', ...reported }])
  expect((await (await patients.as(asOtherGp))(`/patients/${stay.patientId}/circle`)).status).toBe(404)
})

test('a médecin traitant whom a person declared outranks those whom hospitals report', async () => {
  const patients = await openPatients()
  const stay = await patients.admit()
  const ask = await patients.as(clerk)
  expect((await declaring(ask, stay.patientId)).status).toBe(204)
  await patients.report(participantsReported(stay, [['primaryPhysician', otherGp]]))
  await patients.settled()
  expect(await circleOf(patients, stay.patientId)).toMatchObject([{ memberId: gp, source: 'declared' }])
})

test('a declaration takes the place of what was reported', async () => {
  const patients = await openPatients()
  const stay = await patients.admit()
  await patients.report(participantsReported(stay, [['primaryPhysician', otherGp]]))
  await patients.settled()
  await declaring(await patients.as(clerk), stay.patientId)
  expect(await circleOf(patients, stay.patientId)).toMatchObject([
    { memberId: otherGp, source: 'reported', leftAt: '2026-11-03T08:00:00.000Z' },
    { memberId: gp, source: 'declared', role: 'medecin-traitant', ground: 'exchange' },
  ])
})

test('a patient is found by the universal id of the facility, or by its namespace', async () => {
  const patients = await openPatients()
  const { patientId } = await patients.admit('900001')
  await patients.adapters.vault.rememberAuthority('CH-ESSAI', FACILITY)
  for (const as of [nurse, clerk]) {
    const ask = await patients.as(as)
    for (const authority of [FACILITY, 'CH-ESSAI'])
      expect(await ask('/patients/lookup', { body: { authority, number: '900001' } })).toMatchObject({
        status: 200,
        body: { patientId },
      })
  }
})

test('a namespace that two authorities bear finds nobody: the universal id is asked for', async () => {
  const patients = await openPatients()
  await patients.admit('900001')
  for (const universalId of [FACILITY, '990000028']) await patients.adapters.vault.rememberAuthority('CH', universalId)
  const ask = await patients.as(nurse)
  const answer = await ask('/patients/lookup', { body: { authority: 'CH', number: '900001' } })
  expect(problemOf(answer)).toEqual({ status: 409, code: 'authorityAmbiguous' })
})

test('a patient of others is answered like one that nobody knows, on every route', async () => {
  const patients = await openPatients()
  const { patientId } = await patients.admit('900001')
  await declaring(await patients.as(clerk), patientId)
  const strangers = [stranger, { ...nurse, wards: ['9999'] }, { ...clerk, organisation: '990000028' }, asOtherGp]
  for (const as of strangers) {
    const ask = await patients.as(as)
    const pairs = [
      [
        await ask('/patients/lookup', { body: { authority: FACILITY, number: '900001' } }),
        await ask('/patients/lookup', { body: { authority: FACILITY, number: '900002' } }),
      ],
      [await ask(`/patients/${patientId}/circle`), await ask(`/patients/${unknownPatient}/circle`)],
      [await declaring(ask, patientId), await declaring(ask, unknownPatient)],
      [await removing(ask, patientId), await removing(ask, unknownPatient)],
    ] as const
    for (const [foreign, none] of pairs) {
      expect(problemOf(foreign)).toEqual(patientUnknown)
      expect({ ...foreign.body, instance: '' }).toEqual({ ...none.body, instance: '' })
    }
  }
  expect(await circleOf(patients, patientId)).toHaveLength(1)
})

test('identities are given of those whom one may see, and of nobody else', async () => {
  const patients = await openPatients()
  const seen = await patients.admit()
  const elsewhere = newStay()
  await patients.report(moved('PatientAdmitted', elsewhere, { ward: '4102' }))
  for (const stay of [seen, elsewhere]) await patients.reportIdentity(stay)
  await patients.settled()
  const body = { patientIds: [elsewhere.patientId, seen.patientId, unknownPatient] }
  const namesFor = async (as: Parameters<Patients['as']>[0]) => {
    const { identities } = (await (await patients.as(as))('/patients/identities', { body })).body
    return identities.map(({ patientId }: { patientId: string }) => patientId)
  }
  await expect
    .poll(() => namesFor({ ...nurse, wards: ['4101', '4102'] }), patience)
    .toEqual([elsewhere.patientId, seen.patientId])
  expect(await namesFor(nurse)).toEqual([seen.patientId])
  expect(await namesFor(stranger)).toEqual([])
  expect(await namesFor(clerk)).toEqual([])
})

test('whoever is declared sees the patient from the position of the declaration on, and no more after the removal', async () => {
  const patients = await openPatients()
  const { patientId } = await patients.admit()
  const [coordinator, physician] = [await patients.as(clerk), await patients.as(asGp)]
  expect(problemOf(await physician(`/patients/${patientId}/circle`))).toEqual(patientUnknown)
  const declared = await declaring(coordinator, patientId)
  expect((await physician(`/patients/${patientId}/circle`, { headers: positionIn(declared) })).status).toBe(200)

  patients.clock.now = '2026-11-03T09:00:00.000Z'
  const removed = await removing(coordinator, patientId)
  expect(removed.status).toBe(204)
  const after = await physician(`/patients/${patientId}/circle`, { headers: positionIn(removed) })
  expect(problemOf(after)).toEqual(patientUnknown)
  expect(await circleOf(patients, patientId)).toMatchObject([{ memberId: gp, leftAt: '2026-11-03T09:00:00.000Z' }])
})

test('a removal repeated changes nothing; someone who never belonged cannot be removed', async () => {
  const patients = await openPatients()
  const { patientId } = await patients.admit()
  const ask = await patients.as(clerk)
  await declaring(ask, patientId)
  const removed = [await removing(ask, patientId), await removing(ask, patientId)]
  expect(removed.map(({ status }) => status)).toEqual([204, 204])
  expect(removed[0] && positionIn(removed[0])).toEqual(removed[1] && positionIn(removed[1]))
  expect(problemOf(await removing(ask, patientId, otherGp))).toEqual({ status: 404, code: 'memberUnknown' })
  expect(problemOf(await removing(ask, patientId, gp, 'infirmier'))).toEqual({ status: 404, code: 'memberUnknown' })
})

test('a declaration repeated changes nothing', async () => {
  const patients = await openPatients()
  const { patientId } = await patients.admit()
  const ask = await patients.as(clerk)
  const positions = [await declaring(ask, patientId), await declaring(ask, patientId)].map(positionIn)
  expect(positions[0]).toEqual(positions[1])
  expect(await circleOf(patients, patientId)).toHaveLength(1)
})

test('nobody lets himself or herself into a care circle', async () => {
  const patients = await openPatients()
  const { patientId } = await patients.admit()
  const answer = await declaring(await patients.as(nurse), patientId, { memberId: nurse.id, role: 'infirmier' })
  expect(problemOf(answer)).toEqual({ status: 403, code: 'ownMembership' })
  expect(await circleOf(patients, patientId)).toEqual([])
})

test('declarations made at once leave one médecin traitant', async () => {
  const patients = await openPatients()
  const { patientId } = await patients.admit()
  const ask = await patients.as(clerk)
  const answers = await Promise.all(
    [gp, otherGp, gp].map((memberId) => declaring(ask, patientId, { memberId, role: 'medecin-traitant' })),
  )
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204])
  const members: { leftAt?: string }[] = await circleOf(patients, patientId)
  expect(members.filter(({ leftAt }) => leftAt === undefined)).toHaveLength(1)
})

test('a forgotten patient is a patient nobody knows', async () => {
  const patients = await openPatients()
  const stay = await patients.admit('900001')
  await patients.reportIdentity(stay)
  await patients.settled()
  const [ask, coordinator] = [await patients.as(nurse), await patients.as(clerk)]
  await patients.adapters.vault.forget(stay.patientId)
  expect((await ask('/patients/identities', { body: { patientIds: [stay.patientId] } })).body.identities).toEqual([])
  expect(problemOf(await ask(`/patients/${stay.patientId}/circle`))).toEqual(patientUnknown)
  expect(problemOf(await declaring(coordinator, stay.patientId))).toEqual(patientUnknown)
  const lookup = { body: { authority: FACILITY, number: '900001' } }
  expect(problemOf(await ask('/patients/lookup', lookup))).toEqual(patientUnknown)
})

test('in a demonstration an operator may declare for anybody, in production for nobody', async () => {
  for (const [mode, status] of [
    ['demonstration', 204],
    ['production', 404],
  ] as const) {
    const patients = await openPatients({ mode })
    const { patientId } = await patients.admit()
    const ask = await patients.as({ id: 'relais:operateur', role: 'operateur' })
    expect((await declaring(ask, patientId)).status).toBe(status)
  }
})

test.each([
  ['POST', '/patients/lookup', 'pathway:read', { authority: FACILITY, number: '1' }],
  ['POST', '/patients/identities', 'pathway:read', { patientIds: [unknownPatient] }],
  ['GET', `/patients/${unknownPatient}/circle`, 'pathway:read', undefined],
  ['POST', `/patients/${unknownPatient}/circle`, 'circle:write', { memberId: gp, role: 'medecin' }],
  ['DELETE', `/patients/${unknownPatient}/circle/${gp}/medecin`, 'circle:write', undefined],
] as const)('%s %s asks for %s', async (method, path, scope, body) => {
  const patients = await openPatients()
  const scopes = ['pathway:read', 'circle:write'].filter((one) => one !== scope)
  const ask = await patients.as({ ...nurse, scopes })
  expect(problemOf(await ask(path, { method, body }))).toEqual({ status: 403, code: 'scopeMissing' })
})

test('a malformed request says where it is wrong, and repeats nothing', async () => {
  const patients = await openPatients()
  const ask = await patients.as(nurse)
  const answers = [
    await ask('/patients/lookup', { body: { authority: FACILITY, number: '' } }),
    await ask('/patients/lookup', { body: { authority: FACILITY, number: '900001', name: 'EGLANTINE' } }),
    await ask('/patients/identities', { body: { patientIds: [] } }),
    await ask('/patients/identities', { body: { patientIds: Array.from({ length: 101 }, () => unknownPatient) } }),
    await declaring(ask, unknownPatient, { memberId: 'EGLANTINE', role: 'medecin' }),
    await declaring(ask, unknownPatient, { memberId: gp, role: 'EGLANTINE' }),
  ]
  expect(answers.map(problemOf)).toEqual(answers.map(() => ({ status: 400, code: 'invalidBody' })))
  expect(JSON.stringify(answers)).not.toContain('EGLANTINE')
})

test('each decision about access is on record, and names nobody', async () => {
  const patients = await openPatients()
  const stay = await patients.admit()
  await patients.reportIdentity(stay)
  await patients.settled()
  for (const as of [nurse, stranger])
    await (
      await patients.as(as)
    )('/patients/identities', { body: { patientIds: [stay.patientId] } })
  const decisions = patients.lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'access decided')
  expect(decisions.slice(-2)).toMatchObject([
    { actorId: nurse.id, patientId: stay.patientId, kind: 'identity', outcome: 'establishmentTeam' },
    { actorId: stranger.id, patientId: stay.patientId, kind: 'identity', outcome: 'noRelation' },
  ])
  expect(patients.lines.join('')).not.toMatch(/GLANTINE|ZO/)
})
