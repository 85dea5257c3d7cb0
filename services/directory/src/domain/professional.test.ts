import type { ProfessionalEvent } from '@relais/contracts/directory'
import type { ProfessionalId } from '@relais/contracts/primitives'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { professional, type ProfessionalCommand } from './professional.ts'

const { given } = specification(professional)

const professionalId = 'rpps:10002909371' as ProfessionalId
const person = { familyName: 'TEST-LEFÈVRE', givenName: 'Anne', profession: 'Médecin' }
const place = (placeId: string, name = placeId) => ({ placeId, name, address: { lines: [], city: 'ESSAI' } })
type Place = ReturnType<typeof place>

const says = (...places: Place[]): ProfessionalCommand => ({
  type: 'SayProfessional',
  professionalId,
  details: { ...person, places },
})
const extract = (...places: Place[]): ProfessionalCommand => ({ ...says(...places), type: 'ExtractProfessional' })
type Sourced = Place & { source: 'extract' | 'person' }
const told = (type: ProfessionalEvent['type'], ...places: Sourced[]): ProfessionalEvent => ({
  type,
  data: { keyOwner: 'directory', professionalId, details: { ...person, places } },
})
const byExtract = (placeId: string, name = placeId): Sourced => ({ ...place(placeId, name), source: 'extract' })
const byPerson = (placeId: string, name = placeId): Sourced => ({ ...place(placeId, name), source: 'person' })

test('a professional of the extract is registered with every place', () =>
  given()
    .when(extract(place('A'), place('B')))
    .thenEvents(told('ProfessionalRegistered', byExtract('A'), byExtract('B'))))
test('the same extract again changes nothing', () =>
  given(told('ProfessionalRegistered', byExtract('A')))
    .when(extract(place('A')))
    .thenNothing())
test('a place that a later extract no longer has is gone', () =>
  given(told('ProfessionalRegistered', byExtract('A'), byExtract('B')))
    .when(extract(place('B')))
    .thenEvents(told('ProfessionalChanged', byExtract('B'))))
test('a place that a person said stays beside those of the extract', () =>
  given(told('ProfessionalRegistered', byExtract('A'), byPerson('M')))
    .when(extract(place('B')))
    .thenEvents(told('ProfessionalChanged', byExtract('B'), byPerson('M'))))
test('what a person said of a place of the extract stands', () =>
  given(told('ProfessionalRegistered', byPerson('A', 'CABINET')))
    .when(extract(place('A')))
    .thenNothing())
test('a place that a person gives back unchanged stays the extract’s', () =>
  given(told('ProfessionalRegistered', byExtract('A')))
    .when(says(place('A'), place('M')))
    .thenEvents(told('ProfessionalChanged', byExtract('A'), byPerson('M'))))
test('two places do not bear one id', () =>
  given()
    .when(says(place('A'), place('A', 'AUTRE')))
    .thenRejected({ code: 'placeIdRepeated' }))

const anyPlaces = fc.uniqueArray(fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('1', '2')), {
  selector: ([id]) => id,
})
const anyCommand = fc.tuple(fc.boolean(), anyPlaces).map(([isExtract, places]) => {
  const said = places.map(([id, name]) => place(id, name))
  return isExtract ? extract(...said) : says(...said)
})
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(professional, anyCommand))
