import { insKeyOf } from '@relais/hl7v2/checks'
import { beforeAll, describe, expect, test } from 'vitest'
import { ELSEWHERE, FACILITY, openStays, senderAt, type Stays } from '../stays.fixture.ts'

type Asking = Awaited<ReturnType<Stays['ask']>>
type Answer = Awaited<ReturnType<Asking>>

const here = { address: '10.0.0.1' }
const scopes = ['stay:write']
const nurse = { id: 'rpps:10100000001', role: 'infirmier', organisation: FACILITY, wards: ['4101'], scopes }
const clerk = { id: 'ch-essai:martin', role: 'admissions', organisation: FACILITY, scopes }
const unknown = '00000000-0000-4000-8000-000000000000'
const at = (time: string) => `2026-11-02T${time}:00.000Z`

let requests = 0
const requestId = () => `00000000-0000-4000-9000-${String((requests += 1)).padStart(12, '0')}`

const identity = {
  birthName: 'TEST-ÉGLANTINE',
  givenName: 'ZOÉ',
  birthDate: '1941-07-09',
  sex: 'F',
  reliability: ['PROV'],
}
const admission = {
  kind: 'admission',
  effectiveAt: at('09:00'),
  patientClass: 'I',
  careWard: { code: '4101', label: 'Cardiologie' },
}
const opening = () => ({
  requestId: requestId(),
  patient: { ipp: '900001' },
  identity,
  visitNumber: `W${requests}`,
  movement: { ...admission, room: '12', bed: 'A' },
})

const problemOf = ({ status, body }: Answer) => ({ status, code: body.type?.replace('urn:relais:problem:', '') })

let stays: Stays
let ask: Asking
beforeAll(async () => {
  stays = await openStays({ senders: [senderAt(here.address)] })
  ask = await stays.ask(nurse)
})

async function opened(details: object = {}): Promise<{ stayId: string; movementId: string; patientId: string }> {
  const answer = await ask('/stays', { body: { ...opening(), ...details } })
  expect(answer.status).toBe(201)
  return answer.body
}
const moving = (stayId: string, movement: object, details: object = {}) =>
  ask(`/stays/${stayId}/movements`, { body: { requestId: requestId(), movement, ...details } })
const standingOf = async (stayId: string) => (await ask(`/stays/${stayId}`)).body.standing
const factsOf = async (stayId: string) => (await stays.facts()).filter(({ routing }) => routing['stayId'] === stayId)

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

test('who the patient is stays in the vault, and nowhere else', async () => {
  const { stayId } = await opened()
  const reported = (await factsOf(stayId)).find(({ type }) => type === 'IdentityReported')?.event
  const kept =
    reported && 'identity' in reported.data
      ? await stays.adapters.vault.get(reported.data.identity.documentId)
      : undefined
  const bytes = kept === undefined || kept === 'forgotten' ? new Uint8Array() : kept.bytes
  expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({
    ...identity,
    ipp: { authority: FACILITY, number: '900001' },
    status: 'provisional',
  })
  const stored: string[] = []
  for await (const { data, metadata } of stays.store.readAll()) stored.push(JSON.stringify([data, metadata]))
  for (const value of ['GLANTINE', 'ZO\\u00c9', 'ZOÉ', '1941']) expect(stored.join('')).not.toContain(value)
  expect(stays.lines.join('')).not.toContain('GLANTINE')
})

describe('an INS is carried as one of a message is', () => {
  const [body, key] = ['2410799000001', insKeyOf('2410799000001') ?? '']
  const wrongKey = key === '01' ? '02' : '01'
  const ins = { matricule: `${body}${key}`, oid: '1.2.250.1.213.1.4.10' }
  const identityOf = async (written: object) => {
    const answer = await ask('/stays', { body: { ...opening(), identity: { ...identity, ...written } } })
    const reported = (await factsOf(answer.body.stayId)).find(({ type }) => type === 'IdentityReported')?.event
    const kept =
      reported && 'identity' in reported.data
        ? await stays.adapters.vault.get(reported.data.identity.documentId)
        : undefined
    const bytes = kept === undefined || kept === 'forgotten' ? new Uint8Array() : kept.bytes
    const { status, ins: carried } = JSON.parse(new TextDecoder().decode(bytes))
    return { status, carried, flags: answer.body.flags.map(({ code }: { code: string }) => code) }
  }

  test.each([
    ['validated, with the right key', { reliability: ['VALI'], ins }, 'qualified', true, []],
    ['provisional', { reliability: ['PROV'], ins }, 'retrieved', false, ['insNotQualified']],
    ['of a sex that is not known', { reliability: ['VALI'], sex: 'U', ins }, 'validated', false, ['insNotQualified']],
    [
      'with a wrong key',
      { reliability: ['VALI'], ins: { ...ins, matricule: `${body}${wrongKey}` } },
      'validated',
      false,
      ['insKeyWrong'],
    ],
    [
      'of an unknown kind',
      { reliability: ['VALI'], ins: { ...ins, oid: '1.2.3' } },
      'validated',
      false,
      ['insOidUnknown'],
    ],
  ])('%s', async (...[, written, status, isCarried, flags]) => {
    const { carried, ...found } = await identityOf(written)
    expect(found).toEqual({ status, flags })
    expect(carried).toEqual(isCarried ? ins : undefined)
  })

  test('a real one is refused in a demonstration, and nothing is kept', async () => {
    const before = (await stays.facts()).length
    const real = { ...identity, ins: { ...ins, oid: '1.2.250.1.213.1.4.8' } }
    const refused = await ask('/stays', { body: { ...opening(), identity: real } })
    expect(problemOf(refused)).toEqual({ status: 422, code: 'identityNotAllowedHere' })
    expect((await stays.facts()).length).toBe(before)
  })
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
