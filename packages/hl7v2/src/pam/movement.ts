import type { ProfessionalId } from '@relais/contracts/primitives'
import type { Movement, MovementKind, PatientClass } from '@relais/contracts/movements'
import { segments } from '../message.ts'
import { readAttendingPhysician } from './participants.ts'
import { type KnownPlaces, type Places, readPlaces, readPlannedWard } from './places.ts'
import {
  atMost,
  doubt,
  given,
  identifierAt,
  oneOf,
  type Reading,
  report,
  reportedTime,
  required,
  timeAt,
  valueAt,
} from './reading.ts'
import { classesAfter, natures, STATUS_CHANGE, statusChangesOver } from './triggers.ts'

export type ReadMovement = Omit<Movement, 'movementId'>
type Discharge = NonNullable<Movement['discharge']>

const patientClasses = ['E', 'I', 'N', 'O', 'R', 'V'] as const satisfies readonly PatientClass[]

export type MovementAction = 'insert' | 'update' | 'cancel'

/** Which movement it is: what it means, the event that first announced it, and what is now said of it. */
export type Announced = { kind: MovementKind; original: string; action: MovementAction }

/** ZBE with what PV1, PV2, ZFM and EVN add. `undefined` when something required is missing; the problems say what. */
export function readMovement(reading: Reading, announced: Announced, known: KnownPlaces): ReadMovement | undefined {
  if (segments(reading.message, 'ZBE').length > 1)
    report(reading, {
      path: 'ZBE',
      code: 'structureUnreadable',
      expected: 'oneMovement',
    })
  const source = identifierAt(reading, { number: 'ZBE-1.1', namespace: 'ZBE-1.2', universalId: 'ZBE-1.3' })
  if (valueAt(reading, 'ZBE-3'))
    report(reading, {
      path: 'ZBE-3',
      code: 'fieldForbidden',
      expected: 'emptyField',
    })
  const historic = oneOf(reading, 'ZBE-5', ['Y', 'N'])
  const nature = readNature(reading, announced)
  const patientClass = readClass(reading, announced)
  const places = readPlaces(reading, known)
  const zone = places ? known.zoneOf(places.facility) : 'Europe/Paris'
  const times = { ...readTimes(reading, zone), ...readPlans(reading, zone, announced) }
  const attendingPhysician = readAttending(reading, places?.facility ?? '', announced)
  if (announced.kind === 'discharge') compareDischargeTime(reading)
  const { effectiveAt, effectiveLocal, reportedAt } = times
  if (!source || !historic || !nature || !patientClass || !places) return undefined
  if (!effectiveAt || !effectiveLocal || !reportedAt) return undefined
  return given<ReadMovement>({
    source: source.identifier,
    ...times,
    effectiveAt,
    effectiveLocal,
    reportedAt,
    historic: historic === 'Y',
    nature,
    patientClass,
    ...placed(reading, places),
    plannedWard: announced.kind === 'plannedTransfer' ? readPlannedWard(reading, places.facility) : undefined,
    discharge: departures.has(announced.kind) ? readDischarge(reading) : undefined,
    attendingPhysician,
    confidential: readProtection(reading),
  })
}

function placed(reading: Reading, { facility, medicalWard, careWard }: Places) {
  return { facility, medicalWard, careWard, room: valueAt(reading, 'PV1-3.2'), bed: valueAt(reading, 'PV1-3.3') }
}

/** An event that contradicts the class as sent is doubted: the class counts. */
function readClass(reading: Reading, { original, action }: Announced): PatientClass | undefined {
  const patientClass = oneOf(reading, 'PV1-2', patientClasses)
  const expected = action === 'insert' ? classesAfter.get(original) : undefined
  if (patientClass && expected && !expected.includes(patientClass)) doubt(reading, 'classUnexpected', 'PV1-2')
  return patientClass
}

function readNature(reading: Reading, { original, action }: Announced): string | undefined {
  const nature = oneOf(reading, 'ZBE-9', [...natures])
  if (nature === STATUS_CHANGE && !(action === 'update' && statusChangesOver.has(original)))
    return report(reading, {
      path: 'ZBE-9',
      code: 'fieldInvalid',
      expected: 'statusChange',
    })
  return nature
}

/** ZBE-2 is when it happened; EVN-2, else MSH-7, when the sender's software said so. */
function readTimes(reading: Reading, zone: string) {
  const effectiveLocal = required(reading, 'ZBE-2', { expected: 'effectiveTime' })
  const effectiveAt = timeAt(reading, 'ZBE-2', { zone, toTheMinute: true })
  return { effectiveAt, effectiveLocal, reportedAt: reportedTime(reading, zone) }
}

/** What is planned, for when: EVN-3 where the event is a plan, else PV2-8 for a coming and PV2-9 for a discharge. */
function readPlans(reading: Reading, zone: string, { kind, action }: Announced) {
  const read = (path: string) => timeAt(reading, path, { zone, toTheMinute: false })
  const expectedDischargeAt = read('PV2-9')
  switch (kind) {
    case 'preadmission':
    case 'plannedAdmission':
      return { expectedDischargeAt, plannedAt: read('EVN-3') ?? read('PV2-8') }
    case 'plannedTransfer':
      return { expectedDischargeAt, plannedAt: read('EVN-3') }
    case 'plannedDischarge': {
      const plannedAt = expectedDischargeAt ?? read('EVN-3')
      const isMissing = !plannedAt && action !== 'cancel' && !valueAt(reading, 'PV2-9') && !valueAt(reading, 'EVN-3')
      if (isMissing) report(reading, { path: 'EVN-3', code: 'fieldMissing', expected: 'plannedDischarge' })
      return { expectedDischargeAt: plannedAt }
    }
    default:
      return { expectedDischargeAt }
  }
}

function readAttending(reading: Reading, facility: string, { kind, action }: Announced): ProfessionalId | undefined {
  const attending = readAttendingPhysician(reading, facility)
  if (!attending && kind === 'attendingChange' && action !== 'cancel')
    report(reading, { path: 'PV1-7', code: 'fieldMissing', expected: 'attendingPhysician' })
  return attending
}

/** PV2-22. */
function readProtection(reading: Reading): boolean | undefined {
  const indicator = valueAt(reading, 'PV2-22')
  return indicator === 'Y' || indicator === 'N' ? indicator === 'Y' : undefined
}

/** A discharge says its time twice. The movement keeps ZBE-2; another PV1-45 is for a person to look at. */
function compareDischargeTime(reading: Reading): void {
  const twice = [valueAt(reading, 'PV1-45'), valueAt(reading, 'ZBE-2')].map((text) => text?.slice(0, 12))
  if (twice[0] && twice[0] !== twice[1]) doubt(reading, 'dischargeTimeDiffers', 'PV1-45')
}

/** What has left says where to; what is announced may say it too. */
const departures: ReadonlySet<MovementKind> = new Set(['discharge', 'plannedDischarge'])

function readDischarge(reading: Reading): Discharge | undefined {
  const discharge = given<Discharge>({
    circumstances: atMost(reading, 'PV1-36', 30),
    exitMode: atMost(reading, 'ZFM-2', 30),
    destinationKind: atMost(reading, 'ZFM-4', 30),
    destinationFacility: atMost(reading, 'PV1-37', 100),
  })
  return Object.keys(discharge).length === 0 ? undefined : discharge
}
