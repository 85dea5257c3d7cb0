import { randomUUID } from 'node:crypto'
import { circleEvents, patientEvents, type CircleEvent } from '@relais/contracts/patients'
import { event, type EventFamily, PatientId, ProfessionalId } from '@relais/contracts/primitives'
import { stayEvents } from '@relais/contracts/stays'
import type { EventCodec } from '@relais/event-store/codec'
import type { RecordedEvent } from '@relais/event-store/port'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { codecSet, eventCodec, InvalidEvent, UndecodableEvent } from './codec.ts'
import { inMemoryKeyring } from './in-memory-keyring.ts'
import { DataKeyMissing, OwnerForgotten, seal } from './sealing.ts'

const patientId = PatientId.parse('0b7f3a52-6c1e-4f0e-9d27-3c8a5d1e7f40')
const memberId = ProfessionalId.parse('rpps:10002909371')
const eventId = '5d4f8a10-2f0b-4d53-8a70-9b1f6f1f0c11'
const metadata = {
  $correlationId: 'c-1',
  recordedAt: '2026-11-21T08:00:00.000Z',
  actor: { id: 'rpps:10002909371', role: 'medecin' },
}
const left: CircleEvent = {
  type: 'MemberLeft',
  data: { patientId, memberId, role: 'infirmier', leftAt: '2026-11-21T07:30:00.000Z', reason: 'departed' },
}

type Stored = Pick<RecordedEvent, 'type' | 'data'>
const recorded = (stored: Stored, changes: Partial<RecordedEvent> = {}): RecordedEvent => ({
  id: eventId,
  stream: `circle-${patientId}`,
  revision: 3,
  position: 42,
  metadata,
  ...stored,
  ...changes,
})

/** As a promise, whether the key was at hand or not. */
async function read<Event>(codec: Pick<EventCodec<Event>, 'decode'>, event: RecordedEvent) {
  return codec.decode(event)
}

const sealedPart = ({ data }: Stored) => Buffer.from(z.string().parse(data['sealed']), 'base64url')

async function storedDeparture() {
  const keyring = inMemoryKeyring()
  const codec = eventCodec(circleEvents, keyring)
  return { keyring, codec, stored: await codec.encode(left, eventId) }
}

test('a stored event carries its version, its routing fields in clear, and nothing else that can be read', async () => {
  const { stored } = await storedDeparture()
  expect(stored.type).toBe('MemberLeft.v1')
  expect(stored.data).toEqual({ patientId, memberId, sealed: expect.stringMatching(/^[\w-]+$/) })
  const written = JSON.stringify(stored) + sealedPart(stored).toString('latin1')
  for (const secret of ['infirmier', 'role', 'leftAt', '2026-11-21', 'departed']) expect(written).not.toContain(secret)
})

test('an event read back is the one that was written, with its place in the log', async () => {
  const { codec, stored } = await storedDeparture()
  expect(await codec.decode(recorded(stored))).toEqual({
    id: eventId,
    stream: `circle-${patientId}`,
    revision: 3,
    position: 42,
    metadata,
    type: 'MemberLeft',
    routing: { patientId, memberId },
    event: left,
  })
})

test('an event with nothing but routing fields is sealed all the same', async () => {
  const Emptied = event('Emptied', { patientId: PatientId })
  const family = { category: 'box', routing: ['patientId'], sealedBy: 'patientId', schema: Emptied, upcasts: {} }
  const codec = eventCodec({ ...family, versions: { Emptied: 1 } }, inMemoryKeyring())
  const emptied = Emptied.parse({ type: 'Emptied', data: { patientId } })
  const stored = await codec.encode(emptied, eventId)
  expect(Object.keys(stored.data)).toEqual(['patientId', 'sealed'])
  expect((await codec.decode(recorded(stored, { stream: 'box-1' })))?.event).toEqual(emptied)
})

test('the same event sealed twice is never the same text', async () => {
  const { codec, stored } = await storedDeparture()
  expect(await codec.encode(left, eventId)).not.toEqual(stored)
})

test('an event that its contract refuses is not written, and the refusal tells no value', async () => {
  const { codec } = await storedDeparture()
  const wrong = { ...left, data: { ...left.data, leftAt: 'Saturday, Mrs Durand' } }
  const refusal = await codec.encode(wrong, eventId).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(InvalidEvent)
  expect(String(refusal)).toContain('data.leftAt')
  expect(String(refusal)).not.toContain('Durand')
})

test('what is of another category, or of a type nobody here writes, is not ours', async () => {
  const { codec, stored } = await storedDeparture()
  expect(await codec.decode(recorded(stored, { stream: `stay-${patientId}` }))).toBeUndefined()
  expect(await codec.decode(recorded(stored, { type: 'MemberPromoted.v1' }))).toBeUndefined()
  expect(await codec.decode(recorded(stored, { type: '$metadata' }))).toBeUndefined()
})

test('a type written by a newer build stops the reader, even when its owner is forgotten', async () => {
  const { codec, keyring, stored } = await storedDeparture()
  const newer = recorded(stored, { type: 'MemberLeft.v2' })
  await expect(read(codec, newer)).rejects.toBeInstanceOf(UndecodableEvent)
  keyring.forget(patientId)
  await expect(read(codec, newer)).rejects.toMatchObject({ code: 'undecodableEvent', eventId })
})

test('a forgotten owner leaves the routing fields and the metadata, and no event', async () => {
  const { codec, keyring, stored } = await storedDeparture()
  keyring.forget(patientId)
  const decoded = await codec.decode(recorded(stored))
  expect(decoded).toMatchObject({ type: 'MemberLeft', routing: { patientId, memberId }, metadata })
  expect(decoded?.event).toBeUndefined()
  await expect(codec.encode(left, eventId)).rejects.toBeInstanceOf(OwnerForgotten)
})

test('a key that was never there is a fault, not a forgotten owner', async () => {
  const { stored } = await storedDeparture()
  const elsewhere = eventCodec(circleEvents, inMemoryKeyring())
  const failure = await read(elsewhere, recorded(stored)).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(UndecodableEvent)
  expect(failure).toHaveProperty('cause', expect.any(DataKeyMissing))
})

test('a keyring that answers later is waited for', async () => {
  const { keyring, stored } = await storedDeparture()
  const slow = eventCodec(circleEvents, {
    sealingKey: async (owner) => keyring.sealingKey(owner),
    openingKey: async (owner) => keyring.openingKey(owner),
  })
  expect((await slow.decode(recorded(stored)))?.event).toEqual(left)
  const again = await slow.encode(left, eventId)
  expect((await slow.decode(recorded(again)))?.event).toEqual(left)
  keyring.forget(patientId)
  expect((await slow.decode(recorded(stored)))?.event).toBeUndefined()
})

test('a changed byte anywhere in the sealed part is noticed', async () => {
  const { codec, stored } = await storedDeparture()
  const bytes = sealedPart(stored)
  for (let place = 0; place < bytes.length; place += 1) {
    const changed = Buffer.from(bytes)
    changed[place] = (changed[place] ?? 0) ^ 1
    const data = { ...stored.data, sealed: changed.toString('base64url') }
    await expect(read(codec, recorded({ ...stored, data }))).rejects.toBeInstanceOf(UndecodableEvent)
  }
})

const otherMember = { memberId: 'rpps:10000000001' }
test.each<[string, (stored: Stored) => Partial<RecordedEvent>]>([
  ['copied to another event id', () => ({ id: randomUUID() })],
  ['given another name', () => ({ type: 'MemberJoined.v1' })],
  ['whose routing field was changed', ({ data }) => ({ data: { ...data, ...otherMember } })],
  ['that gained a clear field', ({ data }) => ({ data: { ...data, stayId: 'x' } })],
  ['that lost a clear field', ({ data }) => ({ data: { patientId, sealed: data['sealed'] ?? '' } })],
  ['that lost its owner', ({ data }) => ({ data: { memberId, sealed: data['sealed'] ?? '' } })],
  ['that lost its sealed part', () => ({ data: { patientId, memberId } })],
  ['whose sealed part is cut short', ({ data }) => ({ data: { ...data, sealed: 'AQ' } })],
  ['whose clear field is no text', ({ data }) => ({ data: { ...data, memberId: 7 } })],
  ['whose metadata is not ours', () => ({ metadata: { recordedAt: 'yesterday' } })],
])('an event %s is refused', async (_, change) => {
  const { codec, stored } = await storedDeparture()
  await expect(read(codec, recorded(stored, change(stored)))).rejects.toBeInstanceOf(UndecodableEvent)
})

test('what opens but is not JSON is refused without quoting it', async () => {
  const { codec, keyring, stored } = await storedDeparture()
  const context = JSON.stringify([stored.type, eventId, [['patientId', patientId]]])
  const sealed = seal(await keyring.sealingKey(patientId), Buffer.from('Mrs Durand'), context).toString('base64url')
  const failure = await read(codec, recorded({ ...stored, data: { patientId, sealed } })).catch(String)
  expect(failure).toContain('not JSON')
  expect(failure).not.toContain('Durand')
})

test.each(['"Mrs Durand"', '7', 'null'])('what opens but is no object is refused: %s', async (json) => {
  const { codec, keyring, stored } = await storedDeparture()
  const context = JSON.stringify([stored.type, eventId, [['patientId', patientId]]])
  const sealed = seal(await keyring.sealingKey(patientId), Buffer.from(json), context).toString('base64url')
  const event = recorded({ ...stored, data: { patientId, sealed } })
  await expect(read(codec, event)).rejects.toThrow('not an object')
})

test('an event whose key is at hand is read at once', async () => {
  const { codec, stored } = await storedDeparture()
  expect(codec.decode(recorded(stored))).toMatchObject({ event: left })
})

test('a field that a newer build added, and this one does not know, does not stop the reader', async () => {
  const { codec, keyring, stored } = await storedDeparture()
  const context = JSON.stringify([stored.type, eventId, [['patientId', patientId]]])
  const body = Buffer.from(JSON.stringify({ ...left.data, note: 'later' }))
  const sealed = seal(await keyring.sealingKey(patientId), body, context).toString('base64url')
  const decoded = await codec.decode(recorded({ ...stored, data: { patientId, sealed } }))
  expect(decoded?.event).toMatchObject(left)
})

test('several codecs read as one, each its own category', async () => {
  const { codec, keyring, stored } = await storedDeparture()
  const set = codecSet([eventCodec(stayEvents, keyring), codec, eventCodec(patientEvents, keyring)])
  expect(set.categories).toEqual(['stay', 'circle', 'patient'])
  expect((await set.decode(recorded(stored)))?.event).toEqual(left)
  expect(await set.decode(recorded(stored, { stream: 'message-1' }))).toBeUndefined()
  expect(() => codecSet([codec, codec])).toThrow('circle')
})

const Moved = event('Moved', { patientId: PatientId, bed: z.string(), floor: z.int(), wing: z.string() })
const MovedV1 = z.object({ patientId: PatientId, bed: z.string() }).transform((data) => ({ ...data, floor: 0 }))
const MovedV2 = z
  .object({ patientId: PatientId, bed: z.string(), floor: z.int() })
  .transform((data) => ({ ...data, wing: 'A' }))
const moves = {
  category: 'move',
  routing: ['patientId'],
  sealedBy: 'patientId',
  schema: Moved,
  versions: { Moved: 3 },
  upcasts: { 'Moved.v1': MovedV1, 'Moved.v2': MovedV2 },
} satisfies EventFamily<z.infer<typeof Moved>>

test.each([
  ['Moved.v1', '{"bed":"12"}', { bed: '12', floor: 0, wing: 'A' }],
  ['Moved.v2', '{"bed":"12","floor":3}', { bed: '12', floor: 3, wing: 'A' }],
  ['Moved.v3', '{"bed":"12","floor":3,"wing":"C"}', { bed: '12', floor: 3, wing: 'C' }],
])('%s, as it was once written, reads as a current event', async (type, json, expected) => {
  const keyring = inMemoryKeyring()
  const context = JSON.stringify([type, eventId, [['patientId', patientId]]])
  const sealed = seal(await keyring.sealingKey(patientId), Buffer.from(json), context).toString('base64url')
  const old = recorded({ type, data: { patientId, sealed } }, { stream: 'move-1' })
  const decoded = await eventCodec(moves, keyring).decode(old)
  expect(decoded).toMatchObject({ type: 'Moved', event: { type: 'Moved', data: { patientId, ...expected } } })
})

test('an old event that is not of its old schema is refused', async () => {
  const keyring = inMemoryKeyring()
  const context = JSON.stringify(['Moved.v1', eventId, [['patientId', patientId]]])
  const sealed = seal(await keyring.sealingKey(patientId), Buffer.from('{"room":"12"}'), context).toString('base64url')
  const old = recorded({ type: 'Moved.v1', data: { patientId, sealed } }, { stream: 'move-1' })
  await expect(read(eventCodec(moves, keyring), old)).rejects.toThrow('bed')
})

test.each<[string, Partial<EventFamily<z.infer<typeof Moved>>>]>([
  ['No upcast from Moved.v2', { upcasts: { 'Moved.v1': MovedV1 } }],
  ['leads nowhere', { upcasts: { ...moves.upcasts, 'Moved.v3': MovedV2 } }],
  ['does not stay clear', { sealedBy: 'bed' }],
  ['named like the sealed part', { routing: ['patientId', 'sealed'] }],
  ['has a hyphen', { category: 'bed-move' }],
])('a family that contradicts itself is refused at start: %s', (message, change) => {
  expect(() => eventCodec({ ...moves, ...change }, inMemoryKeyring())).toThrow(message)
})
