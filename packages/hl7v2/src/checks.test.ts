import { expect, test } from 'vitest'
import { finessKeyIsRight, insKeyIsRight, insKeyOf, rppsKeyIsRight } from './checks.ts'

test.each([
  ['279035121518989', true, 'the published test identity'],
  ['279035121518988', false, 'another key'],
  ['241079900000182', true, 'our invented patient'],
  ['279032A12151849', true, 'Corse-du-Sud counts as 19'],
  ['279031912151849', true, 'so it has the key of a département 19'],
  ['279032B12151876', true, 'Haute-Corse counts as 18'],
  ['279031812151876', true, 'so it has the key of a département 18'],
  ['279032C12151849', false, 'there is no 2C'],
  ['2790351215189', false, 'the key is missing'],
  ['2790351215189890', false, 'too long'],
  ['', false, 'nothing'],
])('the INS %s has a right key: %s (%s)', (matricule, right) => expect(insKeyIsRight(matricule)).toBe(right))

test('the key of an INS lies between 01 and 97', () => {
  const keys = Array.from({ length: 97 }, (_, index) => insKeyOf(String(2_790_351_215_100 + index)))
  expect(new Set(keys)).toEqual(new Set(Array.from({ length: 97 }, (_, index) => String(index + 1).padStart(2, '0'))))
  expect(insKeyOf('27903512151')).toBeUndefined()
})

test.each([
  ['990000010', true],
  ['990000011', false],
  ['2A0000154', true],
  ['2B0000020', true],
  ['2A0000155', false],
  ['000897406', false],
  ['99000001', false],
  ['2C0000150', false],
])('the FINESS %s has a right key: %s', (finess, right) => expect(finessKeyIsRight(finess)).toBe(right))

test.each([
  ['10002909371', true],
  ['10000023084', true],
  ['10102727017', false],
  ['10003461033', false],
  ['1000290937', false],
  ['1000290937A', false],
])('the RPPS %s has a right key: %s', (rpps, right) => expect(rppsKeyIsRight(rpps)).toBe(right))
