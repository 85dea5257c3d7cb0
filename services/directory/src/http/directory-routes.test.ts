import { expect, test } from 'vitest'
import {
  carer,
  clerk,
  type Directory,
  HOSPITAL,
  openDirectory,
  operator,
  positionIn,
  problemOf,
} from '../directory.fixture.ts'

const hospital = {
  entity: 'EG',
  category: '355',
  name: 'CENTRE HOSPITALIER D’ESSAI',
  address: { lines: ['1 RUE DES ÉRABLES'], postcode: '99100', cog: '99001', city: 'ESSAI-SUR-LOIRE' },
  zone: 'Europe/Paris',
}
const ward = { label: 'Gériatrie aiguë', phone: '0199000000', confidential: false }
const cabinet = { placeId: 'C1', name: 'CABINET DES TILLEULS', address: { lines: [], city: 'ESSAI-SUR-LOIRE' } }
const physician = { familyName: 'TEST-LEFÈVRE', givenName: 'Anne', profession: 'Médecin', places: [cabinet] }
const rpps = 'rpps:10002909371'

async function put(directory: Directory, path: string, body: unknown, as: object = operator) {
  return (await directory.as(as))(path, { method: 'PUT', body })
}

test('a facility is shown with its wards, as soon as whoever said it asks', async () => {
  const directory = await openDirectory()
  expect((await put(directory, `/directory/facilities/${HOSPITAL}`, hospital, clerk)).status).toBe(200)
  const defined = await put(directory, `/directory/facilities/${HOSPITAL}/wards/4101`, ward, clerk)
  expect(defined.status).toBe(204)
  const ask = await directory.as(carer)
  expect(await ask(`/directory/facilities/${HOSPITAL}`, { headers: positionIn(defined) })).toMatchObject({
    status: 200,
    body: { finess: HOSPITAL, ...hospital, wards: [{ code: '4101', ...ward }] },
  })
})

test('a number whose key is wrong is kept, and said', async () => {
  const directory = await openDirectory()
  expect((await put(directory, '/directory/facilities/990000011', hospital)).body).toEqual({
    doubts: [{ pointer: '/finess', reason: 'keyDoubtful' }],
  })
  expect((await put(directory, `/directory/facilities/${HOSPITAL}`, hospital)).body).toEqual({ doubts: [] })
  expect((await put(directory, '/directory/professionals/rpps:10102727017', physician)).body).toEqual({
    doubts: [{ pointer: '/professionalId', reason: 'keyDoubtful' }],
  })
  expect((await put(directory, `/directory/professionals/${rpps}`, physician)).body).toEqual({ doubts: [] })
})

test('admissions say what their own facility is, and nobody else’s', async () => {
  const directory = await openDirectory()
  const notYours = { status: 403, code: 'notYours' }
  const elsewhere = '/directory/facilities/990000036'
  await put(directory, elsewhere, hospital)
  const at = '2026-11-03T08:00:00.000Z'
  const onCall = {
    scope: 'finess:990000036',
    professionalId: rpps,
    phone: '0199000001',
    from: at,
    to: '2026-11-04T08:00:00.000Z',
  }
  for (const answer of [
    await put(directory, elsewhere, hospital, clerk),
    await put(directory, `${elsewhere}/wards/1`, ward, clerk),
    await put(directory, `/directory/facilities/${HOSPITAL}`, hospital, { ...clerk, role: 'infirmier' }),
    await (await directory.as(clerk))(elsewhere, { method: 'DELETE' }),
    await (await directory.as(clerk))(`${elsewhere}/wards/1`, { method: 'DELETE' }),
    await put(directory, `/directory/professionals/${rpps}`, physician, clerk),
    await put(directory, `/directory/on-call/${crypto.randomUUID()}`, onCall, clerk),
    await put(directory, `/directory/on-call/${crypto.randomUUID()}`, { ...onCall, scope: 'cpts:essai' }, clerk),
  ])
    expect(problemOf(answer)).toEqual(notYours)
})

test('admissions say who works in their facility, and leave other places as they are', async () => {
  const directory = await openDirectory()
  await put(directory, `/directory/professionals/${rpps}`, physician)
  const here = { ...cabinet, placeId: 'H1', name: 'CONSULTATIONS', finess: HOSPITAL }
  const path = `/directory/professionals/${rpps}`
  expect((await put(directory, path, { ...physician, places: [cabinet, here] }, clerk)).status).toBe(200)
  const moved = { ...physician, places: [{ ...cabinet, name: 'AILLEURS' }, here] }
  expect(problemOf(await put(directory, path, moved, clerk))).toEqual({ status: 403, code: 'notYours' })
  const renamed = { ...physician, familyName: 'AUTRE', places: [cabinet, here] }
  expect(problemOf(await put(directory, path, renamed, clerk))).toEqual({ status: 403, code: 'notYours' })
  const alone = { ...physician, places: [here] }
  expect(problemOf(await put(directory, path, alone, clerk))).toEqual({ status: 403, code: 'notYours' })
  expect((await put(directory, path, physician, clerk)).status).toBe(200)
})

test('a professional is shown with every place, without who said what', async () => {
  const directory = await openDirectory()
  const said = await put(directory, `/directory/professionals/${rpps}`, physician)
  const ask = await directory.as(carer)
  const { body } = await ask(`/directory/professionals/${rpps}`, { headers: positionIn(said) })
  expect(body).toEqual({ professionalId: rpps, ...physician })
})

test('a facility that has closed stays readable, is found no more, and takes no new ward', async () => {
  const directory = await openDirectory()
  const path = `/directory/facilities/${HOSPITAL}`
  await put(directory, path, hospital)
  const ask = await directory.as(operator)
  const closed = await ask(path, { method: 'DELETE' })
  const headers = positionIn(closed)
  expect((await ask(path, { headers })).body).toMatchObject({ closedAt: '2026-11-03T08:00:00.000Z', wards: [] })
  expect((await ask('/directory/search?q=essai', { headers })).body).toEqual({ found: [] })
  expect(problemOf(await put(directory, `${path}/wards/1`, ward))).toEqual({ status: 409, code: 'facilityClosed' })
  const again = await put(directory, path, hospital)
  expect((await ask(path, { headers: positionIn(again) })).body).not.toHaveProperty('closedAt')
  expect((await ask('/directory/search?q=essai', { headers: positionIn(again) })).body.found).toHaveLength(1)
})

test('who is on call is told for the time asked, its end not included', async () => {
  const directory = await openDirectory()
  const scope = `finess:${HOSPITAL}`
  const period = {
    scope,
    professionalId: rpps,
    phone: '0199000001',
    from: '2026-11-03T08:00:00.000Z',
    to: '2026-11-03T20:00:00.000Z',
  }
  const onCallId = crypto.randomUUID()
  const set = await put(directory, `/directory/on-call/${onCallId}`, period, clerk)
  const ask = await directory.as(clerk)
  const at = async (instant: string, headers = positionIn(set)) =>
    (await ask(`/directory/on-call?scope=${scope}&at=${instant}`, { headers })).body.periods
  expect(await at('2026-11-03T08:00:00.000Z')).toEqual([{ onCallId, ...period }])
  expect(await at('2026-11-03T07:59:59.999Z')).toEqual([])
  expect(await at('2026-11-03T20:00:00.000Z')).toEqual([])
  const withdrawn = await ask(`/directory/on-call/${onCallId}`, { method: 'DELETE' })
  expect(await at('2026-11-03T08:00:00.000Z', positionIn(withdrawn))).toEqual([])
  const reversed = { ...period, to: period.from }
  expect(problemOf(await put(directory, `/directory/on-call/${crypto.randomUUID()}`, reversed))).toEqual({
    status: 422,
    code: 'periodReversed',
  })
})

test('what nobody knows is answered 404, and a cursor that was made up 400', async () => {
  const ask = await (await openDirectory()).as(operator)
  const codes = []
  for (const [path, method] of [
    ['/directory/facilities/990000044', 'GET'],
    ['/directory/facilities/990000044', 'DELETE'],
    ['/directory/professionals/rpps:10000023084', 'GET'],
    [`/directory/on-call/${crypto.randomUUID()}`, 'DELETE'],
    ['/directory/search?q=essai&after=nowhere', 'GET'],
  ] as const)
    codes.push(problemOf(await ask(path, { method })))
  expect(codes).toEqual([
    { status: 404, code: 'facilityUnknown' },
    { status: 404, code: 'facilityUnknown' },
    { status: 404, code: 'professionalUnknown' },
    { status: 404, code: 'onCallUnknown' },
    { status: 400, code: 'cursorUnknown' },
  ])
})

test.each(['directory:read', 'directory:write', 'resident:write'])(
  'without the scope %s its routes are closed',
  async (scope) => {
    const directory = await openDirectory()
    const ask = await directory.as({
      ...operator,
      organisation: '990000028',
      scopes: operator.scopes.filter((other) => other !== scope),
    })
    const answer = {
      'directory:read': () => ask('/directory/search?q=essai'),
      'directory:write': () =>
        put(directory, `/directory/facilities/${HOSPITAL}`, hospital, { ...operator, scopes: ['directory:read'] }),
      'resident:write': () => ask('/residents'),
    }[scope]
    expect((await answer?.())?.status).toBe(403)
  },
)
