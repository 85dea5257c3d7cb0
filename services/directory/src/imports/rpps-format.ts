import { Place, ProfessionalDetails } from '@relais/contracts/directory'
import { ProfessionalId } from '@relais/contracts/primitives'
import { derivedUuid } from '@relais/events/derived-uuid'
import { rppsKeyIsRight } from '@relais/hl7v2/checks'
import { folded } from '../domain/folded.ts'
import type { Fault, Format, Layout, ReadLine } from './format.ts'

/**
 * The columns that are used of `PS_LibreAcces_Personne_activite_….txt` (ANS, Annuaire santé), one line for each activity
 * of a professional. They are found by name in the first line, whatever their order and however their accents,
 * apostrophes and capitals are written, which have changed over the years.
 */
const COLUMNS = {
  identifierType: "Type d'identifiant PP",
  identifier: 'Identifiant PP',
  familyName: "Nom d'exercice",
  givenName: "Prénom d'exercice",
  profession: 'Libellé profession',
  specialtyType: 'Code type savoir-faire',
  specialty: 'Libellé savoir-faire',
  role: 'Libellé mode exercice',
  siret: 'Numéro SIRET site',
  finess: 'Numéro FINESS site',
  structureId: 'Identifiant technique de la structure',
  structureName: 'Raison sociale site',
  signName: 'Enseigne commerciale site',
  addressee: 'Complément destinataire (coord. structure)',
  site: 'Complément point géographique (coord. structure)',
  streetNumber: 'Numéro Voie (coord. structure)',
  streetRepeat: 'Indice répétition voie (coord. structure)',
  streetKind: 'Libellé type de voie (coord. structure)',
  street: 'Libellé Voie (coord. structure)',
  box: 'Mention distribution (coord. structure)',
  cedex: 'Bureau cedex (coord. structure)',
  postcode: 'Code postal (coord. structure)',
  cog: 'Code commune (coord. structure)',
  city: 'Libellé commune (coord. structure)',
  phone: 'Téléphone (coord. structure)',
} as const
type Column = keyof typeof COLUMNS

export type Activity = { professionalId: ProfessionalId; details: ProfessionalDetails }

export const rppsFormat: Format<Activity> = {
  encodings: ['utf-8'],
  groups: true,
  subject: ({ professionalId }) => professionalId,
  layout: layoutOf,
  read(line, layout) {
    const cells = line.split('|')
    if (cells.length !== layout.width) return { fault: { reason: 'columnsMissing' } }
    return activity((column) => {
      const at = layout.at(COLUMNS[column])
      return at === undefined ? '' : (cells[at]?.trim() ?? '')
    })
  },
}

function layoutOf(firstLine: string): Layout | undefined {
  const names = firstLine.split('|').map(folded)
  const places = new Map<string, number>()
  for (const column of Object.values(COLUMNS)) places.set(column, names.indexOf(folded(column)))
  const isComplete = [...places.values()].every((place) => place >= 0)
  const isPlain = Object.values(COLUMNS).every((column) => names.filter((name) => name === folded(column)).length === 1)
  return isComplete && isPlain ? { width: names.length, at: (column) => places.get(column) } : undefined
}

type Cell = (column: Column) => string

/** 8 is an RPPS number; 0 an ADELI one, for professions that have not moved yet. */
const identifierTypes: Readonly<Record<string, { issuer: string; form: RegExp }>> = {
  8: { issuer: 'rpps', form: /^\d{11}$/ },
  0: { issuer: 'adeli', form: /^[0-9][0-9AB][0-9]{7}$/ },
}

function activity(cell: Cell): ReadLine<Activity> {
  const empty = (['identifier', 'familyName', 'profession'] as const).find((column) => cell(column) === '')
  if (empty) return { fault: { column: COLUMNS[empty], reason: 'missing' } }
  const type = identifierTypes[cell('identifierType')]
  if (!type) return { fault: { column: COLUMNS.identifierType, reason: 'invalid' } }
  if (!type.form.test(cell('identifier'))) return { fault: { column: COLUMNS.identifier, reason: 'invalid' } }
  const place = placeOf(cell)
  if (place && 'fault' in place) return place
  const details = ProfessionalDetails.safeParse({
    familyName: cell('familyName'),
    ...present('givenName', cell('givenName')),
    profession: cell('profession'),
    // S: a recognised speciality. Other kinds of know-how are no speciality.
    ...(cell('specialtyType') === 'S' ? present('specialty', cell('specialty')) : {}),
    places: place ? [place.place] : [],
  })
  if (!details.success) return { fault: faultOf(details.error.issues[0], {}) }
  const professionalId = ProfessionalId.parse(`${type.issuer}:${cell('identifier')}`)
  const isDoubtful = type.issuer === 'rpps' && !rppsKeyIsRight(cell('identifier'))
  const warnings = isDoubtful ? [{ column: COLUMNS.identifier, reason: 'keyDoubtful' as const }] : []
  return { item: { professionalId, details: details.data }, warnings }
}

/** Nothing for an activity without a place, such as that of somebody retired. */
function placeOf(cell: Cell): { place: Place } | { fault: Fault } | undefined {
  const city = cell('city') || cell('cedex').replace(/^\d{5} /, '')
  const name = cell('signName') || cell('structureName') || cell('addressee')
  if (name === '' && city === '' && cell('structureId') === '') return undefined
  const street = (['streetNumber', 'streetRepeat', 'streetKind', 'street'] as const).map(cell).join(' ')
  const lines = [cell('site'), street, cell('box')].map((line) => line.replace(/ +/g, ' ').trim())
  const address = {
    lines: lines.filter((line) => line !== ''),
    ...present('postcode', /^[0-9A-Z][0-9A-Z ]{1,9}$/.exec(cell('postcode'))?.[0] ?? ''),
    ...present('cog', /^[0-9][0-9AB][0-9]{3}$/.exec(cell('cog'))?.[0] ?? ''),
    city,
  }
  const digits = cell('phone').replace(/[ .-]/g, '')
  const place = Place.safeParse({
    placeId: cell('structureId') || derivedUuid('place', cell('siret'), cell('finess'), name, JSON.stringify(address)),
    ...present('finess', cell('finess')),
    ...present('siret', cell('siret')),
    name,
    address,
    ...(/^\+?\d{6,15}$/.test(digits) ? { phone: digits } : {}),
    ...present('role', cell('role')),
  })
  if (place.success) return { place: place.data }
  return { fault: faultOf(place.error.issues[0], { finess: 'finess', siret: 'siret', placeId: 'structureId' }) }
}

function present(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value }
}

const columns: Readonly<Record<string, Column>> = {
  familyName: 'familyName',
  givenName: 'givenName',
  profession: 'profession',
  specialty: 'specialty',
  name: 'structureName',
  address: 'city',
  role: 'role',
}

type Issue = { path: readonly PropertyKey[]; code: string }
function faultOf(issue: Issue | undefined, others: Readonly<Record<string, Column>>): Fault {
  const field = String(issue?.path[0])
  const column = others[field] ?? columns[field]
  const reason = issue?.code === 'too_big' ? ('tooLong' as const) : ('invalid' as const)
  return { ...(column === undefined ? {} : { column: COLUMNS[column] }), reason }
}

/** What several activities say of one professional: all the places, each once; the first line says the rest. */
export function mergeActivities([first, ...others]: readonly [Activity, ...Activity[]]): Activity {
  const activities = [first, ...others]
  const places = new Map<string, Place>()
  for (const { details } of activities)
    for (const place of details.places) if (!places.has(place.placeId)) places.set(place.placeId, place)
  const specialty = activities.map(({ details }) => details.specialty).find((text) => text !== undefined)
  const details = { ...first.details, ...(specialty === undefined ? {} : { specialty }), places: [...places.values()] }
  return { ...first, details }
}
