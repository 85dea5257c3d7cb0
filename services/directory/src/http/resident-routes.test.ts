import { expect, test } from 'vitest'
import {
  carer,
  EHPAD,
  enter,
  INS,
  openDirectory,
  operator,
  otherCarer,
  positionIn,
  problemOf,
  zoe,
} from '../directory.fixture.ts'

test('a resident is on the register of the EHPAD, with room and identity', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(carer)
  const { residentId, answer } = await enter(ask)
  expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: { warnings: [] } })
  expect((await ask('/residents', { headers: positionIn(answer) })).body).toEqual({
    residents: [{ residentId, identity: zoe, room: '12', enteredAt: '2026-03-01T12:00:00.000Z', matches: [] }],
  })
})

test('the register is read page by page', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(carer)
  const ids = []
  let last
  for (let n = 0; n < 5; n += 1) {
    const { residentId, answer } = await enter(ask)
    ids.push(residentId)
    last = answer
  }
  const seen: string[] = []
  let after = ''
  for (let page = 0; page < 3; page += 1) {
    const { body } = await ask(`/residents?limit=2${after}`, { headers: last ? positionIn(last) : {} })
    seen.push(...body.residents.map(({ residentId }: { residentId: string }) => residentId))
    after = `&after=${body.next}`
    expect(body.next === undefined).toBe(page === 2)
  }
  expect(seen).toEqual(ids.toSorted())
})

test('moving, leaving and dying are for who is on the register', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(carer)
  const { residentId } = await enter(ask)
  const post = (what: string, body: object) => ask(`/residents/${residentId}/${what}`, { body })
  const moved = { room: '14', movedAt: '2026-03-02T12:00:00.000Z' }
  expect((await post('room', moved)).status).toBe(204)
  expect(problemOf(await post('exit', { leftAt: '2026-02-28T12:00:00.000Z' }))).toEqual({
    status: 422,
    code: 'beforeEntry',
  })
  const death = { leftAt: '2026-04-01T12:00:00.000Z' }
  const left = await post('death', death)
  expect(left.status).toBe(204)
  expect((await post('death', death)).status).toBe(204)
  expect(problemOf(await post('death', { leftAt: '2026-04-02T12:00:00.000Z' }))).toEqual({
    status: 409,
    code: 'residentDied',
  })
  expect(problemOf(await post('exit', death))).toEqual({ status: 409, code: 'residentDied' })
  expect(problemOf(await post('room', moved))).toEqual({ status: 409, code: 'residentDied' })
  expect((await ask('/residents', { headers: positionIn(left) })).body).toEqual({ residents: [] })
})

test('an EHPAD’s people touch their own register only: others’ residents are unknown to them', async () => {
  const directory = await openDirectory()
  const { residentId, answer } = await enter(await directory.as(carer))
  const ask = await directory.as(otherCarer)
  const patientId = crypto.randomUUID()
  const tries: [string, object, string?][] = [
    ['room', { room: '14', movedAt: '2026-03-02T12:00:00.000Z' }],
    ['exit', { leftAt: '2026-04-01T12:00:00.000Z' }],
    ['death', { leftAt: '2026-04-01T12:00:00.000Z' }],
    ['identity', zoe, 'PUT'],
    ['match', { patientId }],
    ['unmatch', { patientId }],
  ]
  for (const id of [residentId, crypto.randomUUID()])
    for (const [what, body, method] of tries)
      expect(problemOf(await ask(`/residents/${id}/${what}`, { body, ...(method ? { method } : {}) }))).toEqual({
        status: 404,
        code: 'residentUnknown',
      })
  expect(problemOf((await enter(ask, { residentId, identity: { ...zoe, givenNames: 'AUTRE' } })).answer)).toEqual({
    status: 404,
    code: 'residentUnknown',
  })
  const { db } = await directory.adapters.openViews<{ document: { owner: string } }>('vault')
  const documents = await db.selectFrom('document').select('owner').where('owner', '=', residentId).execute()
  expect(documents).toHaveLength(1)
  expect((await ask('/residents', { headers: positionIn(answer) })).body).toEqual({ residents: [] })
  const nobody = await directory.as({ ...operator, organisation: undefined })
  for (const path of ['/residents', '/residents/matches'])
    expect(problemOf(await nobody(path))).toEqual({ status: 403, code: 'ehpadMissing' })
})

test('the INS is kept with a qualified identity only, and only one that this folder may know', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(carer)
  const codeFor = async (identity: object) => problemOf((await enter(ask, { identity })).answer).code
  expect(await codeFor({ ...zoe, ins: { ...INS, matricule: '241079900000183' } })).toBe('insKeyWrong')
  expect(await codeFor({ ...zoe, ins: { ...INS, oid: '1.2.250.1.213.1.4.8' } })).toBe('insNotAllowed')
  const { ins: _, ...without } = zoe
  expect(await codeFor(without)).toBe('insMissing')
  const validated = await enter(ask, { identity: { ...zoe, status: 'validated' } })
  expect(validated.answer.body).toEqual({ warnings: ['insNotKept'] })
  const { body } = await ask('/residents', { headers: positionIn(validated.answer) })
  expect(body.residents.map(({ identity }: { identity: object }) => identity)).toEqual([
    { ...without, status: 'validated' },
  ])
})

test('an entry sent twice is one; another one under its id is refused', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(carer)
  const { residentId } = await enter(ask)
  expect((await enter(ask, { residentId })).answer.status).toBe(200)
  const other = await enter(ask, { residentId, enteredAt: '2026-03-02T12:00:00.000Z' })
  expect(problemOf(other.answer)).toEqual({ status: 409, code: 'residentPresent' })
  expect(await directory.named('ResidentEntered')).toHaveLength(1)
})

test('neither a name nor an INS is in a log line, in the log of events, or in a view', async () => {
  const directory = await openDirectory()
  await directory.knowPatient()
  const ask = await directory.as(carer)
  const { answer } = await enter(ask)
  await ask('/residents', { headers: positionIn(answer) })
  await directory.settled()
  const written: string[] = [...directory.lines]
  for await (const event of directory.store.readAll()) written.push(JSON.stringify(event))
  const { db } = await directory.adapters.openViews<Record<string, Record<string, unknown>>>('directory')
  for (const table of ['resident_entry', 'resident_identity', 'resident_match', 'resident_doubt', 'match_key'])
    written.push(JSON.stringify(await db.selectFrom(table).selectAll().execute()))
  const text = written.join('\n')
  expect(text).toContain(EHPAD)
  for (const secret of [INS.matricule, INS.matricule.slice(0, 13), 'GLANTINE', 'ZOÉ', '1941-07-09'])
    expect(text).not.toContain(secret)
})

test('a resident who was erased is on no page, and is not written about any more', async () => {
  const directory = await openDirectory()
  const ask = await directory.as(carer)
  const { residentId, answer } = await enter(ask)
  await directory.adapters.vault.forget(residentId)
  expect((await ask('/residents', { headers: positionIn(answer) })).body).toEqual({ residents: [] })
  expect(problemOf((await enter(ask, { residentId })).answer)).toEqual({ status: 410, code: 'residentForgotten' })
})
