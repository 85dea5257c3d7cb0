import { fileURLToPath } from 'node:url'
import type { Actor } from '@relais/contracts/actor'
import { readmeBlocks } from '@relais/testkit/readme-blocks'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  callerAsSender,
  ConfiguredSender,
  configuredZone,
  knowsFacility,
  knowsWard,
  maySpeakFor,
  mayTendSender,
  senderOf,
} from './senders.ts'

const fingerprint = 'ab'.repeat(32)
const [byAddress, byCertificate, anybody] = [
  { id: 'ch-essai', address: '10.0.0.1', authorities: [{ id: '990000010', wards: ['4101'] }] },
  { id: 'chu-x', certificate: fingerprint, authorities: [{ id: 'CHU-X', zone: 'Indian/Reunion' }] },
  { id: 'loopback', address: '127.0.0.1', authorities: '*', facilities: ['990000010'] },
].map((sender) => ConfiguredSender.parse(sender)) as [ConfiguredSender, ConfiguredSender, ConfiguredSender]
type ConfiguredSender = ReturnType<typeof ConfiguredSender.parse>
const senders = [byAddress, byCertificate, anybody]

test('a peer is known by its address, also when it is written as IPv6', () => {
  expect(senderOf(senders, { address: '10.0.0.1' })).toBe(byAddress)
  expect(senderOf(senders, { address: '::ffff:10.0.0.1' })).toBe(byAddress)
  expect(senderOf(senders, { address: '10.0.0.10' })).toBeUndefined()
})

test('a peer is known by the fingerprint of its certificate, wherever it connects from', () => {
  expect(senderOf(senders, { address: '10.0.0.9', certificateFingerprint: fingerprint })).toBe(byCertificate)
  const colons = fingerprint.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:')
  expect(senderOf(senders, { address: '10.0.0.9', certificateFingerprint: colons })).toBe(byCertificate)
  expect(senderOf(senders, { address: '10.0.0.9', certificateFingerprint: 'cd'.repeat(32) })).toBeUndefined()
  expect(senderOf([byCertificate], { address: '10.0.0.9' })).toBeUndefined()
})

test('a sender speaks for the authorities it was given', () => {
  expect(maySpeakFor(byAddress, '990000010')).toBe(true)
  expect(maySpeakFor(byAddress, 'CHU-X')).toBe(false)
  expect(maySpeakFor(anybody, 'CHU-X')).toBe(true)
})

test('facilities and wards are known where they were listed', () => {
  expect([knowsFacility(byAddress, '990000010'), knowsFacility(byAddress, '990000028')]).toEqual([true, false])
  expect([knowsFacility(anybody, '990000010'), knowsFacility(anybody, '990000028')]).toEqual([true, false])
  expect([knowsWard(byAddress, '990000010', '4101'), knowsWard(byAddress, '990000010', '9999')]).toEqual([true, false])
  expect(knowsWard(byCertificate, 'CHU-X', '9999')).toBe(true)
  expect(knowsWard(anybody, '990000010', '9999')).toBe(true)
})

test('the zone of a facility is the one configured for it', () => {
  expect(configuredZone(byCertificate, 'CHU-X')).toBe('Indian/Reunion')
  expect(configuredZone(byAddress, '990000010')).toBeUndefined()
  expect(configuredZone(anybody, '990000010')).toBeUndefined()
})

test.each([
  ['neither address nor certificate', { authorities: '*' }],
  ['both of them', { authorities: '*', address: '10.0.0.1', certificate: fingerprint }],
  ['a fingerprint with colons', { authorities: '*', certificate: 'ab:cd' }],
  ['no authority', { authorities: [], address: '10.0.0.1' }],
  ['a setting that is none', { authorities: '*', address: '10.0.0.1', trusted: true }],
])('a sender with %s is refused', (_, sender) => {
  expect(ConfiguredSender.safeParse({ id: 'x', ...sender }).success).toBe(false)
})

const actor = (details: Partial<Actor>) => ({ role: 'admissions', ...details }) as Actor

test('a caller speaks for its own organisation, and is tended by it', () => {
  const caller = callerAsSender('rpps:10002909371', '990000010')
  expect(caller).toMatchObject({ id: 'http-rpps-10002909371', quarantineAnswer: 'AE' })
  expect([maySpeakFor(caller, '990000010'), maySpeakFor(caller, 'CHU-X')]).toEqual([true, false])
  expect(mayTendSender(actor({ organisation: '990000010' }), caller)).toBe(true)
})

test('the people of an establishment tend what speaks for it, operators tend all, others nothing', () => {
  expect(mayTendSender(actor({ organisation: '990000010' }), byAddress)).toBe(true)
  expect(mayTendSender(actor({ organisation: 'CHU-X' }), byAddress)).toBe(false)
  expect(mayTendSender(actor({}), anybody)).toBe(false)
  expect(mayTendSender(actor({ role: 'operateur' }), byAddress)).toBe(true)
})

test('the senders of the README are senders', () => {
  const [, example] = readmeBlocks(fileURLToPath(new URL('../../README.md', import.meta.url)))
  expect(example?.language).toBe('json')
  const senders = z.array(ConfiguredSender).parse(JSON.parse(example?.code ?? ''))
  expect(senderOf(senders, { address: '10.0.0.1', certificateFingerprint: senders[0]?.certificate })).toBe(senders[0])
})
