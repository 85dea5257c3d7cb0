import { Actor } from '@relais/contracts/actor'
import { expect, test } from 'vitest'
import { mayAnswerFor, maySortFor, queuesOf, recipientsOf, wardRecipient } from './recipients.ts'

const wardNurse = Actor.parse({
  id: 'ch:42',
  role: 'infirmier',
  organisation: '990000010',
  wards: ['2104', 'salle 3'],
  scopes: [],
})
const names = ['ch:42', 'finess:990000010', 'uf:990000010/2104']

test('a nurse is written to by name, with her establishment, and with her wards', () =>
  expect(recipientsOf(wardNurse)).toEqual(names))

test('a code that cannot stand in a name has no queue', () =>
  expect(wardRecipient({ facility: '990000010', code: 'salle 3' })).toBeUndefined())

test('a professional without an establishment is written to by name alone', () => {
  const { organisation: _, ...alone } = wardNurse
  expect(recipientsOf(alone)).toEqual(['ch:42'])
})

test.each(['admissions', 'operateur', 'coordinateur', 'secretaire'])(
  'what is for those who give care is not for the role %s of the same establishment',
  (role) => {
    expect(recipientsOf({ ...wardNurse, role })).toEqual(['ch:42'])
    expect(mayAnswerFor({ ...wardNurse, role }, 'finess:990000010')).toBe(false)
  },
)

test('a secretary sorts the queue of her establishment and of its wards', () => {
  expect(queuesOf({ ...wardNurse, role: 'secretaire' })).toEqual(names)
  expect(maySortFor({ ...wardNurse, role: 'secretaire' }, 'finess:990000010')).toBe(true)
})

test('an admissions clerk sorts no queue but her own', () =>
  expect(queuesOf({ ...wardNurse, role: 'admissions' })).toEqual(['ch:42']))

test('whoever gives care sorts what he or she may answer', () => expect(queuesOf(wardNurse)).toEqual(names))
