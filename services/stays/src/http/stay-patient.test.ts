import { ReportedIdentity } from '@relais/contracts/patients'
import { insKeyOf } from '@relais/hl7v2/checks'
import { expect, test } from 'vitest'
import { identity, here, openWard, problemOf, requestId } from './stay-routes.fixture.ts'

const { stays, ask, opened, moving, standingOf, factsOf } = await openWard()

const matricule = `2410799000001${insKeyOf('2410799000001') ?? ''}`
const ins = { matricule, oid: '1.2.250.1.213.1.4.10' }
const patient = (ipp: string) => ({ ipp })
const saying = (details: object) => ({ requestId: requestId(), patient: patient('900001'), identity, ...details })

/** Each identity that was reported of a stay, with whose it is. */
async function identitiesOf(stayId: string) {
  const reported = (await factsOf(stayId)).flatMap(({ event }) =>
    event?.type === 'IdentityReported' ? [event.data] : [],
  )
  return Promise.all(
    reported.map(async ({ patientId, identity: ref }) => {
      const kept = await stays.adapters.vault.get(ref.documentId)
      if (kept === undefined || kept === 'forgotten') throw new Error('The identity is gone')
      return { patientId, ...ReportedIdentity.parse(JSON.parse(new TextDecoder().decode(kept.bytes))) }
    }),
  )
}

test('who the patient is may be said anew, without a movement; sent again, it is one act', async () => {
  const { stayId, patientId } = await opened()
  const body = saying({ identity: { ...identity, birthName: 'TEST-AUBÉPINE' } })
  const answer = await ask(`/stays/${stayId}/identity`, { body })
  expect(answer).toMatchObject({ status: 200, body: { flags: [] } })
  expect(answer.headers.get('relais-position')).not.toBeNull()
  expect(await ask(`/stays/${stayId}/identity`, { body })).toMatchObject({ status: 200 })
  expect(await identitiesOf(stayId)).toMatchObject([
    { patientId, birthName: 'TEST-ÉGLANTINE' },
    { patientId, birthName: 'TEST-AUBÉPINE' },
  ])
})

test('an INS is retrieved, doubted, and carried no longer', async () => {
  const { stayId } = await opened()
  const say = (details: object) =>
    ask(`/stays/${stayId}/identity`, { body: saying({ identity: { ...identity, ...details } }) })
  expect((await say({ reliability: ['VALI'], ins })).body.flags).toEqual([])
  expect((await say({ reliability: ['PROV'], ins })).body.flags).toEqual([
    { code: 'insNotQualified', path: '/identity/ins' },
  ])
  expect((await say({ reliability: ['DOUT'] })).body.flags).toEqual([])
  const known = await identitiesOf(stayId)
  expect(known.map(({ status, ins: carried }) => [status, carried])).toEqual([
    ['provisional', undefined],
    ['qualified', ins],
    ['retrieved', undefined],
    ['provisional', undefined],
  ])
})

test('an identity of another patient is no identity of this one, and makes nobody known', async () => {
  const { stayId } = await opened()
  const refused = await ask(`/stays/${stayId}/identity`, { body: saying({ patient: patient('900555') }) })
  expect(problemOf(refused)).toEqual({ status: 409, code: 'patientMismatch' })
  const { vault } = stays.adapters
  expect(await vault.resolve('patient', { authority: '990000010', number: '900555' })).toBeUndefined()
})

test('a stay of the wrong patient is given to the right one, whole, and back', async () => {
  const { stayId, patientId } = await opened()
  await moving(stayId, { kind: 'transfer', effectiveAt: '2026-11-02T12:00:00.000Z', room: '14' })
  const before = await standingOf(stayId)
  const right = saying({ patient: patient('900002'), identity: { ...identity, birthName: 'TEST-AUTRE' } })
  const given = await ask(`/stays/${stayId}/patient`, { body: right })
  expect(given).toMatchObject({ status: 200, body: { flags: [] } })
  expect(given.headers.get('relais-position')).not.toBeNull()
  expect(given.body.patientId).not.toBe(patientId)
  expect((await ask(`/stays/${stayId}/patient`, { body: right })).body).toEqual(given.body)
  const { patientId: owner, standing } = (await ask(`/stays/${stayId}`)).body
  expect({ owner, standing }).toEqual({ owner: given.body.patientId, standing: before })
  expect((await identitiesOf(stayId)).at(-1)).toMatchObject({ patientId: owner, birthName: 'TEST-AUTRE' })

  const back = await ask(`/stays/${stayId}/patient`, { body: saying({}) })
  expect(back.body.patientId).toBe(patientId)
  const types = (await factsOf(stayId)).map(({ type }) => type)
  expect(types.filter((type) => type === 'StayMovedToPatient')).toHaveLength(2)
})

test('what a message says of the right patient is of the stay that a ward gave to him or her', async () => {
  const message = { visit: 'V900010', ipp: '900010', movement: 'M1', ward: '4101', trigger: 'A01' }
  await stays.send({ ...message, controlId: 'WRONG' }, here)
  const fact = (await stays.facts()).findLast(({ type }) => type === 'PatientAdmitted')
  const stayId = fact?.routing['stayId'] ?? ''
  await ask(`/stays/${stayId}/patient`, { body: saying({ patient: patient('900011') }) })
  const leave = { ...message, ipp: '900011', movement: 'M2', trigger: 'A21', recorded: '20261103120000' }
  expect(await stays.send({ ...leave, controlId: 'RIGHT' }, here)).toMatchObject({ code: 'AA' })
  expect(await standingOf(stayId)).toMatchObject({ status: 'onLeave' })
})

test.each(['identity', 'patient'])('a real INS is refused in a demonstration: /%s', async (what) => {
  const { stayId } = await opened()
  const before = (await stays.facts()).length
  const real = { ...identity, ins: { ...ins, oid: '1.2.250.1.213.1.4.8' } }
  const refused = await ask(`/stays/${stayId}/${what}`, { body: saying({ identity: real }) })
  expect(problemOf(refused)).toEqual({ status: 422, code: 'identityNotAllowedHere' })
  expect((await stays.facts()).length).toBe(before)
})
