import { expect, test } from 'vitest'
import { missingIn } from './movement-draft.ts'
import { bodyOf, missingOf, newAdmission } from './admission-draft.ts'

const empty = newAdmission('4101', () => 'id')
const filled = {
  ...empty,
  ipp: ' 900001 ',
  birthName: 'TEST-MUGUET',
  givenName: 'DENISE',
  birthDate: '1941-07-09',
  sex: 'F' as const,
}
const known = { now: Date.parse('2026-11-20T16:00:00.000Z'), labels: new Map([['4101', 'Cardiologie']]) }

test('an admission asks who it is, by which number, and into which ward', () => {
  expect(missingOf(empty)).toEqual(['ipp', 'birthName', 'givenName', 'birthDate', 'sex'])
  expect(missingOf(filled)).toEqual([])
  expect(missingIn({ ...filled.movement, medicalWard: '' })).toEqual(['medicalWard'])
})

test('it is said without what was left empty', () =>
  expect(bodyOf(filled, known)).toEqual({
    requestId: 'id',
    patient: { ipp: '900001' },
    identity: {
      birthName: 'TEST-MUGUET',
      givenName: 'DENISE',
      birthDate: '1941-07-09',
      sex: 'F',
      reliability: ['PROV'],
    },
    movement: {
      kind: 'admission',
      effectiveAt: '2026-11-20T16:00:00.000Z',
      medicalWard: { code: '4101', label: 'Cardiologie' },
      patientClass: 'I',
    },
  }))
