import { Finess, FacilityDetails } from '@relais/contracts/directory'
import { finessKeyIsRight } from '@relais/hl7v2/checks'
import { cellsOf, type Fault, type Format, type Layout, type ReadLine } from './format.ts'

/**
 * The columns of a `structureet` line of the FINESS extract "établissements" (DREES and ANS, `etalab-cs1100502-stock-…`),
 * in their order. The file has no line of names: its first line is `finess;etalab;<version>;<day>`.
 */
const COLUMNS = [
  'structureet',
  'nofinesset',
  'nofinessej',
  'rs',
  'rslongue',
  'complrs',
  'compldistrib',
  'numvoie',
  'typvoie',
  'voie',
  'compvoie',
  'lieuditbp',
  'commune',
  'departement',
  'libdepartement',
  'ligneacheminement',
  'telephone',
  'telecopie',
  'categetab',
  'libcategetab',
  'categagretab',
  'libcategagretab',
  'siret',
  'codeape',
  'codemft',
  'libmft',
  'codesph',
  'libsph',
  'dateouv',
  'dateautor',
  'datemaj',
  'numuai',
] as const
type Column = (typeof COLUMNS)[number]

/** `geolocalisation;nofinesset;coordx;coordy;source;datemaj`: where a site is, which nobody asks here. */
const GEOLOCATION_WIDTH = 6
const FIRST_LINE = /^finess;etalab;\d+;\d{4}-\d{2}-\d{2};?$/

/** Départements as FINESS codes them beyond the sea: the two digits that begin a commune's code, and the zone. */
const overseas: Readonly<Record<string, { cog: string; zone: string }>> = {
  '9A': { cog: '97', zone: 'America/Guadeloupe' },
  '9B': { cog: '97', zone: 'America/Martinique' },
  '9C': { cog: '97', zone: 'America/Cayenne' },
  '9D': { cog: '97', zone: 'Indian/Reunion' },
  '9E': { cog: '97', zone: 'America/Miquelon' },
  '9F': { cog: '97', zone: 'Indian/Mayotte' },
  '9J': { cog: '98', zone: 'Pacific/Wallis' },
}

export type Establishment = { finess: Finess; details: FacilityDetails }

export const finessFormat: Format<Establishment> = {
  encodings: ['utf-8', 'windows-1252'],
  groups: false,
  subject: ({ finess }) => `finess:${finess}`,
  layout: (firstLine) =>
    FIRST_LINE.test(firstLine.replace(/^\uFEFF/, ''))
      ? { width: COLUMNS.length, at: (column) => COLUMNS.findIndex((name) => name === column) }
      : undefined,
  read(line, { width }: Layout): ReadLine<Establishment> {
    const cells = cellsOf(line, ';')
    if (!cells) return { fault: { reason: 'quoteUnbalanced' } }
    if (cells[0] === 'geolocalisation')
      return cells.length === GEOLOCATION_WIDTH ? 'unused' : { fault: { reason: 'columnsMissing' } }
    if (cells[0] !== 'structureet') return { fault: { column: 'structureet', reason: 'lineKindUnknown' } }
    if (cells.length !== width) return { fault: { reason: 'columnsMissing' } }
    return establishment((column) => cells[COLUMNS.indexOf(column)] ?? '')
  },
}

type Cell = (column: Column) => string

function establishment(cell: Cell): ReadLine<Establishment> {
  const empty = (['nofinesset', 'categetab', 'ligneacheminement'] as const).find((column) => cell(column) === '')
  if (empty) return { fault: { column: empty, reason: 'missing' } }
  const name = cell('rslongue') || cell('rs')
  if (name === '') return { fault: { column: 'rs', reason: 'missing' } }
  const finess = Finess.safeParse(cell('nofinesset'))
  if (!finess.success) return { fault: { column: 'nofinesset', reason: 'invalid' } }
  const read = FacilityDetails.safeParse({
    entity: 'EG',
    ...(cell('nofinessej') === '' ? {} : { legalEntity: cell('nofinessej') }),
    category: cell('categetab'),
    name,
    address: addressOf(cell),
    zone: overseas[cell('departement')]?.zone ?? 'Europe/Paris',
    ...phoneOf(cell),
  })
  if (!read.success) return { fault: faultOf(read.error.issues[0]) }
  return { item: { finess: finess.data, details: read.data }, warnings: doubts(finess.data, read.data) }
}

function addressOf(cell: Cell) {
  const street = ['numvoie', 'typvoie', 'voie', 'compvoie'] as const
  const lines = [cell('complrs'), cell('compldistrib'), street.map(cell).join(' '), cell('lieuditbp')]
  const [, postcode, city] = /^(\d{5}) (.+)$/.exec(cell('ligneacheminement')) ?? []
  const cog = `${overseas[cell('departement')]?.cog ?? cell('departement')}${cell('commune')}`
  return {
    lines: lines.map((line) => line.replace(/ +/g, ' ').trim()).filter((line) => line !== ''),
    ...(postcode === undefined ? {} : { postcode }),
    ...(/^[0-9][0-9AB][0-9]{3}$/.test(cog) ? { cog } : {}),
    city: city ?? cell('ligneacheminement'),
  }
}

/** A telephone number is a convenience: one that is none is left out, and the establishment kept. */
function phoneOf(cell: Cell): { phone?: string } {
  const digits = cell('telephone').replace(/[ .-]/g, '')
  return /^\d{10}$/.test(digits) ? { phone: digits } : {}
}

const columnOf: Readonly<Record<string, Column>> = {
  legalEntity: 'nofinessej',
  category: 'categetab',
  name: 'rslongue',
  address: 'ligneacheminement',
}

function faultOf(issue: { path: readonly PropertyKey[]; code: string } | undefined): Fault {
  const column = columnOf[String(issue?.path[0])]
  const reason = issue?.code === 'too_big' ? 'tooLong' : 'invalid'
  return { ...(column === undefined ? {} : { column }), reason }
}

function doubts(finess: Finess, { legalEntity }: FacilityDetails): Fault[] {
  const numbers = [
    { column: 'nofinesset', number: finess },
    { column: 'nofinessej', number: legalEntity },
  ]
  return numbers
    .filter(({ number }) => number !== undefined && !finessKeyIsRight(number))
    .map(({ column }) => ({ column, reason: 'keyDoubtful' }))
}
