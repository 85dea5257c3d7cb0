import { expect, test } from 'vitest'
import { pamMessage, withField } from '../fixtures.ts'
import { decodeMessage } from '../message.ts'
import { interpretPam } from './interpret.ts'
import type { KnownPlaces } from './places.ts'

const everything: KnownPlaces = { zoneOf: () => 'Europe/Paris', knowsFacility: () => true, knowsWard: () => true }

function read(edits: Record<string, string>, known: KnownPlaces = everything) {
  const text = Object.entries(edits).reduce((message, [path, value]) => withField(message, path, value), pamMessage())
  const decoded = decodeMessage(new TextEncoder().encode(text))
  const result = decoded.ok && interpretPam(decoded.message, known)
  if (!result || result.kind !== 'movement') throw new Error(JSON.stringify(result))
  return result.report
}

test.each([
  [{}, '990000010'],
  [{ 'ZBE-7': 'A^^^^^CH&990000036&N^UF^^^1' }, '990000036'],
  [{ 'ZBE-7': 'A^^^^^CH^UF^^^1' }, 'CH'],
  [{ 'ZBE-7': 'A^^^^^^UF^^^1', 'ZBE-8': 'B^^^^^CH&990000044&N^UF^^^2' }, '990000044'],
  [{ 'ZBE-7': 'A^^^^^^UF^^^1', 'ZBE-8': '', 'PV1-3': '^^^CH&990000051&M' }, '990000051'],
  [{ 'ZBE-7': '', 'ZBE-8': '', 'PV1-3': '^^^CH' }, 'CH'],
  [{ 'ZBE-7': '', 'ZBE-8': '', 'PV1-3': '', 'MSH-4': 'CH^990000069^N' }, '990000069'],
  [{ 'ZBE-7': '', 'ZBE-8': '', 'PV1-3': '', 'MSH-4': 'CH' }, 'CH'],
])('with %j the facility is %s', (edits, facility) => expect(read(edits).movement.facility).toBe(facility))

test('a movement without any facility has a problem', () => {
  const text = ['ZBE-7', 'ZBE-8', 'PV1-3', 'MSH-4'].reduce(
    (message, path) => withField(message, path, ''),
    pamMessage(),
  )
  const decoded = decodeMessage(new TextEncoder().encode(text))
  expect(decoded.ok && interpretPam(decoded.message, everything)).toMatchObject({
    kind: 'problems',
    problems: [{ path: 'PV1-3.4', code: 'fieldMissing' }],
  })
})

test.each([
  ['ZBE-7', 'Médecine A^^^^^CH-ESSAI&990000010&N^UF^^^41\\X00\\01', 'ZBE-7.10'],
  ['ZBE-7', 'Médecine\\X00\\A^^^^^CH-ESSAI&990000010&N^UF^^^4101', 'ZBE-7.1'],
  ['ZBE-7', 'Médecine A^^^^^CH-ESSAI&9900\\X1F\\00010&N^UF^^^4101', 'ZBE-7.6.2'],
  ['ZBE-1', '90\u00010001^GAP-ESSAI^1.2.250.1.213.9.1^ISO', 'ZBE-1.1'],
  ['PV1-19', '90\\X7F\\0001^^^CH-ESSAI&1.2.250.1.213.9.1&ISO^VN', 'PV1-19.1'],
  ['PID-3', '90\\X00\\0001^^^CH-ESSAI&1.2.250.1.213.9.1&ISO^PI', 'PID-3(1).1'],
])('a control character in %s = %j is a problem at %s', (field, value, path) => {
  const decoded = decodeMessage(new TextEncoder().encode(withField(pamMessage(), field, value)))
  expect(decoded.ok && interpretPam(decoded.message, everything)).toMatchObject({
    kind: 'problems',
    problems: [{ path, code: 'fieldInvalid', expected: { code: 'noControlCharacter' } }],
  })
})

test('a quote of windows-1252 in the label of a ward is read as it was declared', () => {
  const text = withField(pamMessage({ charset: '8859/1' }), 'ZBE-7', 'M\u0092A^^^^^CH-ESSAI&990000010&N^UF^^^4101')
  const decoded = decodeMessage(Buffer.from(text, 'latin1'))
  const read = decoded.ok && interpretPam(decoded.message, everything)
  expect(read).toMatchObject({ kind: 'movement', report: { movement: { medicalWard: { label: 'M\u0092A' } } } })
})

const facility = '990000010'
test.each([
  [{ 'ZBE-8': '' }, { facility, code: '4101', label: 'Médecine A' }, undefined],
  [{ 'ZBE-7': '""^^^^^^UF^^^""', 'ZBE-8': '^^^^^^UF^^^77' }, undefined, { facility, code: '77' }],
  [
    { 'ZBE-7': 'A^^^^^X&990000036&N^UF^^^1', 'ZBE-8': 'B^^^^^^UF^^^2' },
    { facility: '990000036', code: '1', label: 'A' },
    { facility: '990000036', code: '2', label: 'B' },
  ],
  [{ 'ZBE-7': '', 'ZBE-8': '', 'PV1-3': '4103^12^2^CH&990000010&N' }, undefined, { facility, code: '4103' }],
  [{ 'ZBE-8': '', 'PV1-3': '4103^12^2^CH&990000010&N' }, { facility, code: '4101', label: 'Médecine A' }, undefined],
  [{ 'ZBE-7': '', 'ZBE-8': '' }, undefined, undefined],
])('with %j the wards are %j and %j', (edits, medicalWard, careWard) => {
  const { movement } = read(edits)
  expect([movement.medicalWard, movement.careWard]).toEqual([medicalWard, careWard])
})

test('an unknown facility is flagged once, an unknown ward of a known facility by itself', () => {
  expect(read({}, { ...everything, knowsFacility: () => false, knowsWard: () => false }).flags).toEqual([
    { code: 'facilityUnknown', path: 'ZBE-7.6' },
  ])
  expect(read({}, { ...everything, knowsWard: () => false }).flags).toEqual([
    { code: 'wardUnknown', path: 'ZBE-7.10' },
    { code: 'wardUnknown', path: 'ZBE-8.10' },
  ])
  expect(
    read({ 'ZBE-8': '' }, { ...everything, knowsWard: (at, code) => at === facility && code === '4101' }).flags,
  ).toEqual([])
})

test('a FINESS with a wrong key is kept and flagged', () => {
  const { movement, flags } = read({ 'ZBE-7': 'A^^^^^CH&990000011&N^UF^^^1' })
  expect(movement.facility).toBe('990000011')
  expect(flags).toEqual([{ code: 'finessKeyWrong', path: 'ZBE-7.6' }])
  expect(read({ 'ZBE-7': 'A^^^^^CH-X^UF^^^1' }).flags).toEqual([])
})

test('times are those of the clock of the facility', () => {
  const known = { ...everything, zoneOf: (at: string) => (at === facility ? 'Indian/Reunion' : 'Europe/Paris') }
  expect(read({}, known).movement.effectiveAt).toBe('2026-11-02T06:00:00.000Z')
})
