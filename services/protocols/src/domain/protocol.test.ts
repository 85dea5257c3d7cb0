import { ProfessionalId } from '@relais/contracts/primitives'
import { ProtocolDefinition, PROTOCOLS_KEY } from '@relais/contracts/protocols'
import { assertRepeatsAreQuiet } from '@relais/testkit/idempotence'
import { specification } from '@relais/testkit/specification'
import fc from 'fast-check'
import { test } from 'vitest'
import { dischargeHome } from '../shipped/discharge-home.ts'
import { protocol, type ProtocolCommand } from './protocol.ts'

const { given } = specification(protocol)
const { protocolId } = dischargeHome
const definition = ProtocolDefinition.parse(dischargeHome.definition)
const by = ProfessionalId.parse('cpts:alix')
const NOW = '2026-11-03T08:00:00.000Z'
const NEXT = '2026-12-01T00:00:00.000Z'
const said = { protocolId, by, at: NOW }
const publish = (version: number, effectiveFrom: string | undefined, changes: object = {}) => ({
  type: 'Publish' as const,
  version,
  definition: ProtocolDefinition.parse({ ...definition, ...changes }),
  effectiveFrom,
  ...said,
})
const retire = (from: string) => ({ type: 'Retire' as const, from, ...said })
const key = { keyOwner: PROTOCOLS_KEY, protocolId }
const published = (version: number, effectiveFrom: string) => ({
  type: 'ProtocolPublished' as const,
  data: { ...key, version, definition, effectiveFrom, by, publishedAt: NOW },
})
const retired = { type: 'ProtocolRetired' as const, data: { ...key, version: 1, at: NEXT, by, retiredAt: NOW } }

test('a first version is published', () => given().when(publish(1, NOW)).thenEvents(published(1, NOW)))
test('the same version again changes nothing', () => given(published(1, NOW)).when(publish(1, NOW)).thenNothing())
test('a version that was published is not written anew', () =>
  given(published(1, NOW))
    .when(publish(1, NOW, { title: 'Autre' }))
    .thenRejected({ code: 'versionPublished' }))
test('a version of which nobody says from when applies from its publication on', () =>
  given().when(publish(1, undefined)).thenEvents(published(1, NOW)))
test('said again later, it applies from when it did', () =>
  given(published(1, NOW))
    .when({ ...publish(1, undefined), at: NEXT })
    .thenNothing())
test('versions follow one another', () =>
  given(published(1, NOW)).when(publish(3, NEXT)).thenRejected({ code: 'versionSkipped', expected: 2 }))
test('a version applies from the moment of its publication at the earliest', () =>
  given().when(publish(1, '2026-11-03T07:59:59.999Z')).thenRejected({ code: 'effectiveInPast' }))
test('two versions do not apply on the same day', () =>
  given(published(1, NOW)).when(publish(2, NOW)).thenRejected({ code: 'effectiveOverlaps', previous: NOW }))
test('a later version applies later', () =>
  given(published(1, NOW)).when(publish(2, NEXT)).thenEvents(published(2, NEXT)))
test('a definition that does not hold together is not published', () =>
  given()
    .when(publish(1, NOW, { coordinator: 'uf:990000010/2104' }))
    .thenRejected({
      code: 'definitionInvalid',
      problems: [
        {
          path: 'coordinator',
          message: 'La coordination est une structure (finess:…) ou un professionnel (rpps:…).',
        },
      ],
    }))
test('a protocol is retired from a day on', () => given(published(1, NOW)).when(retire(NEXT)).thenEvents(retired))
test('a protocol that was retired is retired once', () =>
  given(published(1, NOW), retired).when(retire(NOW)).thenNothing())
test('a protocol that was retired may come back later, not on the day when it ends', () => {
  const later = '2027-01-01T00:00:00.000Z'
  given(published(1, NOW), retired).when(publish(2, later)).thenEvents(published(2, later))
  given(published(1, NOW), retired).when(publish(2, NEXT)).thenRejected({ code: 'effectiveOverlaps', previous: NEXT })
})
test('a protocol is not retired from a day that is past', () =>
  given(published(1, NOW)).when(retire('2026-11-03T07:59:59.999Z')).thenRejected({ code: 'retiredInPast' }))
test('a protocol that nobody wrote is not retired', () =>
  given().when(retire(NEXT)).thenRejected({ code: 'protocolUnknown' }))

const times = [NOW, NEXT, '2027-01-01T00:00:00.000Z']
const anyTime = fc.constantFrom(...times)
const anyCommand: fc.Arbitrary<ProtocolCommand> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(undefined, ...times), fc.constantFrom('Un', 'Deux'))
    .map(([version, from, title]) => publish(version, from, { title })),
  anyTime.map(retire),
)
test('handling any accepted command twice is handling it once', () => assertRepeatsAreQuiet(protocol, anyCommand))
