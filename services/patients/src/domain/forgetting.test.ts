import { type ForgettingEvent, ForgettingId } from '@relais/contracts/forgetting'
import { PatientId, type ProfessionalId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { forgetting, type ForgetPerson } from './forgetting.ts'

const { given } = specification(forgetting)

const forgettingId = ForgettingId.parse('00000000-0000-4000-8000-0000000000f9')
const patient = (n: number) => PatientId.parse(`00000000-0000-4000-8000-00000000000${n}`)
const said = { forgettingId, motive: 'à la demande de la personne', by: 'ght-essai:dpo' as ProfessionalId }
const at = '2026-03-01T10:00:00.000Z'

const forget = (ids: readonly number[], isDoubted = false): ForgetPerson => ({
  type: 'ForgetPerson',
  ...said,
  patientIds: ids.map(patient),
  isDoubted,
  at,
})
const forgotten = (n: number): ForgettingEvent => ({
  type: 'PatientForgotten',
  data: { ...said, patientId: patient(n), decidedAt: at },
})

test('a person is forgotten under every number', () =>
  given()
    .when(forget([1, 2]))
    .thenEvents(forgotten(1), forgotten(2)))
test('asked for once more, nothing is decided', () =>
  given(forgotten(1), forgotten(2))
    .when(forget([2, 1]))
    .thenNothing())
test('a number that was linked since is forgotten, too', () =>
  given(forgotten(1))
    .when(forget([1, 2]))
    .thenEvents(forgotten(2)))
test('nobody is forgotten while it is in doubt who is one person', () => {
  given()
    .when(forget([1], true))
    .thenRejected({ code: 'linksInDoubt' })
  given(forgotten(1))
    .when(forget([1], true))
    .thenNothing()
})

const anyForget = fc
  .tuple(fc.subarray([1, 2, 3, 4, 5], { minLength: 1 }), fc.boolean())
  .map(([ids, isDoubted]) => forget(ids, isDoubted))
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(forgetting, anyForget))
