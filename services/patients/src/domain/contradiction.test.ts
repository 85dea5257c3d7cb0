import { expect, test } from 'vitest'
import { contradictionsBetween } from './contradiction.ts'

const ins = { matricule: '241079900000182', oid: '1.2.250.1.213.1.4.10' }
const otherIns = { ...ins, matricule: '241079900000281' }
const zoe = { status: 'qualified', ins, birthDate: '1941-07-09', sex: 'F' } as const

test.each([
  ['is the same', {}, []],
  ['has another qualified INS', { ins: otherIns }, ['ins']],
  ['has another INS, which is not qualified', { ins: otherIns, status: 'retrieved' }, []],
  ['has no INS', { ins: undefined, status: 'validated' }, []],
  ['was born another day', { birthDate: '1941-07-10' }, ['birthDate']],
  ['has no birth date', { birthDate: undefined }, []],
  ['is of the other sex', { sex: 'M' }, ['sex']],
  ['is of unknown sex', { sex: 'U' }, []],
  ['differs in all of it', { ins: otherIns, birthDate: '1950-01-01', sex: 'M' }, ['ins', 'birthDate', 'sex']],
  ['is provisional, hence made up', { status: 'provisional', ins: undefined, birthDate: '1900-01-01', sex: 'M' }, []],
] as const)('of two identities, one of which %s', (_, details, contradictions) => {
  expect(contradictionsBetween(zoe, { ...zoe, ...details })).toEqual(contradictions)
  expect(contradictionsBetween({ ...zoe, ...details }, zoe)).toEqual(contradictions)
})
