import type { PamMessage } from '@relais/hl7v2/fixtures'
import { pamMessage, withField } from '@relais/hl7v2/fixtures'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { openStays, senderAt, type Stays } from '../stays.fixture.ts'

type Pair = { name: string; movement: Partial<PamMessage>; bearing: Partial<PamMessage>; becomes: string }

/** What corrects or cancels, and the movement it bears on. */
const pairs: readonly Pair[] = [
  {
    name: 'A11 of an admission',
    movement: { trigger: 'A01' },
    bearing: { trigger: 'A11' },
    becomes: 'MovementWithdrawn',
  },
  {
    name: 'A11 of a registration',
    movement: { trigger: 'A04' },
    bearing: { trigger: 'A11', original: 'A04' },
    becomes: 'MovementWithdrawn',
  },
  {
    name: 'A12 of a transfer',
    movement: { trigger: 'A02' },
    bearing: { trigger: 'A12' },
    becomes: 'MovementWithdrawn',
  },
  {
    name: 'A13 of a discharge',
    movement: { trigger: 'A03' },
    bearing: { trigger: 'A13' },
    becomes: 'MovementWithdrawn',
  },
  {
    name: 'A38 of a pre-admission',
    movement: { trigger: 'A05' },
    bearing: { trigger: 'A38' },
    becomes: 'MovementWithdrawn',
  },
  {
    name: 'Z99 of an admission',
    movement: { trigger: 'A01' },
    bearing: { trigger: 'Z99', recorded: '20261102110000', ward: '4102' },
    becomes: 'MovementCorrected',
  },
]

const typesIn = async (stays: Stays) => (await stays.facts()).map(({ type }) => type)
const count = (types: readonly string[], type: string) => types.filter((one) => one === type).length

test.each(pairs)('$name that comes first waits, and is replayed when the movement comes', async (pair) => {
  const stays = await openStays()
  const ack = await stays.send(pair.bearing)
  expect(ack).toMatchObject({ code: 'AE', errors: [{ path: 'ZBE-1', condition: '204', severity: 'E' }] })
  expect(await stays.send(pair.movement)).toMatchObject({ code: 'AA' })
  await stays.settled()
  const types = await typesIn(stays)
  expect(types).toEqual(expect.arrayContaining(['MessageQuarantined', pair.becomes, 'MessageReplayed']))
  expect(count(types, pair.becomes)).toBe(1)
  expect(count(types, 'MessageReplayed')).toBe(1)
  const ask = await stays.ask({ role: 'operateur' })
  expect((await ask('/quarantine')).body.messages).toEqual([])
  expect((await ask('/quarantine?status=resolved')).body.messages).toHaveLength(1)
})

test.each(pairs)('$name in the usual order waits for nothing', async (pair) => {
  const stays = await openStays()
  expect(await stays.send(pair.movement)).toMatchObject({ code: 'AA' })
  expect(await stays.send({ ...pair.bearing, recorded: '20261102110000' })).toMatchObject({ code: 'AA' })
  await stays.settled()
  const types = await typesIn(stays)
  expect(count(types, pair.becomes)).toBe(1)
  expect(count(types, 'MessageQuarantined')).toBe(0)
})

test('sent at once, many times over, each cancellation takes effect exactly once', async () => {
  const stays = await openStays()
  const numbers = Array.from({ length: 12 }, (_, index) => `R${index}`)
  await Promise.all(
    numbers.flatMap((number, index) => {
      const stay = { ipp: number, visit: number, movement: number }
      const both = [stays.send({ ...stay, trigger: 'A11' }), stays.send({ ...stay, trigger: 'A01' })]
      return index % 2 === 0 ? both : both.toReversed()
    }),
  )
  await stays.settled()
  const facts = await stays.facts()
  const withdrawn = facts.flatMap(({ event }) => (event?.type === 'MovementWithdrawn' ? [event.data.stayId] : []))
  expect(new Set(withdrawn).size).toBe(numbers.length)
  expect(withdrawn).toHaveLength(numbers.length)
  const quarantined = facts.filter(({ type }) => type === 'MessageQuarantined')
  const replayed = facts.flatMap(({ event }) => (event?.type === 'MessageReplayed' ? [event.data] : []))
  expect(replayed.map(({ cause, outcome }) => ({ cause, outcome }))).toEqual(
    quarantined.map(() => ({ cause: 'arrival', outcome: 'accepted' })),
  )
})

test('a sender answered AA for what waits is served alike', async () => {
  const known = { address: '10.0.0.1' }
  const stays = await openStays({ senders: [senderAt(known.address, { quarantineAnswer: 'AA' })] })
  expect(await stays.send({ trigger: 'A13' }, known)).toMatchObject({ code: 'AA', errors: [{ path: 'ZBE-1' }] })
  await stays.send({ trigger: 'A03' }, known)
  await stays.settled()
  expect(count(await typesIn(stays), 'MovementWithdrawn')).toBe(1)
})

test('a cancellation sent again while it waits, and after it was replayed, stays one', async () => {
  const stays = await openStays()
  await stays.send({ trigger: 'A11' })
  expect(await stays.send({ trigger: 'A11' })).toMatchObject({ code: 'AE' })
  await stays.send({ trigger: 'A01' })
  await stays.settled()
  expect(await stays.send({ trigger: 'A11' })).toMatchObject({ code: 'AA' })
  const types = await typesIn(stays)
  expect(count(types, 'MessageQuarantined')).toBe(1)
  expect(count(types, 'MovementWithdrawn')).toBe(1)
})

test('a correction and then a cancellation that both came first end as they were sent', async () => {
  const stays = await openStays()
  await stays.send({ trigger: 'Z99', recorded: '20261102110000', ward: '4102', controlId: 'first' })
  stays.clock.now = '2026-11-03T08:00:01.000Z'
  await stays.send({ trigger: 'A11', recorded: '20261102120000', controlId: 'second' })
  await stays.send({ trigger: 'A01' })
  await stays.settled()
  const movements = (await typesIn(stays)).filter((type) => /^(Patient|Movement)/.test(type))
  expect(movements).toEqual(['PatientAdmitted', 'MovementCorrected', 'MovementWithdrawn'])
})

test('what waits is not replayed by a movement of another stay, nor by another movement of the stay', async () => {
  const stays = await openStays()
  await stays.send({ trigger: 'A12', movement: 'M2' })
  await stays.send({ trigger: 'A01', movement: 'M1' })
  await stays.send({ trigger: 'A02', movement: 'M2', visit: 'V2' })
  await stays.settled()
  expect(count(await typesIn(stays), 'MessageReplayed')).toBe(0)
  const ask = await stays.ask({ role: 'operateur' })
  expect((await ask('/quarantine')).body.messages).toMatchObject([{ status: 'awaitingMovement' }])
})

test('a movement that itself waited for a person replays what waits for it', async () => {
  const stays = await openStays()
  const broken = withField(pamMessage(), 'ZBE-9', 'X')
  await stays.send(broken)
  await stays.send({ trigger: 'A11' })
  const ask = await stays.ask({ role: 'operateur' })
  const messageId = (await stays.facts())[0]?.routing['messageId']
  const edits = [{ op: 'set', path: 'ZBE-9', value: 'HMS' }]
  await ask(`/quarantine/${messageId}/repairs`, { body: { edits } })
  const replayed = await ask(`/quarantine/${messageId}/replays`, { body: { cause: 'person' } })
  expect(replayed.body).toMatchObject({ outcome: 'accepted' })
  await stays.settled()
  expect(count(await typesIn(stays), 'MovementWithdrawn')).toBe(1)
})

test('what waited through a stop of the service is replayed after it', async () => {
  const before = await openStays()
  await before.send({ trigger: 'A11' })
  await before.settled()
  await before.close()
  const after = await openStays({ folder: before.folder, store: before.store })
  await after.send({ trigger: 'A01' })
  await after.settled()
  await waitUntil(async () => (await typesIn(after)).includes('MessageReplayed'), 'the replay')
  expect(count(await typesIn(after), 'MovementWithdrawn')).toBe(1)
})

test('a correction repaired before its movement came waits for it as any other', async () => {
  const stays = await openStays({ senders: [senderAt('10.0.0.1')] })
  const from = { address: '10.0.0.1' }
  const shifted = pamMessage({ trigger: 'Z99', recorded: '20261102110000', ward: '4102', controlId: 'SHIFTED' })
  await stays.send(shifted.replace('||UPDATE', '|||UPDATE'), from)
  const messageId = (await stays.facts())[0]?.routing['messageId'] ?? ''
  const ask = await stays.ask({ id: 'ch-essai:martin', role: 'admissions', organisation: '990000010' })
  await ask(`/quarantine/${messageId}/repairs`, { body: { edits: [{ op: 'removeField', path: 'ZBE-3' }] } })
  const replayed = await ask(`/quarantine/${messageId}/replays`, { body: { cause: 'person' } })
  expect(replayed.body).toMatchObject({ outcome: 'quarantined', problems: [{ code: 'movementUnknown' }] })
  await stays.send({ trigger: 'A01' }, from)
  await waitUntil(async () => (await typesIn(stays)).includes('MovementCorrected'), 'the correction to be replayed')
})
