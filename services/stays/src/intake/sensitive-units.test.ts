import { type FacilityEvent, facilityEvents } from '@relais/contracts/directory'
import { stayEvents } from '@relais/contracts/stays'
import { recorder } from '@relais/runtime/adapters.fixture'
import { expect, test } from 'vitest'
import { FACILITY, loopback, openStays, senderAt } from '../stays.fixture.ts'

const stay = { ipp: '501', visit: 'V501' }
const admission = { ...stay, movement: 'M1' }
const nurse = { id: 'rpps:10100000001', role: 'admissions', organisation: FACILITY, scopes: ['stay:write'] }

async function opened(details: object = {}) {
  const stays = await openStays({ senders: [senderAt(loopback.address, details)] })
  const { adapters, store } = stays
  const record = recorder({ store, keyring: adapters.vault, now: adapters.now })
  /** What the directory says of a ward, known here by the time this resolves. */
  const declare = async (code: string, confidential: boolean) => {
    const data = { keyOwner: 'directory' as const, finess: FACILITY, code, ward: { label: 'Unité', confidential } }
    await record<FacilityEvent>(facilityEvents, { type: 'WardDefined', data }, { owner: crypto.randomUUID() })
    await stays.settled()
    await stays.settled()
  }
  /** What was said of confidentiality, and what the stay now is. */
  const told = async () => {
    await stays.settled()
    const facts = (await stays.facts()).filter(({ stream }) => stream.startsWith(`${stayEvents.category}-`))
    const reasons = facts.flatMap(({ event }) =>
      event && 'reason' in event.data && 'confidential' in event.data ? [event.data.reason] : [],
    )
    const last = facts.findLast(({ type }) => type === 'StandingChanged')?.event
    return { reasons, confidential: last && 'standing' in last.data ? last.data.standing.confidential : undefined }
  }
  return { ...stays, stays, declare, told }
}

/** Where a hospital says that a ward keeps its stays to itself. */
const sources = [
  ['the configuration', { sensitiveWards: [`${FACILITY}:4102`] }, false],
  ['the directory', {}, true],
] as const

test.each(sources)(
  'a ward that %s calls sensitive keeps a stay to itself, without anybody asking',
  async (...source) => {
    const [, details, isDeclared] = source
    const { send, told, declare, facts } = await opened(details)
    if (isDeclared) await declare('4102', true)
    expect(await send({ ...admission, ward: '4102' })).toMatchObject({ code: 'AA' })
    expect(await told()).toEqual({ reasons: ['sensitiveUnit'], confidential: true })
    const types = (await facts()).map(({ type }) => type)
    expect(types.indexOf('ConfidentialityChanged')).toBeLessThan(types.indexOf('PatientAdmitted'))
  },
)

test.each(sources)(
  'a stay that went through a ward that %s calls sensitive is kept until it is released',
  async (...source) => {
    const [, details, isDeclared] = source
    const { send, told, declare } = await opened(details)
    if (isDeclared) await declare('4102', true)
    await send({ ...admission, ward: '4101' })
    expect(await told()).toEqual({ reasons: [], confidential: false })
    await send({ ...stay, trigger: 'A02', movement: 'M2', ward: '4102', effective: '20261121100000' })
    await send({ ...stay, trigger: 'A02', movement: 'M3', ward: '4101', effective: '20261122100000' })
    expect(await told()).toEqual({ reasons: ['sensitiveUnit'], confidential: true })
  },
)

test.each(sources)('a message that says that it need not be kept is believed, whatever %s says', async (...source) => {
  const [, details, isDeclared] = source
  const { send, told, declare } = await opened(details)
  if (isDeclared) await declare('4102', true)
  await send({ ...admission, ward: '4102', protection: 'N' })
  expect(await told()).toEqual({ reasons: [], confidential: false })
})

test('what a nurse writes is kept to a sensitive ward like what a message says', async () => {
  const { stays, told, declare } = await opened()
  await declare('4102', true)
  const ask = await stays.ask(nurse)
  const effectiveAt = '2026-11-02T09:00:00.000Z'
  const written = (code: string) => ({ effectiveAt, careWard: { code } })
  const opening = { patient: { ipp: '1' }, identity: { reliability: ['PROV'] } }
  const movement = { kind: 'admission', patientClass: 'I', ...written('4101') }
  const { body } = await ask('/stays', { body: { ...opening, requestId: crypto.randomUUID(), movement } })
  expect(await told()).toEqual({ reasons: [], confidential: false })
  const transfer = { kind: 'transfer', ...written('4102'), effectiveAt: '2026-11-02T12:00:00.000Z' }
  await ask(`/stays/${body.stayId}/movements`, { body: { requestId: crypto.randomUUID(), movement: transfer } })
  expect(await told()).toEqual({ reasons: ['sensitiveUnit'], confidential: true })
  const types = (await stays.facts()).map(({ type }) => type)
  expect(types.indexOf('ConfidentialityChanged')).toBeLessThan(types.indexOf('PatientTransferred'))
})

test('a ward that is declared sensitive keeps the open stays there to itself at once', async () => {
  const { send, told, declare } = await opened()
  await send({ ...admission, ward: '4102' })
  await declare('4103', true)
  expect(await told()).toEqual({ reasons: [], confidential: false })
  await declare('4102', true)
  expect(await told()).toEqual({ reasons: ['sensitiveUnit'], confidential: true })
})

test.each([
  ['is over', [{ ...stay, trigger: 'A03', movement: 'M2', ward: '4102', effective: '20261102120000' }]],
  ['has gone elsewhere', [{ ...stay, trigger: 'A02', movement: 'M2', ward: '4101', effective: '20261102120000' }]],
  ['was withdrawn', [{ ...stay, trigger: 'A11', movement: 'M1', ward: '4102', recorded: '20261102120000' }]],
])('a stay that %s when the ward is declared stays as it was', async (_, messages) => {
  const { send, told, declare } = await opened()
  for (const message of [{ ...admission, ward: '4102' }, ...messages]) await send(message)
  await declare('4102', true)
  expect(await told()).toEqual({ reasons: [], confidential: false })
})

test('whoever released a stay, or said that it need not be kept, is believed when the ward is declared afterwards', async () => {
  const { stays, send, told, declare } = await opened()
  await send({ ...admission, ward: '4102' })
  const stayId = (await stays.facts()).find(({ type }) => type === 'PatientAdmitted')?.routing['stayId'] ?? ''
  const ask = await stays.ask(nurse)
  const say = (body: object) => ask(`/stays/${stayId}/confidentiality`, { method: 'PUT', body })
  await say({ confidential: true, reason: 'patientRequest' })
  await say({ confidential: false })
  await declare('4102', true)
  expect(await told()).toEqual({ reasons: ['patientRequest', 'released'], confidential: false })

  const said = await opened()
  await said.send({ ...admission, ward: '4102', protection: 'N' })
  await said.declare('4102', true)
  expect(await said.told()).toEqual({ reasons: [], confidential: false })
})

test('a ward that is sensitive no longer keeps no new stay, and gives none free', async () => {
  const { send, told, declare } = await opened()
  await declare('4102', true)
  await send({ ...admission, ward: '4102' })
  await declare('4102', false)
  expect(await told()).toEqual({ reasons: ['sensitiveUnit'], confidential: true })
  await send({ ipp: '502', visit: 'V502', movement: 'M502', ward: '4102', controlId: 'OTHER' })
  expect(await told()).toMatchObject({ confidential: false })
})

test('a stay that began while its ward was being declared is kept all the same', async () => {
  const { stays, told, declare } = await opened()
  await Promise.all([declare('4102', true), stays.send({ ...admission, ward: '4102' })])
  await stays.settled()
  expect(await told()).toEqual({ reasons: ['sensitiveUnit'], confidential: true })
})
