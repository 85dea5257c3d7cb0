import { expect, test } from 'vitest'
import { FACILITY } from '../stays.fixture.ts'
import { admission, at, nurse, opening, openWard, problemOf, requestId } from './stay-routes.fixture.ts'

const { stays, ask, opened, moving, standingOf, factsOf } = await openWard()

test('an admission that a nurse writes is the fact that a message would have left', async () => {
  const answer = await ask('/stays', {
    body: { ...opening(), primaryPhysician: 'rpps:10100000002', referringPhysician: 'rpps:1' },
  })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('relais-position')).toMatch(/^[0-9a-f-]{36}:\d+$/)
  expect(answer.body.flags.map(({ path }: { path: string }) => path)).toEqual([
    '/primaryPhysician',
    '/referringPhysician',
  ])
  const facts = await factsOf(answer.body.stayId)
  expect(facts.map(({ type }) => type)).toEqual([
    'PatientAdmitted',
    'IdentityReported',
    'ParticipantsReported',
    'StandingChanged',
  ])
  expect(facts[0]).toMatchObject({
    metadata: { actor: { id: nurse.id, role: 'infirmier', organisation: FACILITY } },
    event: {
      data: {
        movement: {
          movementId: answer.body.movementId,
          effectiveAt: at('09:00'),
          reportedAt: '2026-11-03T08:00:00.000Z',
          nature: 'SH',
          facility: FACILITY,
          careWard: { facility: FACILITY, code: '4101', label: 'Cardiologie' },
          room: '12',
          bed: 'A',
        },
      },
    },
  })
  expect(await standingOf(answer.body.stayId)).toMatchObject({ status: 'present', hospitalisedAt: at('09:00') })
})

const kinds: [kind: string, movement: object, standing: object][] = [
  [
    'transfer',
    { careWard: { code: '4102' } },
    { wards: [{ facility: FACILITY, code: '4102', responsibility: 'care' }] },
  ],
  ['transfer', { room: '14', bed: 'B' }, { room: '14', bed: 'B', wards: [{ code: '4101' }] }],
  ['leave', {}, { status: 'onLeave', awaySince: at('12:00') }],
  ['return', {}, { status: 'present' }],
  ['toOutpatient', { patientClass: 'O' }, { patientClass: 'O' }],
  ['toInpatient', { patientClass: 'I' }, { patientClass: 'I' }],
  ['attendingChange', { attendingPhysician: 'rpps:10100000002' }, { attendingPhysician: 'rpps:10100000002' }],
  [
    'plannedTransfer',
    { plannedAt: at('18:00'), plannedWard: { code: '4102' } },
    { plannedTransfer: { at: at('18:00'), wards: [{ facility: FACILITY, code: '4102' }] } },
  ],
  ['plannedDischarge', { expectedDischargeAt: at('18:00') }, { expectedDischargeAt: at('18:00') }],
  [
    'plannedDischarge',
    { expectedDischargeAt: at('18:00'), discharge: { exitMode: '8', destinationKind: '6' } },
    { status: 'present', plannedDischarge: { exitMode: '8', destinationKind: '6' } },
  ],
  [
    'discharge',
    { discharge: { exitMode: '8' } },
    { status: 'discharged', dischargedAt: at('12:00'), discharge: { exitMode: '8' } },
  ],
  ['discharge', { discharge: { exitMode: '9' } }, { status: 'discharged', died: true }],
]
test.each(kinds)('%s %j', async (kind, details, standing) => {
  const { stayId } = await opened()
  const answer = await moving(stayId, { kind, effectiveAt: at('12:00'), ...details })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('relais-position')).not.toBeNull()
  expect(await standingOf(stayId)).toMatchObject(standing)
})

test.each([
  ['preadmission', { plannedAt: at('18:00') }],
  ['registration', {}],
])('a stay may open with a %s', async (kind, details) => {
  const { stayId } = await opened({ movement: { ...admission, kind, ...details } })
  const isExpected = kind === 'preadmission'
  expect(await standingOf(stayId)).toMatchObject(
    isExpected ? { status: 'expected', expectedAt: at('18:00') } : { status: 'present', arrivedAt: at('09:00') },
  )
  const planned = { ...admission, kind: 'plannedAdmission', plannedAt: at('19:00') }
  expect((await moving(stayId, planned)).status).toBe(201)
  expect((await moving(stayId, admission)).status).toBe(201)
  expect(await standingOf(stayId)).toMatchObject({ status: 'present', hospitalisedAt: at('09:00') })
})

test('no death is planned', async () => {
  const { stayId } = await opened()
  const planned = { kind: 'plannedDischarge', effectiveAt: at('12:00'), expectedDischargeAt: at('18:00') }
  const answer = await moving(stayId, { ...planned, discharge: { exitMode: '9' } })
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/movement/discharge/exitMode' }] } })
})

test('a request that is sent again is one act, and answered the same', async () => {
  const body = opening()
  const [first, again] = [await ask('/stays', { body }), await ask('/stays', { body })]
  expect({ status: again.status, body: again.body }).toEqual({ status: first.status, body: first.body })
  const { stayId } = first.body
  const moved = { body: { requestId: requestId(), movement: { kind: 'leave', effectiveAt: at('12:00') } } }
  const path = `/stays/${stayId}/movements`
  const once = await ask(path, moved)
  stays.clock.now = '2026-11-03T08:02:00.000Z'
  const twice = await ask(path, moved)
  expect(twice.body).toEqual(once.body)
  const act = { body: { requestId: requestId() } }
  const withdrawal = `/stays/${stayId}/movements/${once.body.movementId}/withdraw`
  stays.clock.now = '2026-11-03T08:05:00.000Z'
  expect((await ask(withdrawal, act)).status).toBe(200)
  expect((await ask(withdrawal, act)).status).toBe(200)
  expect((await factsOf(stayId)).map(({ type }) => type)).toEqual([
    'PatientAdmitted',
    'IdentityReported',
    'StandingChanged',
    'LeaveBegan',
    'StandingChanged',
    'MovementWithdrawn',
    'StandingChanged',
  ])
})

test('another act under an id that was used is refused', async () => {
  const { stayId } = await opened()
  const movement = { kind: 'leave', effectiveAt: at('12:00') }
  const id = requestId()
  await moving(stayId, movement, { requestId: id })
  const other = await moving(stayId, { ...movement, effectiveAt: at('13:00') }, { requestId: id })
  expect(problemOf(other)).toEqual({ status: 409, code: 'movementIdReused' })
})
