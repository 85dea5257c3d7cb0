import { type MessageEvent, messageEvents } from '@relais/contracts/messages'
import { MessageId } from '@relais/contracts/primitives'
import { type StayEvent, stayEvents } from '@relais/contracts/stays'
import { pamMessage, withField } from '@relais/hl7v2/fixtures'
import { recorder } from '@relais/runtime/adapters.fixture'
import { newStay } from '@relais/runtime/stay-facts.fixture'
import { eachDatabase } from '@relais/testkit/databases'
import { expect, test } from 'vitest'
import { ELSEWHERE, FACILITY, openStays, senderAt, type StaysOptions } from '../stays.fixture.ts'

const here = { address: '10.0.0.1' }
const there = { address: '10.0.0.2' }
const SENDER = 'sender-10-0-0-1'
const senders = [senderAt(here.address), senderAt(there.address, { authorities: [{ id: ELSEWHERE }] })]
const clerk = { id: 'ch-essai:martin', role: 'admissions', organisation: FACILITY }
const broken = pamMessage({ trigger: 'A03', controlId: '104', visit: 'V4', movement: 'M4' }).replace(
  '||INSERT',
  '|||INSERT',
)

async function opened(options: StaysOptions = {}) {
  const stays = await openStays({ senders, ...options })
  const ask = await stays.ask(clerk)
  async function report(query = '', sender = SENDER) {
    await stays.settled()
    const last = (await stays.facts()).at(-1)?.position ?? 0
    const headers = { 'relais-position': `${stays.adapters.epoch}:${last}` }
    // A token is good for an hour, and the clock goes on.
    return (await stays.ask(clerk))(`/senders/${sender}/report${query}`, { headers })
  }
  const admit = (controlId: string, details: object = {}) =>
    stays.send({ trigger: 'A01', controlId, visit: `V${controlId}`, movement: `M${controlId}`, ...details }, here)
  return { ...stays, stays, ask, report, admit }
}

let databases = 0
eachDatabase('the report of a sender', (open) => {
  const onIt = () => {
    databases += 1
    const suffix = databases
    return opened({ openViews: (schema) => open(`${schema}_report_${suffix}`) })
  }

  test('counts each message once, and says what became of it', async () => {
    const { admit, send, report, stays, ask } = await onIt()
    for (const controlId of ['101', '102', '102']) expect(await admit(controlId)).toMatchObject({ code: 'AA' })
    await send(withField(pamMessage({ trigger: 'A01', controlId: '103' }), 'MSH-9', 'ADT^Z77^ADT_Z77'), here)
    await send(broken, here)
    await send({ trigger: 'A31', controlId: '105' }, here)
    expect((await report()).body).toEqual({
      senderId: SENDER,
      day: '2026-11-03',
      received: 5,
      accepted: 3,
      repeated: 0,
      repaired: 0,
      waiting: 1,
      ignored: 1,
      refused: 0,
      unreadable: 0,
      missingMovements: [],
      missingControlIds: [],
    })
    const [{ messageId }] = (await ask('/quarantine')).body.messages
    await ask(`/quarantine/${messageId}/repairs`, { body: { edits: [{ op: 'removeField', path: 'ZBE-3' }] } })
    expect((await report()).body).toMatchObject({ received: 5, accepted: 3, repaired: 0, waiting: 1 })
    stays.clock.now = '2026-11-04T08:00:00.000Z'
    const tomorrow = await stays.ask(clerk)
    await tomorrow(`/quarantine/${messageId}/replays`, { body: { cause: 'person' } })
    expect((await report('?day=2026-11-03')).body).toMatchObject({ received: 5, accepted: 4, repaired: 1, waiting: 0 })
    expect((await report()).body).toMatchObject({ day: '2026-11-04', received: 0 })
  })

  test('names the movement that messages refer to and that never came, until it comes', async () => {
    const { admit, send, report } = await onIt()
    await admit('201')
    await send({ trigger: 'A12', controlId: '202', visit: 'V201', movement: 'M777' }, here)
    const waiting = (await report()).body
    expect(waiting).toMatchObject({ received: 2, accepted: 1, waiting: 1 })
    expect(waiting.missingMovements).toEqual([
      { authority: FACILITY, number: 'M777', messages: [expect.any(String)], controlIds: ['202'] },
    ])
    await send({ trigger: 'A02', controlId: '203', visit: 'V201', movement: 'M777', effective: '20261102110000' }, here)
    expect((await report()).body).toMatchObject({
      received: 3,
      accepted: 3,
      repaired: 0,
      waiting: 0,
      missingMovements: [],
    })
  })

  test('tells the control ids that never came', async () => {
    const { admit, report, send } = await onIt()
    for (const controlId of ['301', '302', '303', '306', '307']) await admit(controlId)
    await send(broken.replace('|104|', '|309|'), here)
    expect((await report()).body.missingControlIds).toEqual([
      { from: '304', to: '305', count: 2 },
      { from: '308', to: '308', count: 1 },
    ])
    await admit('308')
    expect((await report()).body.missingControlIds).toEqual([{ from: '304', to: '305', count: 2 }])
  })
})

test('a control id that is no number is kept out of what is readable without a key', async () => {
  const { admit, store } = await opened()
  await admit('DUPONT-1')
  await admit('401')
  const metadata: string[] = []
  for await (const event of store.readAll()) metadata.push(JSON.stringify(event.metadata))
  expect(metadata.join('')).not.toContain('DUPONT')
  expect(metadata.join('')).toContain('"controlId":"401"')
})

test('a message that waited and is a fact since is counted once', async () => {
  const { stays } = await opened({ senders: [senderAt(here.address, { id: 'test' })] })
  const { adapters, store } = stays
  const record = recorder({ store, keyring: adapters.vault, now: adapters.now })
  const { stayId, patientId } = newStay()
  const messageId = MessageId.parse(crypto.randomUUID())
  const raw = { documentId: crypto.randomUUID(), size: 3, mediaType: 'application/hl7-v2', sha256: 'a'.repeat(64) }
  const received = { receivedAt: adapters.now(), raw, trigger: 'ADT^A03', controlId: '1' }
  const problems = [{ path: 'ZBE-1', code: 'movementUnknown' as const, text: 'expected' }]
  const about = { messageId, keyOwner: patientId, senderId: 'test' }
  const held: MessageEvent = { type: 'MessageQuarantined', data: { ...about, ...received, problems } }
  await record<MessageEvent>(messageEvents, held, { owner: messageId })
  const data = { stayId, patientId, messageId, reportedAt: adapters.now(), participants: [] }
  const fact: StayEvent = { type: 'ParticipantsReported', data }
  const position = await record<StayEvent>(stayEvents, fact, { owner: stayId })
  const headers = { 'relais-position': `${adapters.epoch}:${position}` }
  const answer = await (await stays.ask(clerk))('/senders/test/report', { headers })
  expect(answer.body).toMatchObject({ received: 1, waiting: 1, accepted: 0 })
})

test('what a ward writes is no message of anybody', async () => {
  const { stays, report, admit } = await opened()
  await admit('501')
  const nurse = {
    id: 'rpps:10100000001',
    role: 'infirmier',
    organisation: FACILITY,
    wards: ['4101'],
    scopes: ['stay:write'],
  }
  const ask = await stays.ask(nurse)
  const movement = {
    kind: 'admission',
    effectiveAt: '2026-11-02T09:00:00.000Z',
    patientClass: 'I',
    careWard: { code: '4101' },
  }
  const body = { requestId: crypto.randomUUID(), patient: { ipp: '1' }, identity: { reliability: ['PROV'] }, movement }
  expect((await ask('/stays', { body })).status).toBe(201)
  expect((await report()).body).toMatchObject({ received: 1 })
})

test('a sender of another establishment is answered like one that does not exist', async () => {
  const { report, admit, stays } = await opened()
  await admit('601')
  const [foreign, none] = [await report('', 'sender-10-0-0-2'), await report('', 'nobody')]
  expect([foreign.status, none.status]).toEqual([404, 404])
  expect({ ...foreign.body, instance: '' }).toEqual({ ...none.body, instance: '' })
  const without = await stays.ask({ ...clerk, scopes: ['stay:write'] })
  expect((await without(`/senders/${SENDER}/report`)).status).toBe(403)
  const operator = await stays.ask({ id: 'relais:operateur', role: 'operateur' })
  expect((await operator(`/senders/${SENDER}/report`)).status).toBe(200)
})
