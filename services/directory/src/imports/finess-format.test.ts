import { expect, test } from 'vitest'
import { FINESS_HEAD, finessLine, GEOLOCATION } from './extracts.fixture.ts'
import { finessFormat } from './finess-format.ts'

const layout = finessFormat.layout(FINESS_HEAD) ?? { width: 0, at: () => undefined }
const read = (line: string) => finessFormat.read(line, layout)
const details = (line: string) => {
  const found = read(line)
  return typeof found === 'object' && 'item' in found ? found.item.details : found
}

test('an establishment is read with its address and its commune', () =>
  expect(read(finessLine())).toEqual({
    item: {
      finess: '990000028',
      details: {
        entity: 'EG',
        legalEntity: '990000010',
        category: '500',
        name: 'RÉSIDENCE LES LILAS',
        address: {
          lines: ['12 R DES ÉRABLES', 'BP 3'],
          postcode: '99100',
          cog: '99001',
          city: 'ESSAI SUR LOIRE',
        },
        zone: 'Europe/Paris',
        phone: '0199000002',
      },
    },
    warnings: [],
  }))

test.each([
  ['9A', '123', 'America/Guadeloupe', '97123'],
  ['9C', '302', 'America/Cayenne', '97302'],
  ['9D', '411', 'Indian/Reunion', '97411'],
  ['9J', '613', 'Pacific/Wallis', '98613'],
  ['2B', '033', 'Europe/Paris', '2B033'],
])('an establishment of %s has the clock and the communes of its place', (departement, commune, zone, cog) =>
  expect(details(finessLine({ departement, commune }))).toMatchObject({ zone, address: { cog } }),
)

test('a short name serves where there is no long one; a quoted cell may hold what separates cells', () => {
  expect(details(finessLine({ long: '' }))).toMatchObject({ name: 'EHPAD LES LILAS' })
  expect(details(finessLine({ long: '"LIEU ""LES LILAS""; ANNEXE"' }))).toMatchObject({
    name: 'LIEU "LES LILAS"; ANNEXE',
  })
})

test('a number whose key is wrong is a doubt', () =>
  expect(read(finessLine({ number: '990000029', legalEntity: '990000011' }))).toMatchObject({
    item: { finess: '990000029' },
    warnings: [
      { column: 'nofinesset', reason: 'keyDoubtful' },
      { column: 'nofinessej', reason: 'keyDoubtful' },
    ],
  }))

test('where a site is on the map is not used', () => expect(read(GEOLOCATION)).toBe('unused'))

test.each([
  ['a line cut short', finessLine().slice(0, 60), { reason: 'columnsMissing' }],
  ['a cell too many', `${finessLine()};`, { reason: 'columnsMissing' }],
  ['a position cut short', GEOLOCATION.slice(0, 30), { reason: 'columnsMissing' }],
  ['a line of another kind', 'equipement;990000028', { column: 'structureet', reason: 'lineKindUnknown' }],
  ['a quote that does not end', finessLine({ long: '"LES LILAS' }), { reason: 'quoteUnbalanced' }],
  ['letters after a quote', finessLine({ long: '"LES"LILAS' }), { reason: 'quoteUnbalanced' }],
  ['no number', finessLine({ number: '' }), { column: 'nofinesset', reason: 'missing' }],
  ['a number that is none', finessLine({ number: '99000002X' }), { column: 'nofinesset', reason: 'invalid' }],
  ['a legal entity that is none', finessLine({ legalEntity: '1' }), { column: 'nofinessej', reason: 'invalid' }],
  ['a category that is none', finessLine({ category: 'EHPAD' }), { column: 'categetab', reason: 'invalid' }],
  ['no name', finessLine({ long: '', short: '' }), { column: 'rs', reason: 'missing' }],
  ['a name without end', finessLine({ long: 'A'.repeat(201) }), { column: 'rslongue', reason: 'tooLong' }],
])('%s is refused with its column and its reason', (_, line, fault) => expect(read(line)).toEqual({ fault }))

test.each(['structureet;990000028', 'nofinesset;nofinessej;rs', 'finess;etalab;111', ''])(
  'a file that begins with «%s» is none of FINESS',
  (firstLine) => expect(finessFormat.layout(firstLine)).toBeUndefined(),
)
