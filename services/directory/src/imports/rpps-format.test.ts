import { expect, test } from 'vitest'
import { RPPS_HEAD, rppsLine } from './extracts.fixture.ts'
import { type Activity, mergeActivities, rppsFormat } from './rpps-format.ts'

const layout = rppsFormat.layout(RPPS_HEAD) ?? { width: 0, at: () => undefined }
const read = (line: string) => rppsFormat.read(line, layout)
function activity(details: Record<string, string> = {}): Activity {
  const found = read(rppsLine(details))
  if (typeof found === 'string' || 'fault' in found) throw new Error('The line is refused')
  return found.item
}
const place = {
  placeId: 'R10100000328372',
  name: 'CABINET DES TILLEULS',
  address: { lines: ['9 Rue DU PONT'], postcode: '99100', cog: '99001', city: 'Essai-sur-Loire' },
  phone: '0199000003',
  role: 'Libéral',
}

test('an activity is read as a professional and a place', () =>
  expect(activity()).toEqual({
    professionalId: 'rpps:10002909371',
    details: {
      familyName: 'TEST-LEFÈVRE',
      givenName: 'ANNE',
      profession: 'Médecin',
      specialty: 'Médecine générale',
      places: [place],
    },
  }))

test('a professional of an older register keeps that number', () =>
  expect(activity({ "Type d'identifiant PP": '0', 'Identifiant PP': '990000123' }).professionalId).toBe(
    'adeli:990000123',
  ))

test('who works nowhere has no place', () => {
  const nowhere = {
    'Identifiant technique de la structure': '',
    'Raison sociale site': '',
    'Libellé commune (coord. structure)': '',
  }
  expect(activity(nowhere).details.places).toEqual([])
})

test('a place without an id has one that is always the same', () => {
  const [one, other] = [1, 2].map(() => activity({ 'Identifiant technique de la structure': '' }).details.places[0])
  expect(one?.placeId).toMatch(/^[0-9a-f-]{36}$/)
  expect(other?.placeId).toBe(one?.placeId)
  const elsewhere = activity({ 'Identifiant technique de la structure': '', 'Numéro Voie (coord. structure)': '10' })
  expect(elsewhere.details.places[0]?.placeId).not.toBe(one?.placeId)
})

test('know-how that is no speciality is none', () =>
  expect(activity({ 'Code type savoir-faire': 'C' }).details).not.toHaveProperty('specialty'))

test('several activities are one professional, each place once', () => {
  const second = { 'Identifiant technique de la structure': 'R2', 'Libellé savoir-faire': '' }
  const otherwise = activity({ 'Raison sociale site': 'AUTRE' })
  const merged = mergeActivities([activity({ 'Code type savoir-faire': '' }), activity(), otherwise, activity(second)])
  expect(merged.details).toMatchObject({ specialty: 'Médecine générale', places: [place, { placeId: 'R2' }] })
  expect(merged.details.places).toHaveLength(2)
})

test('a number whose key is wrong is a doubt', () =>
  expect(read(rppsLine({ 'Identifiant PP': '10102727017' }))).toMatchObject({
    item: { professionalId: 'rpps:10102727017' },
    warnings: [{ column: 'Identifiant PP', reason: 'keyDoubtful' }],
  }))

const long = 'A'.repeat(201)
test.each([
  ['a line cut short', rppsLine().slice(0, 80), { reason: 'columnsMissing' }],
  ['a cell too many', `${rppsLine()}|`, { reason: 'columnsMissing' }],
  ['no number', rppsLine({ 'Identifiant PP': '' }), { column: 'Identifiant PP', reason: 'missing' }],
  [
    'a number that is none',
    rppsLine({ 'Identifiant PP': '1000290937' }),
    { column: 'Identifiant PP', reason: 'invalid' },
  ],
  [
    'a kind of number that is none',
    rppsLine({ "Type d'identifiant PP": '5' }),
    { column: "Type d'identifiant PP", reason: 'invalid' },
  ],
  ['no name', rppsLine({ "Nom d'exercice": '' }), { column: "Nom d'exercice", reason: 'missing' }],
  ['a name without end', rppsLine({ "Nom d'exercice": long }), { column: "Nom d'exercice", reason: 'tooLong' }],
  ['no profession', rppsLine({ 'Libellé profession': '' }), { column: 'Libellé profession', reason: 'missing' }],
  [
    'a FINESS that is none',
    rppsLine({ 'Numéro FINESS site': '1' }),
    { column: 'Numéro FINESS site', reason: 'invalid' },
  ],
  ['a SIRET that is none', rppsLine({ 'Numéro SIRET site': '1' }), { column: 'Numéro SIRET site', reason: 'invalid' }],
])('%s is refused with its column and its reason', (_, line, fault) => expect(read(line)).toEqual({ fault }))

test.each([
  ['in another order', RPPS_HEAD.split('|').toReversed().join('|'), true],
  ['in capitals without accents', RPPS_HEAD.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase(), true],
  ['without a column that is used', RPPS_HEAD.replace("Nom d'exercice", 'Nom'), false],
  ['with a column twice', `${RPPS_HEAD}Identifiant PP|`, false],
  ['with other separators', RPPS_HEAD.replaceAll('|', ';'), false],
])('a first line %s', (_, firstLine, isKnown) => expect(rppsFormat.layout(firstLine) !== undefined).toBe(isKnown))
