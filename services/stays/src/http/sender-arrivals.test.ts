import { insKeyOf } from '@relais/hl7v2/checks'
import { pamMessage, withField } from '@relais/hl7v2/fixtures'
import { expect, test } from 'vitest'
import { ELSEWHERE, FACILITY, openStays, senderAt } from '../stays.fixture.ts'

const here = { address: '10.0.0.1' }
const SENDER = 'sender-10-0-0-1'
const clerk = { id: 'ch-essai:martin', role: 'admissions', organisation: FACILITY }
const bytes = (text: string) => new TextEncoder().encode(text)

async function opened() {
  const stays = await openStays({ senders: [senderAt(here.address)] })
  const types = async () => (await stays.facts()).map(({ type }) => type)
  async function report() {
    const last = (await stays.facts()).at(-1)?.position ?? 0
    const headers = { 'relais-position': `${stays.adapters.epoch}:${last}` }
    return (await (await stays.ask(clerk))(`/senders/${SENDER}/report`, { headers })).body
  }
  const admit = (controlId: string, details: object = {}) =>
    stays.send({ controlId, visit: 'V1', movement: 'M1', ...details }, here)
  return { ...stays, types, report, admit }
}

/** Of another establishment, which this sender may not speak for. */
const foreign = (controlId: string) =>
  withField(pamMessage({ controlId }), 'PID-3', `900001^^^AILLEURS&${ELSEWHERE}&N^PI`)

test('what was answered AR is counted, once however often it comes, and leaves no hole', async () => {
  const { send, admit, report, types } = await opened()
  for (const controlId of ['101', '102']) await admit(controlId, { visit: controlId, movement: controlId })
  for (let time = 0; time < 3; time += 1) expect(await send(foreign('103'), here)).toMatchObject({ code: 'AR' })
  expect(await send({ controlId: '104', processingId: 'P' }, here)).toMatchObject({ code: 'AR' })
  await admit('105', { visit: '105', movement: '105' })
  expect(await report()).toMatchObject({ received: 5, accepted: 3, refused: 2, unreadable: 0, missingControlIds: [] })
  expect((await types()).filter((type) => type === 'MessageRefused')).toHaveLength(2)
})

test('what was answered AR, and is taken when it is sent again mended, is one message', async () => {
  const { send, admit, report } = await opened()
  await send(foreign('201'), here)
  await admit('201')
  expect(await report()).toMatchObject({ received: 1, accepted: 1, refused: 0 })
})

test('a movement said again unchanged under other control ids is counted each time, and leaves no hole', async () => {
  const { admit, report, types, send } = await opened()
  for (const controlId of ['301', '302', '303', '303']) expect(await admit(controlId)).toMatchObject({ code: 'AA' })
  expect(await types()).toEqual([
    'PatientAdmitted',
    'IdentityReported',
    'StandingChanged',
    'MessageRepeated',
    'MessageRepeated',
  ])
  const counted = { received: 3, accepted: 3, repeated: 2, missingControlIds: [] }
  expect(await report()).toMatchObject(counted)
  for (const controlId of ['302', '303']) await admit(controlId)
  await send(foreign('304'), here)
  await send(foreign('304'), here)
  expect(await report()).toMatchObject({ ...counted, received: 4, refused: 1 })
  expect((await types()).filter((type) => type === 'MessageRepeated')).toHaveLength(2)
})

test('an A44, a correction and a withdrawal said again are counted too', async () => {
  const { admit, send, report } = await opened()
  await admit('401')
  const correction = { trigger: 'Z99', visit: 'V1', movement: 'M1', ward: '4102', recorded: '20261102110000' }
  const move = { trigger: 'A44', visit: 'V1', ipp: '900002', formerIpp: '900001', recorded: '20261102120000' }
  const withdrawal = { trigger: 'A11', visit: 'V1', movement: 'M1', ipp: '900002', recorded: '20261102130000' }
  let controlId = 401
  for (const said of [correction, move, withdrawal])
    for (let time = 0; time < 2; time += 1)
      expect(await send({ ...said, controlId: String((controlId += 1)) }, here)).toMatchObject({ code: 'AA' })
  expect(await report()).toMatchObject({ received: 7, accepted: 7, repeated: 3, missingControlIds: [] })
})

test('a frame too large or cut is counted, and so is one that cannot even tell its control id', async () => {
  const { service, report, types } = await opened()
  const cut = pamMessage({ controlId: '601' }).slice(0, 120)
  for (let time = 0; time < 2; time += 1) {
    await service.refuseFrame(bytes(cut), 'frameTruncated', here)
    await service.refuseFrame(bytes('MS'), 'frameTruncated', here)
    await service.refuseFrame(new Uint8Array(), 'frameTooLarge', here)
  }
  expect(await report()).toMatchObject({ received: 3, refused: 3, unreadable: 2 })
  expect(await types()).toEqual(['MessageRefused', 'MessageRefused', 'MessageRefused'])
})

test('whoever is no sender leaves nothing, whatever is sent', async () => {
  const { service, send, types } = await opened()
  const stranger = { address: '10.9.9.9' }
  await service.refuseFrame(bytes('MSH|'), 'frameTooLarge', stranger)
  expect(await send({ processingId: 'P' }, stranger)).toMatchObject({ code: 'AR' })
  expect(await types()).toEqual([])
})

test('of what is refused nothing can be read or guessed in the log, and it is sealed under the sender’s key of the day', async () => {
  const { send, store, adapters, types } = await opened()
  const body = '2410799333222'
  const real = { insBody: body, insOid: '1.2.250.1.213.1.4.8', familyName: 'TEST-REFUS', controlId: 'REFUS-1' }
  await send(real, here)
  const stored: string[] = []
  for await (const { stream, data, metadata } of store.readAll()) stored.push(JSON.stringify([stream, data, metadata]))
  for (const secret of [body, `${body}${insKeyOf(body)}`, 'REFUS', '900001'])
    expect(stored.join('')).not.toContain(secret)
  expect(await types()).toEqual(['MessageRefused'])
  await adapters.vault.forget(`sender:${SENDER}:2026-11-03`)
  await send({ ...real, familyName: 'TEST-AUTRE' }, here)
  expect(await types()).toEqual(['MessageRefused'])
})

test('hostile bytes are refused or wait, and are counted, without a fault', async () => {
  const { send, report } = await opened()
  const hostile = [
    new Uint8Array(0),
    bytes('\0'.repeat(5000)),
    bytes(`MSH|^~\\&|${'|'.repeat(10_000)}`),
    bytes(pamMessage({ controlId: '9'.repeat(400) })),
    bytes(withField(pamMessage({ controlId: '701' }), 'PID-18', '~^&\\X00\\'.repeat(200))),
    bytes(withField(foreign('702'), 'MSH-10', '\\X0D\\')),
    new Uint8Array(2000).fill(0xff),
  ]
  for (let time = 0; time < 2; time += 1)
    for (const one of hostile) expect(['AA', 'AE', 'AR']).toContain((await send(one, here)).code || 'AR')
  const { received, accepted, waiting, refused, ignored } = await report()
  expect(received).toBe(accepted + waiting + refused + ignored)
  expect(received).toBeGreaterThanOrEqual(6)
})
