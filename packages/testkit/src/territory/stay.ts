import { MessageId, MovementId, type PatientId, StayId, type Ward } from '@relais/contracts/primitives'
import type { Movement, PatientClass } from '@relais/contracts/movements'
import type { Standing, StandingNature } from '@relais/contracts/standing'
import type { StayEvent } from '@relais/contracts/stays'
import { type Chance, TERRITORY_HOSPITAL, uuidOf, wardOf } from './people.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export type Step = 'registration' | 'admission' | 'toInpatient' | 'transfer' | 'discharge'
/** A stay that has not ended yet: what it needs to go on. */
export type OpenStay = {
  stayId: StayId
  patientId: PatientId
  person: number
  movements: number
  /** Of its stream. */
  revision: number
  standing: Standing | undefined
  /** The revision that was told last. */
  told: number | undefined
  /** What is still to come, and how long after what comes before it. */
  plan: { step: Step; after: number; ward: Ward; room: string; bed: string }[]
}

/** Half of the stays begin at the emergency department, where a third of them end. */
export function plannedStay(
  named: { seed: number; number: number; person: number; patientId: PatientId },
  { below, percent }: Chance,
): OpenStay {
  const { seed, number, person, patientId } = named
  const place = () => ({ ward: wardOf(below(1000)), room: String(1 + below(40)), bed: percent(50) ? 'A' : 'B' })
  const days = () => HOUR * (12 + below(24 * 9))
  const emergency = { step: 'registration' as const, after: 0, ward: wardOf(0), room: '1', bed: String(below(30)) }
  const isEmergency = percent(50)
  const staysOn = !isEmergency || percent(66)
  const plan: OpenStay['plan'] = [
    ...(isEmergency ? [emergency] : [{ step: 'admission' as const, after: 0, ...place() }]),
    ...(isEmergency && staysOn ? [{ step: 'toInpatient' as const, after: HOUR * (1 + below(9)), ...place() }] : []),
    ...(staysOn && percent(35) ? [{ step: 'transfer' as const, after: days(), ...place() }] : []),
    { step: 'discharge', after: staysOn ? days() : HOUR * (1 + below(7)), ...place() },
  ]
  const stayId = StayId.parse(uuidOf(seed, 'stay', number))
  return { stayId, patientId, person, movements: 0, revision: -1, standing: undefined, told: undefined, plan }
}

const types = {
  registration: 'PatientRegistered',
  admission: 'PatientAdmitted',
  toInpatient: 'OutpatientBecameInpatient',
  transfer: 'PatientTransferred',
  discharge: 'PatientDischarged',
} as const
const natures = {
  registration: 'arrived',
  admission: 'admitted',
  toInpatient: 'becameInpatient',
  transfer: 'moved',
  discharge: 'discharged',
} as const satisfies Record<Step, StandingNature>

export type Taken = { events: [movement: StayEvent, changed: Extract<StayEvent, { type: 'StandingChanged' }>] }

/** Takes the next step of a stay: the movement, and what the stay then is. Moves `stay` on. */
export function takeStep(stay: OpenStay, { step, ward, room, bed }: OpenStay['plan'][number], at: number): Taken {
  const { stayId, patientId, standing: before } = stay
  const happenedAt = new Date(at).toISOString()
  const messageId = MessageId.parse(uuidOf(stayId, 'message', stay.movements))
  const patientClass: PatientClass =
    step === 'registration' ? 'E' : before?.patientClass === 'E' && step === 'discharge' ? 'E' : 'I'
  const isEnd = step === 'discharge' && before !== undefined
  const [last] = before?.wards ?? []
  const here = isEnd && last ? { facility: last.facility, code: last.code } : ward
  const movement: Movement = {
    movementId: MovementId.parse(uuidOf(stayId, 'movement', stay.movements)),
    source: { authority: TERRITORY_HOSPITAL, number: `M${stay.movements}` },
    effectiveAt: happenedAt,
    effectiveLocal: happenedAt.replaceAll(/\D/g, '').slice(0, 14),
    reportedAt: happenedAt,
    historic: false,
    nature: 'HMS',
    patientClass,
    facility: TERRITORY_HOSPITAL,
    medicalWard: here,
    careWard: here,
    ...(isEnd ? { discharge: { exitMode: '8' } } : { room, bed }),
  }
  const standing: Standing = {
    status: isEnd ? 'discharged' : 'present',
    patientClass,
    facility: TERRITORY_HOSPITAL,
    wards: [{ ...here, responsibility: 'both' }],
    room: isEnd ? (before.room ?? room) : room,
    bed: isEnd ? (before.bed ?? bed) : bed,
    placeSince: isEnd ? (before.placeSince ?? happenedAt) : happenedAt,
    arrivedAt: before?.arrivedAt ?? happenedAt,
    ...(patientClass === 'I' ? { hospitalisedAt: before?.hospitalisedAt ?? happenedAt } : {}),
    ...(isEnd
      ? { dischargedAt: happenedAt, discharge: { exitMode: '8' } }
      : { expectedDischargeAt: new Date(at + 5 * DAY).toISOString() }),
    died: false,
    confidential: false,
  }
  const subject = { stayId, patientId, messageId }
  const leaving = step === 'transfer' && last ? [{ facility: last.facility, code: last.code }] : []
  const type = types[step]
  const said = { ...subject, movement, flags: [] }
  const moved: StayEvent =
    type === 'PatientTransferred' || type === 'PatientDischarged'
      ? { type, data: { ...said, leaving } }
      : { type, data: said }
  const changed = ['status', 'wards', 'room', 'bed', 'placeSince']
  const data = { ...subject, nature: natures[step], happenedAt, standing, ...(before ? { before } : {}), changed }
  stay.standing = standing
  stay.movements += 1
  stay.revision += 2
  return { events: [moved, { type: 'StandingChanged', data }] }
}
