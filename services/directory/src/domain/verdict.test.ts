import { expect, test } from 'vitest'
import { folded } from './folded.ts'
import { judge, likeness, type Traits } from './verdict.ts'

const ins = { matricule: '241079900000182', oid: '1.2.250.1.213.1.4.10' }
const zoe: Traits = { birthName: 'TEST-ÉGLANTINE', birthDate: '1941-07-09', sex: 'F', givenName: 'Zoé Marie', ins }

test.each([
  ['TEST-ÉGLANTINE', 'Test Eglantine'],
  ["D'ÇOURS", 'D’Cours'],
  ['ŒUVRARD', 'oeuvrard'],
  [' LE  GALL ', 'LE GALL'],
  ['MU\u0308LLER', 'MÜLLER'],
])('%s and %s are one name', (one, other) => expect(folded(one)).toBe(folded(other)))

test.each([
  ['everything agrees', {}, { is: 'same' }],
  ['accents and the given name differ', { birthName: 'test eglantine', givenName: 'Z.' }, { is: 'same' }],
  ['the sex is not known', { sex: 'U' }, { is: 'doubted', reason: 'traitsDiffer', differing: ['sex'] }],
  [
    'the name is not known',
    { birthName: undefined },
    { is: 'doubted', reason: 'traitsDiffer', differing: ['birthName'] },
  ],
  ['the INS is another', { ins: { ...ins, matricule: '241079900000281' } }, { is: 'contrary' }],
  ['the INS is of another range', { ins: { ...ins, oid: '1.2.250.1.213.1.4.11' } }, { is: 'contrary' }],
  ['there is no INS', { ins: undefined }, { is: 'doubted', reason: 'insMissing', differing: [] }],
  [
    'there is no INS, and the given name differs',
    { ins: undefined, givenName: 'Jeanne' },
    { is: 'doubted', reason: 'insMissing', differing: ['givenName'] },
  ],
  ['there is no INS, and the day differs', { ins: undefined, birthDate: '1941-07-10' }, { is: 'other' }],
] as const)('when %s', (_, details, verdict) => {
  const given: Traits = { ...zoe, ...details }
  expect(judge(zoe, given)).toEqual(verdict)
  expect(judge(given, zoe)).toEqual(verdict)
})

test('of two people whose sex is not known nobody knows whether it is the same', () =>
  expect(judge({ ...zoe, sex: 'U' }, { ...zoe, sex: 'U' })).toMatchObject({ is: 'doubted', differing: ['sex'] }))

test('who lacks a trait resembles nobody', () => {
  expect(likeness(zoe)).toEqual(['TEST EGLANTINE', '1941-07-09', 'F'])
  for (const missing of [{ sex: 'U' }, { sex: undefined }, { birthName: undefined }, { birthDate: undefined }])
    expect(likeness({ ...zoe, ...missing })).toBeUndefined()
})
