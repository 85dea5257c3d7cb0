import type { FacilityDetails, FacilityEvent, Finess } from '@relais/contracts/directory'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { facility, type FacilityCommand } from './facility.ts'

const { given } = specification(facility)

const finess: Finess = '990000028'
const at = '2026-03-01T10:00:00.000Z'
const named = (name: string): FacilityDetails => ({
  entity: 'EG',
  category: '500',
  name,
  address: { lines: ['1 RUE DES LILAS'], city: 'ESSAI' },
  zone: 'Europe/Paris',
})
const say = (name: string, source: 'extract' | 'person'): FacilityCommand => ({
  type: 'SayFacility',
  finess,
  details: named(name),
  source,
})
const said = (type: 'FacilityRegistered' | 'FacilityChanged', name: string, source: 'extract' | 'person') =>
  ({ type, data: { keyOwner: 'directory', finess, details: named(name), source } }) satisfies FacilityEvent
const closed: FacilityEvent = { type: 'FacilityClosed', data: { keyOwner: 'directory', finess, closedAt: at } }
const close: FacilityCommand = { type: 'CloseFacility', finess, at }

test('a facility of the national extract is registered', () =>
  given()
    .when(say('LES LILAS', 'extract'))
    .thenEvents(said('FacilityRegistered', 'LES LILAS', 'extract')))
test('the same extract again changes nothing', () =>
  given(said('FacilityRegistered', 'LES LILAS', 'extract'))
    .when(say('LES LILAS', 'extract'))
    .thenNothing())
test('a later extract that says otherwise changes it', () =>
  given(said('FacilityRegistered', 'LES LILAS', 'extract'))
    .when(say('LES ROSES', 'extract'))
    .thenEvents(said('FacilityChanged', 'LES ROSES', 'extract')))
test('what a person said stands against later extracts', () =>
  given(said('FacilityRegistered', 'LES LILAS', 'extract'), said('FacilityChanged', 'LES ROSES', 'person'))
    .when(say('LES LILAS', 'extract'))
    .thenNothing())
test('a person may correct what a person said', () =>
  given(said('FacilityRegistered', 'LES LILAS', 'person'))
    .when(say('LES ROSES', 'person'))
    .thenEvents(said('FacilityChanged', 'LES ROSES', 'person')))
test('a facility closes once', () =>
  given(said('FacilityRegistered', 'LES LILAS', 'extract'), closed)
    .when(close)
    .thenNothing())
test('no extract opens a facility that a person has closed', () =>
  given(said('FacilityRegistered', 'LES LILAS', 'extract'), closed)
    .when(say('LES ROSES', 'extract'))
    .thenNothing())
test('a person opens it again', () =>
  given(said('FacilityRegistered', 'LES LILAS', 'extract'), closed)
    .when(say('LES LILAS', 'person'))
    .thenEvents(said('FacilityRegistered', 'LES LILAS', 'person')))
test('a facility that nobody knows cannot close', () => given().when(close).thenRejected({ code: 'facilityUnknown' }))

const anyCommand = fc.oneof(
  fc
    .tuple(fc.constantFrom('A', 'B'), fc.constantFrom('extract' as const, 'person' as const))
    .map(([name, by]) => say(name, by)),
  fc.constant(close),
)
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(facility, anyCommand))
