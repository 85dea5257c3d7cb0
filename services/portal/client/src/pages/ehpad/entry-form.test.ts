import { expect, test } from 'vitest'
import { emptyIdentity, faultsOf, formOf, identityOf } from './entry-form.ts'

const oid = '1.2.250.1.213.1.4.10'
const zoe = {
  ...emptyIdentity(oid),
  birthName: ' TEST-ÉGLANTINE ',
  givenNames: 'ZOÉ MARIE',
  birthDate: '1941-07-09',
  sex: 'F' as const,
}

test('an empty form says what is missing', () =>
  expect(faultsOf(emptyIdentity(oid), '2026-11-27')).toEqual({
    birthName: 'required',
    givenNames: 'required',
    birthDate: 'required',
    sex: 'required',
  }))

test('a qualified identity has its INS, as people write it, and no other one has', () => {
  expect(faultsOf({ ...zoe, status: 'qualified' }, '2026-11-27')).toEqual({ matricule: 'required' })
  const qualified = { ...zoe, status: 'qualified' as const, matricule: '2 41 07 99 000 001 82' }
  expect(faultsOf(qualified, '2026-11-27')).toEqual({})
  expect(identityOf(qualified)).toMatchObject({
    birthName: 'TEST-ÉGLANTINE',
    ins: { matricule: '241079900000182', oid },
  })
  expect(identityOf({ ...qualified, status: 'validated' })).not.toHaveProperty('ins')
})

test('a birth in the future, and a commune that is none, are said', () =>
  expect(faultsOf({ ...zoe, birthDate: '2026-11-28', birthplaceCog: '4410' }, '2026-11-27')).toEqual({
    birthDate: 'invalid',
    birthplaceCog: 'invalid',
  }))

test('an identity that is known fills the form, and is the same when it is sent', () => {
  const identity = identityOf({ ...zoe, usedName: 'TEST-ROSE', birthplaceCog: '2a004' })
  expect(identityOf(formOf(identity, oid))).toEqual(identity)
})
