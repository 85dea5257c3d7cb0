import { expect, test } from 'vitest'
import { askedIn } from './asked-patient.ts'

test('who is asked for is named by a number and by who gave it', () => {
  expect(askedIn('#authority=990000010&number=900001')).toEqual({ authority: '990000010', number: '900001' })
  expect(askedIn('#authority=CH%20d%E2%80%99Essai&number=A%2F1')).toEqual({ authority: 'CH d’Essai', number: 'A/1' })
})

test('half a name, or none, asks for nobody', () => {
  for (const fragment of ['', '#', '#number=900001', '#authority=990000010&number=', '#content'])
    expect(askedIn(fragment)).toBeUndefined()
})
