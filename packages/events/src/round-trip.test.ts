import { absenceEvents } from '@relais/contracts/absences'
import {
  digestEvents,
  postEvents,
  preferenceEvents,
  readMarkEvents,
  threadEvents,
} from '@relais/contracts/conversations'
import { deathEvents } from '@relais/contracts/deaths'
import { facilityEvents, onCallEvents, professionalEvents } from '@relais/contracts/directory'
import { messageEvents } from '@relais/contracts/messages'
import { noticeEvents, shownEvents } from '@relais/contracts/notices'
import { circleEvents, patientEvents } from '@relais/contracts/patients'
import type { EventFamily } from '@relais/contracts/primitives'
import { runEvents } from '@relais/contracts/protocol-runs'
import { protocolEvents } from '@relais/contracts/protocols'
import { referralEvents } from '@relais/contracts/referrals'
import { residentEvents, residentMatchEvents } from '@relais/contracts/residents'
import { stayEvents } from '@relais/contracts/stays'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { eventCodec } from './codec.ts'
import { inMemoryKeyring } from './in-memory-keyring.ts'

const metadata = {
  $correlationId: 'c-1',
  $causationId: 'e-1',
  recordedAt: '2026-11-21T08:00:00.000Z',
  actor: { id: 'rpps:10002909371', role: 'medecin' },
}

type JsonSchema = z.core.JSONSchema.JSONSchema

/** Draws values of a JSON Schema: the part of it that the events of the contracts use. */
function anyOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const alternatives = schema.oneOf ?? schema.anyOf
  if (alternatives) return fc.oneof(...alternatives.map(anyOf))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.type === 'object') return anyObject(schema)
  if (schema.type === 'array')
    return fc.array(anyOf(only(schema.items)), { minLength: schema.minItems ?? 0, maxLength: 3 })
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'integer')
    return fc.integer({ min: schema.minimum ?? -1000, max: Math.min(schema.maximum ?? 1_000_000, 1_000_000) })
  if (schema.type === 'string') return anyString(schema)
  throw new Error(`No way to draw ${JSON.stringify(schema)}`)
}

function anyString(schema: JsonSchema): fc.Arbitrary<string> {
  // How zod writes an identifier: a uuid in lower case.
  if (schema.format === 'uuid' || schema.format === 'lowercase') return fc.uuid()
  if (schema.format === 'date-time')
    return fc
      .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString())
  const { minLength = 0, maxLength = 40 } = schema
  if (schema.pattern?.includes('\\P{Cc}')) return fc.string({ minLength, maxLength })
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern))
  return fc.string({ minLength, maxLength, unit: 'grapheme' })
}

function anyObject({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) => [name, anyOf(only(schema))] as const)
  return fc.record(Object.fromEntries(fields), { requiredKeys: required })
}

function only(schema: JsonSchema | boolean | (JsonSchema | boolean)[] | undefined): JsonSchema {
  if (typeof schema !== 'object' || Array.isArray(schema)) throw new Error('Not one schema')
  return schema
}

const describedBy = (schema: z.ZodType) => anyOf(z.toJSONSchema(schema, { io: 'input' }))

function readsBack<Event extends { type: string; data: object }>(family: EventFamily<Event>) {
  const codec = eventCodec(family, inMemoryKeyring())
  const stream = `${family.category}-1`
  return fc.assert(
    fc.asyncProperty(describedBy(family.schema), fc.uuid(), async (drawn, id) => {
      const event = family.schema.parse(drawn)
      const stored = await codec.encode(event, id)
      const recorded = { ...stored, id, stream, revision: 0, position: 1, metadata }
      const decoded = await codec.decode(JSON.parse(JSON.stringify(recorded)))
      expect(decoded?.event).toEqual(event)
      expect(`${decoded?.type}.v1`).toBe(stored.type)
      for (const field of Object.keys(stored.data)) expect([...family.routing, 'sealed']).toContain(field)
    }),
    { numRuns: 60 },
  )
}

test('every event of a stay reads back as it was written', () => expect(readsBack(stayEvents)).resolves.toBeUndefined())
test('every event of a message reads back as it was written', () =>
  expect(readsBack(messageEvents)).resolves.toBeUndefined())
test('every event of a notice reads back as it was written', () =>
  expect(readsBack(noticeEvents)).resolves.toBeUndefined())
test('that a notice was shown reads back as it was written', () =>
  expect(readsBack(shownEvents)).resolves.toBeUndefined())
test('every event of a patient reads back as it was written', () =>
  expect(readsBack(patientEvents)).resolves.toBeUndefined())
test('every event of a death reads back as it was written', () =>
  expect(readsBack(deathEvents)).resolves.toBeUndefined())
test('every event of a care circle reads back as it was written', () =>
  expect(readsBack(circleEvents)).resolves.toBeUndefined())
test('every event of a facility reads back as it was written', () =>
  expect(readsBack(facilityEvents)).resolves.toBeUndefined())
test('every event of a professional reads back as it was written', () =>
  expect(readsBack(professionalEvents)).resolves.toBeUndefined())
test('every event of who is on call reads back as it was written', () =>
  expect(readsBack(onCallEvents)).resolves.toBeUndefined())
test('every event of an absence reads back as it was written', () =>
  expect(readsBack(absenceEvents)).resolves.toBeUndefined())
test('every event of a resident reads back as it was written', () =>
  expect(readsBack(residentEvents)).resolves.toBeUndefined())
test('every event of a resident’s matches reads back as it was written', () =>
  expect(readsBack(residentMatchEvents)).resolves.toBeUndefined())
test('every event of a thread reads back as it was written', () =>
  expect(readsBack(threadEvents)).resolves.toBeUndefined())
test('every event of a message in a thread reads back as it was written', () =>
  expect(readsBack(postEvents)).resolves.toBeUndefined())
test('how far somebody has read reads back as it was written', () =>
  expect(readsBack(readMarkEvents)).resolves.toBeUndefined())
test('a preference reads back as it was written', () => expect(readsBack(preferenceEvents)).resolves.toBeUndefined())
test('every event of a digest reads back as it was written', () =>
  expect(readsBack(digestEvents)).resolves.toBeUndefined())
test('every event of a protocol reads back as it was written', () =>
  expect(readsBack(protocolEvents)).resolves.toBeUndefined())
test('every event of a referral reads back as it was written', () =>
  expect(readsBack(referralEvents)).resolves.toBeUndefined())
test('every event of a protocol’s run reads back as it was written', () =>
  expect(readsBack(runEvents)).resolves.toBeUndefined())
