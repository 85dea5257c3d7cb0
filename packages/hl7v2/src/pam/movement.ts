import type { Movement, MovementKind, PatientClass } from '@relais/contracts/stays'
import { segments } from '../message.ts'
import { type KnownPlaces, type Places, readPlaces } from './places.ts'
import {
  atMost,
  doubt,
  given,
  identifierAt,
  oneOf,
  type Reading,
  report,
  required,
  timeAt,
  valueAt,
} from './reading.ts'
import { natures, STATUS_CHANGE, statusChangesOver } from './triggers.ts'

export type ReadMovement = Omit<Movement, 'movementId'>
type Discharge = NonNullable<Movement['discharge']>

const patientClasses = ['E', 'I', 'N', 'O', 'R', 'V'] as const satisfies readonly PatientClass[]

/** Which movement it is: what it means and the event that first announced it. */
export type Announced = { kind: MovementKind; original: string; correction: boolean }

/** ZBE with what PV1, PV2, ZFM and EVN add. `undefined` when something required is missing; the problems say what. */
export function readMovement(reading: Reading, announced: Announced, known: KnownPlaces): ReadMovement | undefined {
  if (segments(reading.message, 'ZBE').length > 1)
    report(reading, {
      path: 'ZBE',
      code: 'structureUnreadable',
      text: 'one ZBE segment is expected: one movement a message',
    })
  const source = identifierAt(reading, { number: 'ZBE-1.1', namespace: 'ZBE-1.2', universalId: 'ZBE-1.3' })
  if (valueAt(reading, 'ZBE-3'))
    report(reading, {
      path: 'ZBE-3',
      code: 'fieldForbidden',
      text: 'PAM.fr forbids this field; what follows may be shifted by one field',
    })
  const historic = oneOf(reading, 'ZBE-5', ['Y', 'N'])
  const nature = readNature(reading, announced)
  const patientClass = oneOf(reading, 'PV1-2', patientClasses)
  const places = readPlaces(reading, known)
  const times = readTimes(reading, places ? known.zoneOf(places.facility) : 'Europe/Paris')
  if (announced.kind === 'discharge') compareDischargeTime(reading)
  if (!source || !historic || !nature || !patientClass || !places || !times) return undefined
  return given<ReadMovement>({
    source: source.identifier,
    ...times,
    historic: historic === 'Y',
    nature,
    patientClass,
    ...placed(reading, places),
    discharge: announced.kind === 'discharge' ? readDischarge(reading) : undefined,
  })
}

function placed(reading: Reading, { facility, medicalWard, careWard }: Places) {
  return { facility, medicalWard, careWard, room: valueAt(reading, 'PV1-3.2'), bed: valueAt(reading, 'PV1-3.3') }
}

function readNature(reading: Reading, { original, correction }: Announced): string | undefined {
  const nature = oneOf(reading, 'ZBE-9', [...natures])
  if (nature === STATUS_CHANGE && !(correction && statusChangesOver.has(original)))
    return report(reading, {
      path: 'ZBE-9',
      code: 'fieldInvalid',
      text: 'C is expected on a Z99 over A01, A04 or A05 only',
    })
  return nature
}

/** ZBE-2 is when it happened; EVN-2, else MSH-7, when the sender's software said so. */
function readTimes(reading: Reading, zone: string) {
  const effectiveLocal = required(reading, 'ZBE-2', 'when the movement takes effect is expected')
  const effectiveAt = timeAt(reading, 'ZBE-2', { zone, toTheMinute: true })
  const reportedPath = valueAt(reading, 'EVN-2') ? 'EVN-2' : 'MSH-7'
  if (!valueAt(reading, reportedPath))
    report(reading, { path: 'EVN-2', code: 'fieldMissing', text: 'when the event was recorded is expected' })
  const reportedAt = timeAt(reading, reportedPath, { zone, toTheMinute: true })
  const expectedDischargeAt = timeAt(reading, 'PV2-9', { zone, toTheMinute: false })
  if (!effectiveLocal || !effectiveAt || !reportedAt) return undefined
  return { effectiveAt, effectiveLocal, reportedAt, expectedDischargeAt }
}

/** A discharge says its time twice. The movement keeps ZBE-2; another PV1-45 is for a person to look at. */
function compareDischargeTime(reading: Reading): void {
  const twice = [valueAt(reading, 'PV1-45'), valueAt(reading, 'ZBE-2')].map((text) => text?.slice(0, 12))
  if (twice[0] && twice[0] !== twice[1]) doubt(reading, 'dischargeTimeDiffers', 'PV1-45')
}

function readDischarge(reading: Reading): Discharge | undefined {
  const discharge = given<Discharge>({
    circumstances: atMost(reading, 'PV1-36', 30),
    exitMode: atMost(reading, 'ZFM-2', 30),
    destinationKind: atMost(reading, 'ZFM-4', 30),
    destinationFacility: atMost(reading, 'PV1-37', 100),
  })
  return Object.keys(discharge).length === 0 ? undefined : discharge
}
