import { movementWards, withoutResponsibility } from '@relais/contracts/pathway'
import type { Instant, ProfessionalId, Ward } from '@relais/contracts/primitives'
import type { Movement, MovementKind, PatientClass } from '@relais/contracts/movements'
import type { Standing } from '@relais/contracts/standing'
import { compareEffect, expects, inOrderOfEffect, opens } from './order.ts'
import { type KnownMovement, lastSaidAt, later, movementOf } from './stay-state.ts'

/** Something that movements say of a patient, and when it was last said. */
type Said<Value> = { value: Value | undefined; at: Instant }

/** Where a patient is, as what, in whose care, and since when. */
export type Place = {
  facility: Said<string>
  patientClass: Said<PatientClass>
  medicalWard: Said<Ward>
  careWard: Said<Ward>
  lodging: Said<{ room?: string | undefined; bed?: string | undefined }>
  attending: Said<ProfessionalId>
  /** Since when in these wards; absent while the patient is only expected. */
  since: Instant | undefined
  hospitalisedAt: Instant | undefined
}

const unsaid = { value: undefined, at: '' }
const nowhere: Place = {
  facility: unsaid,
  patientClass: unsaid,
  medicalWard: unsaid,
  careWard: unsaid,
  lodging: unsaid,
  attending: unsaid,
  since: undefined,
  hospitalisedAt: undefined,
}

/**
 * Where the movements lead to, in order of effect; of withdrawn ones only that they do not count. A movement changes what
 * its event and its nature (ZBE-9) say that it changes; what it leaves out stays what it was. What it repeats besides
 * counts where it was said after the change, because whoever says so late knows better, and whoever said so before a
 * movement was told afterwards did not know of it.
 */
export function placeAfter(movements: readonly KnownMovement[]): Place {
  const expected = movements.filter(({ kind }) => expects(kind))
  const real = movements.filter(({ kind }) => !expects(kind) && kind !== 'plannedTransfer')
  const start = inOrderOfEffect(expected).reduce((place, known) => ({ ...advance(place, known), ...notYet }), nowhere)
  return inOrderOfEffect(real).reduce(advance, start)
}

const notYet = { since: undefined, hospitalisedAt: undefined }

/** Where the patient was when a movement took effect: without it, and with it. */
export function placesAround(
  movements: readonly KnownMovement[],
  known: KnownMovement,
): { before: Place; after: Place } {
  const { movementId } = known.said
  const until = movements.filter((one) => one.said.movementId !== movementId && compareEffect(one, known) <= 0)
  return { before: placeAfter(until), after: placeAfter([...until, known]) }
}

export function wardsOf({ medicalWard, careWard }: Place): Standing['wards'] {
  return movementWards({
    ...(medicalWard.value ? { medicalWard: medicalWard.value } : {}),
    ...(careWard.value ? { careWard: careWard.value } : {}),
  })
}

/** The wards of the first that are none of the others, each alone. */
export function wardsBut(wards: readonly Ward[], ...others: readonly (readonly Ward[])[]): Ward[] {
  const isIn = (ward: Ward) =>
    others.flat().some(({ facility, code }) => facility === ward.facility && code === ward.code)
  return wards.filter((ward) => !isIn(ward)).map(withoutResponsibility)
}

function advance(place: Place, known: KnownMovement): Place {
  const decides = decidedBy(known)
  const { withdrawnAt } = known
  if (withdrawnAt !== undefined) return stillTrue(place, decides, withdrawnAt)
  const movement = movementOf(known)
  const tell = <Value>(part: Part, before: Said<Value>, value: Value | undefined): Said<Value> => {
    const at = part === 'patientClass' ? lastSaidAt(known) : known.saidAt
    if (decides.has(part)) return { value, at }
    return value !== undefined && at > before.at ? { value, at } : before
  }
  const next = {
    facility: tell('facility', place.facility, movement.facility),
    patientClass: tell('patientClass', place.patientClass, movement.patientClass),
    medicalWard: tell('medicalWard', place.medicalWard, movement.medicalWard),
    careWard: tell('careWard', place.careWard, movement.careWard),
    lodging: tell('lodging', place.lodging, lodgingOf(movement)),
    attending: tell('attending', place.attending, movement.attendingPhysician),
  }
  return { ...next, ...sinceWhen(place, { ...place, ...next }, movement.effectiveAt) }
}

function sinceWhen(before: Place, after: Place, at: Instant): Pick<Place, 'since' | 'hospitalisedAt'> {
  const [left, entered] = [wardsOf(before), wardsOf(after)]
  const hasMoved = wardsBut(left, entered).length > 0 || wardsBut(entered, left).length > 0
  const isInpatient = after.patientClass.value === 'I'
  return {
    since: hasMoved ? at : (before.since ?? at),
    hospitalisedAt: isInpatient ? (before.hospitalisedAt ?? at) : undefined,
  }
}

function lodgingOf({ room, bed }: Movement): Place['lodging']['value'] {
  return room === undefined && bed === undefined ? undefined : { room, bed }
}

type Part = 'facility' | 'patientClass' | 'medicalWard' | 'careWard' | 'lodging' | 'attending'

/** What a movement decides. A place is decided only by who names one, an attending physician by who names one. */
function decidedBy(known: KnownMovement): ReadonlySet<Part> {
  const { kind } = known
  const { nature, medicalWard, careWard, attendingPhysician } = movementOf(known)
  const parts = new Set<Part>()
  if (opens(kind) || expects(kind) || changesClass(kind)) parts.add('patientClass')
  if (attendingPhysician && (opens(kind) || kind === 'attendingChange')) parts.add('attending')
  if (!movesPatient(kind)) return parts
  const changes = (letter: string) => opens(kind) || expects(kind) || nature.includes(letter)
  if (changes('H') || changes('L')) parts.add('lodging')
  if (!medicalWard && !careWard) return parts
  if (changes('M')) parts.add('medicalWard')
  // Where a patient lies says who nurses, unless ZBE-8 says otherwise.
  if (changes('S') || (changes('H') && careWard)) parts.add('careWard')
  if (changes('M') || changes('S') || changes('H')) parts.add('facility')
  return parts
}

const changesClass = (kind: MovementKind) => kind === 'toInpatient' || kind === 'toOutpatient'
const movesPatient = (kind: MovementKind) =>
  opens(kind) || expects(kind) || changesClass(kind) || kind === 'transfer' || kind === 'return'

/** A withdrawal says, when it is said, that what came before goes on. */
function stillTrue(place: Place, parts: ReadonlySet<Part>, at: Instant): Place {
  const again = <Value>(part: Part, said: Said<Value>) =>
    parts.has(part) && said.value !== undefined ? { ...said, at: later(said.at, at) } : said
  return {
    ...place,
    facility: again('facility', place.facility),
    patientClass: again('patientClass', place.patientClass),
    medicalWard: again('medicalWard', place.medicalWard),
    careWard: again('careWard', place.careWard),
    lodging: again('lodging', place.lodging),
    attending: again('attending', place.attending),
  }
}
