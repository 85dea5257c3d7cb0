import { describe, expect, test } from 'vitest'
import { ELSEWHERE } from '../stays.fixture.ts'
import {
  admission,
  at,
  clerk,
  identity,
  nurse,
  opening,
  openWard,
  problemOf,
  requestId,
  unknown,
} from './stay-routes.fixture.ts'

const { stays, ask, opened, moving, factsOf } = await openWard()

describe('refusals of the decider', () => {
  test('of a movement that is not there', async () => {
    const { stayId } = await opened()
    for (const [act, body] of [
      ['correct', { movement: admission }],
      ['withdraw', {}],
    ] as const) {
      const refused = await ask(`/stays/${stayId}/movements/${unknown}/${act}`, {
        body: { requestId: requestId(), ...body },
      })
      expect(problemOf(refused)).toEqual({ status: 404, code: 'movementUnknown' })
    }
  })

  test('of a movement of another kind', async () => {
    const { stayId, movementId } = await opened()
    const body = { requestId: requestId(), movement: { kind: 'leave', effectiveAt: at('12:00') } }
    const refused = await ask(`/stays/${stayId}/movements/${movementId}/correct`, { body })
    expect(problemOf(refused)).toEqual({ status: 409, code: 'triggerMismatch' })
  })

  test('of a visit number of another patient', async () => {
    const body = opening()
    await ask('/stays', { body })
    const refused = await ask('/stays', { body: { ...body, requestId: requestId(), patient: { ipp: '900777' } } })
    expect(problemOf(refused)).toEqual({ status: 409, code: 'patientMismatch' })
  })

  test('of a movement that was withdrawn and is announced again', async () => {
    const { stayId } = await opened()
    const movement = { kind: 'leave', effectiveAt: at('12:00') }
    const { movementId } = (await moving(stayId, movement, { movementNumber: 'L1' })).body
    await ask(`/stays/${stayId}/movements/${movementId}/withdraw`, { body: { requestId: requestId() } })
    stays.clock.now = '2026-11-03T09:00:00.000Z'
    const again = await moving(stayId, movement, { movementNumber: 'L1' })
    expect(problemOf(again)).toEqual({ status: 409, code: 'movementWithdrawn' })
  })
})

describe('who may write', () => {
  const asks = (stayId: string, movementId: string) =>
    [
      [`/stays/${stayId}`, {}],
      [
        `/stays/${stayId}/movements`,
        { body: { requestId: requestId(), movement: { kind: 'leave', effectiveAt: at('12:00') } } },
      ],
      [`/stays/${stayId}/movements/${movementId}/correct`, { body: { requestId: requestId(), movement: admission } }],
      [`/stays/${stayId}/movements/${movementId}/withdraw`, { body: { requestId: requestId() } }],
      [`/stays/${stayId}/confidentiality`, { method: 'PUT', body: { confidential: false } }],
      [`/stays/${stayId}/identity`, { body: { requestId: requestId(), patient: { ipp: '900001' }, identity } }],
      [`/stays/${stayId}/patient`, { body: { requestId: requestId(), patient: { ipp: '900002' }, identity } }],
    ] as const

  test.each([
    ['of another establishment', { ...clerk, organisation: ELSEWHERE }],
    ['of another ward', { ...nurse, wards: ['4199'] }],
    ['of a ward of the same code elsewhere', { ...nurse, organisation: ELSEWHERE }],
    ['of no establishment', { ...nurse, organisation: undefined }],
  ])('a stay is answered to somebody %s as one that does not exist', async (_, who) => {
    const { stayId, movementId } = await opened()
    const before = (await factsOf(stayId)).length
    const other = await stays.ask(who)
    const [known, none] = [asks(stayId, movementId), asks(unknown, movementId)]
    for (const [index, [path, asked]] of known.entries()) {
      // A correction that names one's own ward is no way in either: `4101` is not theirs.
      const [answer, nothing] = [await other(path, asked), await other(none[index]?.[0] ?? '', asked)]
      expect(problemOf(answer)).toEqual({ status: 404, code: 'stayUnknown' })
      expect({ ...answer.body, instance: '' }).toEqual({ ...nothing.body, instance: '' })
    }
    expect((await factsOf(stayId)).length).toBe(before)
  })

  test('the admissions office writes for every ward of its establishment, a nurse for her own', async () => {
    const elsewhere = { ...opening(), movement: { ...admission, careWard: { code: '4102' } } }
    expect(problemOf(await ask('/stays', { body: elsewhere }))).toEqual({ status: 403, code: 'notYourWard' })
    const office = await stays.ask(clerk)
    expect((await office('/stays', { body: elsewhere })).status).toBe(201)
    const nobody = await stays.ask({ ...nurse, organisation: undefined })
    expect(problemOf(await nobody('/stays', { body: opening() }))).toEqual({
      status: 403,
      code: 'establishmentMissing',
    })
  })

  test('a ward that receives a patient says so', async () => {
    const { stayId } = await opened()
    const receiving = await stays.ask({ ...nurse, wards: ['4102'] })
    expect(problemOf(await receiving(`/stays/${stayId}`))).toEqual({ status: 404, code: 'stayUnknown' })
    const movement = { kind: 'transfer', effectiveAt: at('12:00'), careWard: { code: '4102' } }
    const body = { requestId: requestId(), movement }
    expect((await receiving(`/stays/${stayId}/movements`, { body })).status).toBe(201)
    expect((await receiving(`/stays/${stayId}`)).status).toBe(200)
  })

  test('every route asks for stay:write', async () => {
    const without = await stays.ask({ ...nurse, scopes: ['pathway:read', 'message:send'] })
    for (const [path, asked] of [['/stays', { body: opening() }] as const, ...asks(unknown, unknown)])
      expect(problemOf(await without(path, asked))).toEqual({ status: 403, code: 'scopeMissing' })
  })
})

test('a malformed body says where it is wrong, and not what was in it', async () => {
  const written = { ...opening(), identity: { ...identity, birthDate: '9 juillet 1941', nickname: 'ZOÉ' } }
  const answer = await ask('/stays', { body: written })
  expect(problemOf(answer)).toEqual({ status: 400, code: 'invalidBody' })
  expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toContain('/identity/birthDate')
  expect(JSON.stringify(answer.body)).not.toMatch(/ZOÉ|nickname|juillet/)
})
