import { ResidentIdentity, Room } from '@relais/contracts/residents'
import { folded } from '../domain/folded.ts'
import { cellsOf, type Fault, type Format, type Layout, type ReadLine } from './format.ts'

/** The columns of a file of residents, by the names of its first line; those with `true` may be left out or empty. */
const COLUMNS = {
  numero: false,
  nom_naissance: false,
  nom_utilise: true,
  prenoms: false,
  date_naissance: false,
  sexe: false,
  commune_naissance: true,
  statut_identite: false,
  ins: true,
  ins_oid: true,
  chambre: true,
  date_entree: false,
} as const
type Column = keyof typeof COLUMNS

const names = Object.keys(COLUMNS)
const required = Object.entries(COLUMNS).flatMap(([name, isOptional]) => (isOptional ? [] : [name]))

export type ResidentLine = {
  /** The EHPAD's own number for the resident. */
  number: string
  identity: ResidentIdentity
  room?: string
  enteredAt: string
}

/** `oid`: of an INS whose cell for it is empty. */
export function residentsFormat(oid: string): Format<ResidentLine> {
  return {
    encodings: ['utf-8', 'windows-1252'],
    groups: false,
    subject: ({ number }) => number,
    layout: layoutOf,
    read(line, layout) {
      const cells = cellsOf(line, ';')
      if (!cells) return { fault: { reason: 'quoteUnbalanced' } }
      if (cells.length !== layout.width) return { fault: { reason: 'columnsMissing' } }
      const cell = (column: Column) => cells[layout.at(column) ?? -1] ?? ''
      return residentLine(cell, oid)
    },
  }
}

/** Every required column, no other one, each once. */
function layoutOf(firstLine: string): Layout | undefined {
  const given = cellsOf(firstLine.replace(/^\uFEFF/, ''), ';')?.map((name) => name.toLowerCase())
  const isRight =
    given !== undefined &&
    new Set(given).size === given.length &&
    given.every((name) => names.includes(name)) &&
    required.every((name) => given.includes(name))
  if (!isRight) return undefined
  const at = (column: string) => {
    const place = given.indexOf(column)
    return place < 0 ? undefined : place
  }
  return { width: given.length, at }
}

const statuses: Readonly<Record<string, ResidentIdentity['status']>> = {
  PROVISOIRE: 'provisional',
  RECUPEREE: 'retrieved',
  VALIDEE: 'validated',
  QUALIFIEE: 'qualified',
}
const sexes: Readonly<Record<string, ResidentIdentity['sex']>> = { F: 'F', M: 'M', I: 'U' }

function residentLine(cell: (column: Column) => string, oid: string): ReadLine<ResidentLine> {
  // The keys of an object of columns.
  const empty = (required as Column[]).find((column) => cell(column) === '')
  if (empty) return { fault: { column: empty, reason: 'missing' } }
  const [birthDate, entryDay] = [dayOf(cell('date_naissance')), dayOf(cell('date_entree'))]
  if (!birthDate) return { fault: { column: 'date_naissance', reason: 'invalid' } }
  if (!entryDay) return { fault: { column: 'date_entree', reason: 'invalid' } }
  const identity = ResidentIdentity.safeParse({
    birthName: cell('nom_naissance'),
    ...(cell('nom_utilise') === '' ? {} : { usedName: cell('nom_utilise') }),
    givenNames: cell('prenoms'),
    birthDate,
    sex: sexes[folded(cell('sexe'))],
    ...(cell('commune_naissance') === '' ? {} : { birthplaceCog: cell('commune_naissance') }),
    status: statuses[folded(cell('statut_identite'))],
    ...(cell('ins') === '' ? {} : { ins: { matricule: cell('ins').replace(/ /g, ''), oid: cell('ins_oid') || oid } }),
  })
  if (!identity.success) return { fault: faultOf(identity.error.issues[0]) }
  const room = Room.safeParse(cell('chambre') === '' ? undefined : cell('chambre'))
  if (cell('chambre') !== '' && !room.success) return { fault: { column: 'chambre', reason: 'tooLong' } }
  const entry = { number: cell('numero'), identity: identity.data, enteredAt: `${entryDay}T12:00:00.000Z` }
  return { item: room.success ? { ...entry, room: room.data } : entry }
}

/** `2026-03-01` or `01/03/2026`. Noon in UTC is the same day in every zone of France but one. */
function dayOf(text: string): string | undefined {
  const [, day, month, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text) ?? []
  const iso = year === undefined ? text : `${year}-${month}-${day}`
  return ResidentIdentity.shape.birthDate.safeParse(iso).data
}

const columnOf: Readonly<Record<string, Column>> = {
  birthName: 'nom_naissance',
  usedName: 'nom_utilise',
  givenNames: 'prenoms',
  birthDate: 'date_naissance',
  sex: 'sexe',
  birthplaceCog: 'commune_naissance',
  status: 'statut_identite',
  ins: 'ins',
}

function faultOf(issue: { path: readonly PropertyKey[]; code: string } | undefined): Fault {
  const column = issue?.path[1] === 'oid' ? 'ins_oid' : columnOf[String(issue?.path[0])]
  return { ...(column ? { column } : {}), reason: issue?.code === 'too_big' ? 'tooLong' : 'invalid' }
}
