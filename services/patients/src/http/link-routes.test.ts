import { linkIdOf } from '@relais/runtime/link-facts.fixture'
import { expect, test } from 'vitest'
import { nurse, openPatients, type Patients, registrar, saying, stranger, unknownPatient } from '../patients.fixture.ts'

const operator = { id: 'relais:operateur', role: 'operateur', scopes: ['pathway:read', 'link:write'] }
const elsewhere = { ...registrar, organisation: '990000028' }
type Asking = Awaited<ReturnType<Patients['as']>>
const problemOf = ({ status, body }: Awaited<ReturnType<Asking>>) => ({
  status,
  code: body?.type.replace('urn:relais:problem:', ''),
})

async function openThree(mode: 'demonstration' | 'production' = 'production') {
  const patients = await openPatients({ mode })
  const ids: string[] = []
  for (let n = 0; n < 3; n += 1) ids.push((await patients.admit()).patientId)
  const [a, b, c] = ids as [string, string, string]
  return { patients, a, b, c, ask: await patients.as(registrar) }
}

const motive = 'doublon confirmé par la personne'
const linking = (ask: Asking, patientId: string, otherId: string, reason = 'merged') =>
  ask('/patients/links', { body: { patientId, otherId, reason, motive } })
const undoing = (ask: Asking, one: string, other: string) =>
  ask(`/patients/links/${linkIdOf(one, other)}/undo`, { body: { motive } })
const deciding = (ask: Asking, linkId: string, messageId: string, outcome: string) =>
  ask(`/patients/link-doubts/${linkId}/decisions`, { body: { messageId, outcome } })
const positionIn = ({ headers }: Awaited<ReturnType<Asking>>) => ({
  'relais-position': headers.get('relais-position') ?? '',
})
const personOf = async (ask: Asking, id: string, headers = {}) => (await ask(`/patients/${id}/links`, { headers })).body

test('a person links two patients, and undoes it, each seen from its position on', async () => {
  const { a, b, ask } = await openThree()
  const linked = await linking(ask, b, a, 'sameIns')
  expect(linked).toMatchObject({ status: 200, body: { linkId: linkIdOf(a, b) } })
  expect(await personOf(ask, a, positionIn(linked))).toMatchObject({
    canonicalId: b,
    links: [{ patientId: b, otherId: a, reason: 'sameIns' }],
  })
  const undone = await undoing(ask, a, b)
  expect(undone.status).toBe(204)
  expect(await personOf(ask, a, positionIn(undone))).toEqual({ canonicalId: a, patientIds: [a], links: [] })
})

test('said again, it is one fact; undone twice, it is undone once', async () => {
  const { patients, a, b, ask } = await openThree()
  const twice = [await linking(ask, b, a), await linking(ask, b, a)]
  expect(twice.map(({ status }) => status)).toEqual([200, 200])
  await patients.shown()
  const undone = [await undoing(ask, a, b), await undoing(ask, a, b)]
  expect(undone.map(({ status }) => status)).toEqual([204, 204])
  const facts = await patients.facts()
  expect(facts.map(({ type }) => type)).toEqual(['PatientsLinked', 'PatientsUnlinked'])
  for (const fact of facts)
    expect(fact).toMatchObject({
      event: { data: { source: 'person', motive } },
      metadata: { actor: { id: registrar.id } },
    })
})

test('what makes no sense is refused, and says why', async () => {
  const { patients, a, b, c, ask } = await openThree()
  expect(problemOf(await linking(ask, a, a))).toEqual({ status: 422, code: 'samePatient' })
  expect(problemOf(await undoing(ask, a, b))).toEqual({ status: 404, code: 'linkUnknown' })
  await linking(ask, b, a)
  await linking(ask, c, b)
  expect(problemOf(await linking(ask, a, b))).toEqual({ status: 409, code: 'linkContradicts' })
  expect(problemOf(await linking(ask, a, c))).toEqual({ status: 409, code: 'linkCycle' })
  await patients.shown()
  expect(await personOf(ask, a)).toMatchObject({ canonicalId: c })
})

test('only who coordinates both patients links them, or learns of a link', async () => {
  const { patients, a, b, ask } = await openThree()
  const { patientId: foreign } = await patients.admit()
  const strange = await patients.as({ ...elsewhere, scopes: registrar.scopes })
  expect(problemOf(await linking(strange, a, b))).toEqual({ status: 404, code: 'patientUnknown' })
  expect(problemOf(await linking(ask, a, unknownPatient))).toEqual({ status: 404, code: 'patientUnknown' })
  await linking(ask, a, foreign)
  await patients.shown()
  for (const as of [elsewhere, { ...stranger, scopes: registrar.scopes }]) {
    const other = await patients.as(as)
    expect(problemOf(await undoing(other, a, foreign))).toEqual({ status: 404, code: 'linkUnknown' })
    expect(problemOf(await other(`/patients/${a}/links`))).toEqual({ status: 404, code: 'patientUnknown' })
  }
  expect(await personOf(ask, a)).toMatchObject({ patientIds: [a, foreign].toSorted() })
})

test('what messages contradicted waits for the admissions of the establishment, oldest first, page by page', async () => {
  const { patients, a, b, c, ask } = await openThree()
  await patients.reportMerge(b, a)
  const messages: string[] = []
  for (const [one, other] of [
    [a, b],
    [c, c],
    [a, a],
  ] as const) {
    patients.clock.now = new Date(Date.parse(patients.clock.now) + 60_000).toISOString()
    messages.push(await patients.reportMerge(one, other))
  }
  const { doubts } = (await ask('/patients/link-doubts')).body
  expect(doubts).toMatchObject([
    {
      linkId: linkIdOf(a, b),
      messageId: messages[0],
      patientId: a,
      otherId: b,
      asked: 'merge',
      doubt: 'contradictsMerge',
    },
    { messageId: messages[1], doubt: 'samePatient' },
    { messageId: messages[2], doubt: 'samePatient' },
  ])
  const pages = []
  for (let after = ''; ;) {
    const page = (await ask(`/patients/link-doubts?limit=2${after}`)).body.doubts
    pages.push(page)
    if (page.length < 2) break
    after = `&after=${page.at(-1).messageId}`
  }
  expect(pages.flat()).toEqual(doubts)
  const seenBy = async (as: object) => (await (await patients.as(as))('/patients/link-doubts')).body.doubts
  // Whoever operates the platform sees the same doubts, and knows of no names.
  const operated: { messageId: string; patient?: object; other?: object }[] = await seenBy(operator)
  expect(operated.map(({ messageId }) => messageId)).toEqual(messages)
  for (const { patient, other } of operated) expect([patient, other]).toEqual([undefined, undefined])
  for (const as of [elsewhere, { ...nurse, scopes: registrar.scopes }, { ...registrar, organisation: undefined }])
    expect(await seenBy(as)).toEqual([])
})

test('the two of a doubt are told apart by what was said of each, also once they are one person', async () => {
  const { patients, a, b, ask } = await openThree()
  await patients.reportMerge(b, a)
  await patients.reportMerge(a, b)
  for (const patientId of [a, b])
    await patients.announceIdentity(patientId, { ipp: { authority: registrar.organisation, number: patientId } })
  await patients.shown()
  expect(await personOf(ask, a)).toMatchObject({ canonicalId: b })
  expect((await ask('/patients/link-doubts')).body.doubts).toMatchObject([
    { patient: { ipp: { number: a } }, other: { ipp: { number: b } } },
  ])
})

test('a doubt is put aside, or what was asked for is done after all', async () => {
  const { patients, a, b, ask } = await openThree()
  await patients.reportMerge(b, a)
  const first = await patients.reportMerge(a, b)
  const second = await patients.reportMerge(a, b)
  const linkId = linkIdOf(a, b)
  expect((await deciding(ask, linkId, first, 'dismissed')).status).toBe(204)
  expect(await personOf(ask, a)).toMatchObject({ canonicalId: b })
  const applied = await deciding(ask, linkId, second, 'applied')
  expect(applied.status).toBe(204)
  expect(await personOf(ask, a, positionIn(applied))).toMatchObject({ canonicalId: a })
  expect((await ask('/patients/link-doubts', { headers: positionIn(applied) })).body.doubts).toEqual([])
  expect((await deciding(ask, linkId, second, 'applied')).status).toBe(204)
  expect(problemOf(await deciding(ask, linkId, second, 'dismissed'))).toEqual({ status: 409, code: 'doubtSettled' })
})

test('a doubt is decided by the people of its establishment only', async () => {
  const { patients, a } = await openThree()
  const messageId = await patients.reportMerge(a, a)
  const answers = []
  for (const as of [elsewhere, { ...nurse, scopes: registrar.scopes }])
    answers.push(await deciding(await patients.as(as), linkIdOf(a, a), messageId, 'dismissed'))
  answers.push(await deciding(await patients.as(registrar), linkIdOf(a, a), unknownPatient, 'dismissed'))
  expect(answers.map(problemOf)).toEqual(answers.map(() => ({ status: 404, code: 'doubtUnknown' })))
  expect(problemOf(await deciding(await patients.as(registrar), linkIdOf(a, a), messageId, 'applied'))).toEqual({
    status: 422,
    code: 'samePatient',
  })
  expect((await deciding(await patients.as(operator), linkIdOf(a, a), messageId, 'dismissed')).status).toBe(204)
})

test('what a person decided is not undone by the next message', async () => {
  const { patients, a, b, ask } = await openThree()
  await patients.reportMerge(b, a)
  await undoing(ask, a, b)
  await patients.reportMerge(b, a)
  expect(await personOf(ask, a)).toMatchObject({ canonicalId: a })
  expect((await ask('/patients/link-doubts')).body.doubts).toMatchObject([{ doubt: 'undoneByPerson' }])
  await linking(ask, b, a)
  await patients.tell('UnlinkReported', { ...saying(b), otherId: a })
  expect(await personOf(ask, a)).toMatchObject({ canonicalId: b })
})

test('admissions link, and find, two patients who have numbers of theirs and no stay; those of elsewhere do not', async () => {
  const patients = await openPatients({ mode: 'production' })
  const number = { authority: registrar.organisation, number: 'E' }
  const [e, f] = [await patients.adapters.vault.resolveOwner('patient', number), crypto.randomUUID()]
  const g = crypto.randomUUID()
  for (const id of [e, f]) await patients.announceIdentity(id)
  await patients.announceIdentity(g, { ipp: { authority: elsewhere.organisation, number: 'G' } })
  const ask = await patients.as(registrar)
  expect((await ask('/patients/lookup', { body: number })).body).toEqual({ patientId: e })
  expect(problemOf(await linking(ask, e, g))).toEqual({ status: 404, code: 'patientUnknown' })
  const strange = await patients.as(elsewhere)
  expect(problemOf(await linking(strange, e, f))).toEqual({ status: 404, code: 'patientUnknown' })
  expect((await linking(ask, e, f)).status).toBe(200)
  await patients.shown()
  expect(problemOf(await undoing(strange, e, f))).toEqual({ status: 404, code: 'linkUnknown' })
  expect((await undoing(await patients.as({ ...registrar, role: 'infirmier' }), e, f)).status).toBe(404)
  expect((await undoing(ask, e, f)).status).toBe(204)
  // What they may say of numbers opens nothing else.
  expect((await ask(`/patients/${e}/circle`)).status).toBe(404)
})

test('what is known of two patients, under any of their numbers, may forbid to link them', async () => {
  const { patients, a, b, c, ask } = await openThree()
  const ins = { matricule: '241079900000182', oid: '1.2.250.1.213.1.4.8' }
  await patients.announceIdentity(a, { status: 'qualified', ins })
  await patients.announceIdentity(b, { status: 'validated' })
  const others = { matricule: '241079900000281', oid: '1.2.250.1.213.1.4.8' }
  await patients.announceIdentity(c, { status: 'qualified', ins: others, birthDate: '1950-01-01' })
  expect((await linking(ask, b, a, 'linked')).status).toBe(200)
  const refused = await linking(ask, b, c)
  expect(problemOf(refused)).toEqual({ status: 409, code: 'identitiesContradict' })
  expect(refused.body).toMatchObject({ contradictions: ['birthDate', 'ins'] })
  expect(await personOf(ask, c)).toMatchObject({ patientIds: [c] })
})

test('in a demonstration an operator links anybody, in production nobody', async () => {
  for (const [mode, status] of [
    ['demonstration', 200],
    ['production', 404],
  ] as const) {
    const { patients, a, b } = await openThree(mode)
    expect((await linking(await patients.as(operator), a, b)).status).toBe(status)
  }
})

test.each([
  ['POST', '/patients/links', { patientId: unknownPatient, otherId: unknownPatient, reason: 'merged', motive }],
  ['POST', `/patients/links/${unknownPatient}/undo`, { motive }],
  ['GET', '/patients/link-doubts', undefined],
  ['POST', `/patients/link-doubts/${unknownPatient}/decisions`, { messageId: unknownPatient, outcome: 'dismissed' }],
] as const)('%s %s asks for link:write', async (method, path, body) => {
  const patients = await openPatients()
  const ask = await patients.as({ ...registrar, scopes: ['pathway:read', 'circle:write'] })
  expect(problemOf(await ask(path, { method, body }))).toEqual({ status: 403, code: 'scopeMissing' })
})

test('a malformed request says where it is wrong, and repeats nothing', async () => {
  const patients = await openPatients()
  const ask = await patients.as(registrar)
  const answers = [
    await linking(ask, 'EGLANTINE', unknownPatient),
    await linking(ask, unknownPatient, unknownPatient, 'EGLANTINE'),
    await deciding(ask, unknownPatient, unknownPatient, 'EGLANTINE'),
    await ask('/patients/links/EGLANTINE/undo', { body: { motive } }),
    await ask(`/patients/links/${unknownPatient}/undo`, { body: { motive: '' } }),
    await ask('/patients/links', { body: { patientId: unknownPatient, otherId: unknownPatient, reason: 'merged' } }),
    await ask('/patients/link-doubts?limit=EGLANTINE'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400, 400])
  expect(JSON.stringify(answers.map(({ body }) => ({ ...body, instance: '' })))).not.toContain('EGLANTINE')
})
