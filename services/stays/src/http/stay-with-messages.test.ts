import { describe, expect, test } from 'vitest'
import { admission, at, here, opening, openWard, requestId } from './stay-routes.fixture.ts'

const { stays, ask, opened, moving, standingOf, factsOf } = await openWard()

describe('on one stay with messages', () => {
  const message = { visit: 'V900001', ipp: '900002', movement: 'M1', ward: '4101', trigger: 'A01' }
  const theirs = { patient: { ipp: '900002' }, visitNumber: 'V900001' }

  test('a ward goes on where a message began, and a message where a ward did', async () => {
    expect(await stays.send(message, here)).toMatchObject({ code: 'AA' })
    const first = (await stays.facts()).findLast(({ type }) => type === 'PatientAdmitted')
    const stayId = first?.routing['stayId'] ?? ''
    const left = await moving(stayId, { kind: 'leave', effectiveAt: at('15:00') }, { movementNumber: 'M2' })
    expect(left.status).toBe(201)
    const cancelled = { ...message, trigger: 'A52', movement: 'M2', controlId: 'LEAVE', recorded: '20261103103000' }
    expect(await stays.send(cancelled, here)).toMatchObject({ code: 'AA' })
    expect(await standingOf(stayId)).toMatchObject({ status: 'present' })
    const again = await ask('/stays', { body: { ...opening(), ...theirs, movementNumber: 'OTHER' } })
    expect(again.body.stayId).toBe(stayId)
  })

  test('a ward corrects and withdraws what a message said', async () => {
    const said = { ...message, visit: 'V900003', movement: 'M3', controlId: 'THREE' }
    await stays.send(said, here)
    const fact = (await stays.facts()).findLast(({ type }) => type === 'PatientAdmitted')
    const stayId = fact?.routing['stayId'] ?? ''
    const [{ movement, kind }] = (await ask(`/stays/${stayId}`)).body.movements
    const path = `/stays/${stayId}/movements/${movement.movementId}`
    const whole = { kind, effectiveAt: at('11:00'), patientClass: movement.patientClass, careWard: { code: '4101' } }
    const corrected = await ask(`${path}/correct`, { body: { requestId: requestId(), movement: whole } })
    expect(corrected).toMatchObject({ status: 200, body: { flags: [] } })
    expect(await standingOf(stayId)).toMatchObject({ arrivedAt: at('11:00') })
    expect(await ask(`${path}/withdraw`, { body: { requestId: requestId() } })).toMatchObject({ status: 200 })
    expect(await standingOf(stayId)).toMatchObject({ status: 'withdrawn' })
    const late = await ask(`${path}/correct`, { body: { requestId: requestId(), movement: { ...whole, room: '3' } } })
    expect(late.body.flags).toEqual([{ code: 'movementAlreadyWithdrawn', path: 'ZBE-1' }])
  })
})

test('what a ward says counts after what was said before, also by a clock that is ahead, or when clocks move backwards', async () => {
  // The hospital's software is a day ahead of the platform.
  const ahead = { visit: 'V900005', ipp: '900005', ward: '4101', recorded: '20261104090000' }
  await stays.send({ ...ahead, trigger: 'A05', movement: 'M5', controlId: 'PRE' }, here)
  await stays.send({ ...ahead, trigger: 'A01', movement: 'M6', controlId: 'FIVE' }, here)
  const stayId = (await stays.facts()).findLast(({ type }) => type === 'PatientAdmitted')?.routing['stayId'] ?? ''
  const { movements } = (await ask(`/stays/${stayId}`)).body
  const { movementId } = movements.at(-1).movement
  const path = `/stays/${stayId}/movements/${movementId}`
  const whole = { ...admission, effectiveAt: at('11:00') }
  const corrected = await ask(`${path}/correct`, { body: { requestId: requestId(), movement: whole } })
  expect(corrected.body.flags).toEqual([])
  expect(await standingOf(stayId)).toMatchObject({ arrivedAt: at('11:00') })

  stays.clock.now = '2026-11-03T07:00:00.000Z'
  const again = { ...admission, effectiveAt: at('11:30') }
  expect((await ask(`${path}/correct`, { body: { requestId: requestId(), movement: again } })).body.flags).toEqual([])
  expect(await standingOf(stayId)).toMatchObject({ arrivedAt: at('11:30') })
  expect((await ask(`${path}/withdraw`, { body: { requestId: requestId() } })).status).toBe(200)
  expect(await standingOf(stayId)).toMatchObject({ status: 'withdrawn' })
  expect((await moving(stayId, admission)).status).toBe(201)
  expect(await standingOf(stayId)).toMatchObject({ status: 'present' })
})

test('a correction that says nothing of it does not make a protected presence known', async () => {
  const protectedStay = {
    visit: 'V900004',
    ipp: '900004',
    movement: 'M4',
    controlId: 'FOUR',
    trigger: 'A01',
    protection: 'Y',
  }
  await stays.send(protectedStay, here)
  const fact = (await stays.facts()).findLast(({ type }) => type === 'PatientAdmitted')
  const stayId = fact?.routing['stayId'] ?? ''
  const { standing, movements } = (await ask(`/stays/${stayId}`)).body
  expect(standing.confidential).toBe(true)
  const [{ movement }] = movements
  const whole = { ...admission, patientClass: movement.patientClass, effectiveAt: at('11:00') }
  const path = `/stays/${stayId}/movements/${movement.movementId}/correct`
  expect((await ask(path, { body: { requestId: requestId(), movement: whole } })).status).toBe(200)
  expect(await standingOf(stayId)).toMatchObject({ confidential: true, arrivedAt: at('11:00') })
})

test('a stay is made confidential, and released', async () => {
  const { stayId } = await opened()
  const path = `/stays/${stayId}/confidentiality`
  const hide = { method: 'PUT', body: { confidential: true, reason: 'patientRequest' } }
  const hidden = await ask(path, hide)
  expect(hidden.status).toBe(204)
  expect(hidden.headers.get('relais-position')).not.toBeNull()
  expect((await ask(path, hide)).status).toBe(204)
  expect(await standingOf(stayId)).toMatchObject({ confidential: true })
  expect((await ask(path, { method: 'PUT', body: { confidential: false } })).status).toBe(204)
  expect(await standingOf(stayId)).toMatchObject({ confidential: false })
  const types = (await factsOf(stayId)).map(({ type }) => type)
  expect(types.filter((type) => type === 'ConfidentialityChanged')).toHaveLength(2)
})
