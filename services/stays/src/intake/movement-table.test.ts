import { ProfessionalId } from '@relais/contracts/primitives'
import type { Standing, StandingNature } from '@relais/contracts/standing'
import type { StayEvent } from '@relais/contracts/stays'
import { pamMessage, type PamMessage, withField } from '@relais/hl7v2/fixtures'
import { expect, test } from 'vitest'
import { ELSEWHERE, FACILITY, openStays, senderAt, type Stays } from '../stays.fixture.ts'

type Message = Partial<PamMessage>
type StandingChanged = Extract<StayEvent, { type: 'StandingChanged' }>['data']

/** A row of the table of events of ITI-31 (PAM.fr 2.11): what inserts a movement, what corrects it, what cancels it. */
type Row = {
  name: string
  before: readonly Message[]
  insert: Message
  fact: StayEvent['type']
  nature: StandingNature
  becomes: Partial<Standing>
  correct: Message
  corrected: Partial<Standing>
  cancel: Message
}

const local = (time: string) => `20261102${time.replace(':', '')}00`
/** Paris is an hour ahead of UTC in November. */
const utc = (time: string) =>
  `2026-11-02T${String(Number(time.slice(0, 2)) - 1).padStart(2, '0')}${time.slice(2)}:00.000Z`
const at = (time: string, given: Message): Message => ({ effective: local(time), ...given })
const here = (code: string) => [{ facility: FACILITY, code, label: 'Médecine A', responsibility: 'both' as const }]

const expected = at('08:00', { trigger: 'A05', movement: 'M1' })
const atEmergency = at('09:00', { trigger: 'A04', class: 'E', ward: '8782', movement: 'M2' })
const admitted = at('10:00', { trigger: 'A01', movement: 'M3' })
const away = at('12:00', { trigger: 'A21', movement: 'M4' })

const rows: readonly Row[] = [
  {
    name: 'admission of an inpatient: A01, Z99, A11',
    before: [expected],
    insert: admitted,
    fact: 'PatientAdmitted',
    nature: 'admitted',
    becomes: {
      status: 'present',
      patientClass: 'I',
      arrivedAt: utc('10:00'),
      hospitalisedAt: utc('10:00'),
      wards: here('4101'),
    },
    correct: at('10:30', { original: 'A01', ward: '4102' }),
    corrected: { arrivedAt: utc('10:30'), wards: here('4102'), placeSince: utc('10:30') },
    cancel: at('10:00', { trigger: 'A11', preadmission: 'P1' }),
  },
  {
    name: 'registration at the emergency department: A04, Z99, A11',
    before: [expected],
    insert: atEmergency,
    fact: 'PatientRegistered',
    nature: 'arrived',
    becomes: { status: 'present', patientClass: 'E', arrivedAt: utc('09:00'), wards: here('8782') },
    correct: at('09:00', { original: 'A04', class: 'O', ward: '8783' }),
    corrected: { patientClass: 'O', wards: here('8783') },
    cancel: at('09:00', { trigger: 'A11', original: 'A04', class: 'E', preadmission: 'P1' }),
  },
  {
    name: 'discharge: A03, Z99, A13',
    before: [admitted],
    insert: at('16:00', { trigger: 'A03', exitMode: '8', circumstances: '3', dischargeTime: local('16:00') }),
    fact: 'PatientDischarged',
    nature: 'discharged',
    becomes: {
      status: 'discharged',
      dischargedAt: utc('16:00'),
      discharge: { exitMode: '8', circumstances: '3' },
      died: false,
    },
    correct: at('16:10', { original: 'A03', exitMode: '9' }),
    corrected: { status: 'discharged', dischargedAt: utc('16:10'), died: true },
    cancel: at('16:00', { trigger: 'A13' }),
  },
  {
    name: 'pre-admission: A05, Z99, A38',
    before: [],
    insert: at('08:00', { trigger: 'A05', planned: local('14:00') }),
    fact: 'PatientPreadmitted',
    nature: 'expected',
    becomes: { status: 'expected', expectedAt: utc('14:00'), wards: here('4101') },
    correct: at('08:00', { original: 'A05', planned: local('15:00'), ward: '4102' }),
    corrected: { status: 'expected', expectedAt: utc('15:00'), wards: here('4102') },
    cancel: at('08:00', { trigger: 'A38' }),
  },
  {
    name: 'an outpatient becomes an inpatient: A06, Z99, A07',
    before: [atEmergency],
    insert: at('11:00', { trigger: 'A06', class: 'I', ward: '4101' }),
    fact: 'OutpatientBecameInpatient',
    nature: 'becameInpatient',
    becomes: { patientClass: 'I', arrivedAt: utc('09:00'), hospitalisedAt: utc('11:00'), wards: here('4101') },
    correct: at('11:30', { original: 'A06', class: 'I', ward: '4102' }),
    corrected: { patientClass: 'I', hospitalisedAt: utc('11:30'), wards: here('4102') },
    cancel: at('11:00', { trigger: 'A07', action: 'CANCEL', original: 'A06', class: 'E', ward: '8782' }),
  },
  {
    name: 'an inpatient becomes an outpatient: A07, Z99, A06',
    before: [admitted],
    insert: at('11:00', { trigger: 'A07', class: 'O', ward: '5201' }),
    fact: 'InpatientBecameOutpatient',
    nature: 'becameOutpatient',
    becomes: { patientClass: 'O', wards: here('5201') },
    correct: at('11:00', { original: 'A07', class: 'E', ward: '8782' }),
    corrected: { patientClass: 'E', wards: here('8782') },
    cancel: at('11:00', { trigger: 'A06', action: 'CANCEL', original: 'A07', class: 'I' }),
  },
  {
    name: 'transfer: A02, Z99, A12',
    before: [admitted],
    insert: at('14:00', { trigger: 'A02', ward: '4102', room: '7', bed: '1' }),
    fact: 'PatientTransferred',
    nature: 'moved',
    becomes: { status: 'present', wards: here('4102'), placeSince: utc('14:00'), room: '7', bed: '1' },
    correct: at('14:00', { original: 'A02', ward: '4102', room: '8', bed: '' }),
    corrected: { wards: here('4102'), room: '8' },
    cancel: at('14:00', { trigger: 'A12' }),
  },
  {
    name: 'change of attending physician: A54, Z99, A55',
    before: [{ ...admitted, attendingRpps: '10100000001' }],
    insert: at('14:00', { trigger: 'A54', nature: 'M', attendingRpps: '10002909371' }),
    fact: 'AttendingPhysicianChanged',
    nature: 'attendingChanged',
    becomes: { attendingPhysician: ProfessionalId.parse('rpps:10002909371') },
    correct: at('14:00', { original: 'A54', nature: 'M', attendingRpps: '10000023084' }),
    corrected: { attendingPhysician: ProfessionalId.parse('rpps:10000023084') },
    cancel: at('14:00', { trigger: 'A55', nature: 'M' }),
  },
  {
    name: 'leave: A21, Z99, A52',
    before: [admitted],
    insert: away,
    fact: 'LeaveBegan',
    nature: 'leaveBegan',
    becomes: { status: 'onLeave', awaySince: utc('12:00'), wards: here('4101') },
    correct: at('12:30', { original: 'A21' }),
    corrected: { status: 'onLeave', awaySince: utc('12:30') },
    cancel: at('12:00', { trigger: 'A52' }),
  },
  {
    name: 'return from leave: A22, Z99, A53',
    before: [admitted, away],
    insert: at('18:00', { trigger: 'A22', ward: '4102' }),
    fact: 'LeaveEnded',
    nature: 'leaveEnded',
    becomes: { status: 'present', wards: here('4102'), placeSince: utc('18:00') },
    correct: at('18:00', { original: 'A22', ward: '4101' }),
    corrected: { status: 'present', wards: here('4101'), placeSince: utc('10:00') },
    cancel: at('18:00', { trigger: 'A53' }),
  },
  {
    name: 'planned admission: A14, Z99, A27',
    before: [],
    insert: at('08:00', { trigger: 'A14', planned: '20261105090000' }),
    fact: 'AdmissionPlanned',
    nature: 'expected',
    becomes: { status: 'expected', expectedAt: '2026-11-05T08:00:00.000Z', wards: here('4101') },
    correct: at('08:00', { original: 'A14', planned: '20261106090000' }),
    corrected: { status: 'expected', expectedAt: '2026-11-06T08:00:00.000Z' },
    cancel: at('08:00', { trigger: 'A27' }),
  },
  {
    name: 'planned transfer: A15, Z99, A26',
    before: [admitted],
    insert: at('11:00', { trigger: 'A15', planned: local('17:00'), plannedWard: '4102' }),
    fact: 'TransferPlanned',
    nature: 'planned',
    becomes: {
      wards: here('4101'),
      plannedTransfer: { at: utc('17:00'), wards: [{ facility: FACILITY, code: '4102' }] },
    },
    correct: at('11:00', { original: 'A15', planned: local('18:00'), plannedWard: '4103' }),
    corrected: {
      wards: here('4101'),
      plannedTransfer: { at: utc('18:00'), wards: [{ facility: FACILITY, code: '4103' }] },
    },
    cancel: at('11:00', { trigger: 'A26' }),
  },
  {
    name: 'planned discharge: A16, Z99, A25',
    before: [admitted],
    insert: at('11:00', { trigger: 'A16', planned: '20261104110000', expectedDischarge: '20261104110000' }),
    fact: 'DischargePlanned',
    nature: 'planned',
    becomes: { status: 'present', expectedDischargeAt: '2026-11-04T10:00:00.000Z' },
    correct: at('11:00', { original: 'A16', planned: '20261105110000', expectedDischarge: '' }),
    corrected: { expectedDischargeAt: '2026-11-05T10:00:00.000Z' },
    cancel: at('11:00', { trigger: 'A25' }),
  },
]

test.each(rows)('$name', async (row) => {
  const stays = await openStays()
  for (const message of row.before) await accepted(stays, message)
  const earlier = await lastStanding(stays)

  await accepted(stays, { ...row.insert, movement: 'ROW', controlId: 'INSERT' })
  expect(await types(stays)).toContain(row.fact)
  const inserted = await lastChange(stays)
  expect(inserted).toMatchObject({ nature: row.nature, standing: row.becomes })
  expect(inserted.before).toEqual(earlier)

  const correction = { trigger: 'Z99', movement: 'ROW', controlId: 'CORRECT', recorded: local('20:00') }
  await accepted(stays, { ...row.insert, action: 'UPDATE', ...row.correct, ...correction })
  expect(await lastChange(stays)).toMatchObject({ nature: 'corrected', standing: row.corrected })

  await accepted(stays, { ...row.cancel, movement: 'ROW', controlId: 'CANCEL', recorded: local('21:00') })
  const withdrawn = await lastChange(stays)
  expect(withdrawn.nature).toBe('withdrawn')
  const nothing = { status: 'withdrawn', facility: FACILITY, wards: [], died: false, confidential: false }
  expect(withdrawn.standing).toEqual(earlier ?? nothing)
})

async function accepted(stays: Stays, message: Message): Promise<void> {
  expect(await stays.send(message)).toMatchObject({ code: 'AA' })
}

const types = async (stays: Stays) => (await stays.facts()).map(({ type }) => type)

async function changes(stays: Stays): Promise<StandingChanged[]> {
  return (await stays.facts()).flatMap(({ event }) => (event?.type === 'StandingChanged' ? [event.data] : []))
}

async function lastChange(stays: Stays): Promise<StandingChanged> {
  const last = (await changes(stays)).at(-1)
  if (!last) throw new Error('Nothing is known of the stay')
  return last
}

const lastStanding = async (stays: Stays) => (await changes(stays)).at(-1)?.standing

test('a visit that is attributed to another patient: A44', async () => {
  const stays = await openStays()
  await accepted(stays, { ...admitted, ipp: '900001' })
  const move = { trigger: 'A44', ipp: '900002', formerIpp: '900001', formerVisit: 'V900001', recorded: local('15:00') }
  await accepted(stays, { ...move, familyName: 'TEST-AUTRE', controlId: 'MOVE' })
  await accepted(stays, { ...move, familyName: 'TEST-AUTRE', controlId: 'MOVE' })

  const [first, taken, moved, identified] = (await stays.facts()).flatMap(({ event }) =>
    event && ['PatientAdmitted', 'StayTakenFromPatient', 'StayMovedToPatient'].includes(event.type) ? [event] : [],
  )
  expect([taken?.type, moved?.type, identified]).toEqual(['StayTakenFromPatient', 'StayMovedToPatient', undefined])
  const wrong = patientOf(first)
  expect(patientOf(taken)).toBe(wrong)
  expect(patientOf(moved)).not.toBe(wrong)
  expect(await lastChange(stays)).toMatchObject({ nature: 'movedToPatient', patientId: patientOf(moved) })

  // What was said before of the wrong patient is still of the stay; what is said of that one afterwards waits.
  const transfer = { trigger: 'A02', movement: 'M9', effective: local('12:00'), ward: '4102', ipp: '900001' }
  await accepted(stays, { ...transfer, recorded: local('12:00') })
  expect(await lastChange(stays)).toMatchObject({ nature: 'moved', patientId: patientOf(moved) })
  const late = { ...transfer, movement: 'M10', recorded: local('16:00'), controlId: 'LATE' }
  expect(await stays.send(late)).toMatchObject({ code: 'AE', errors: [{ path: 'PID-3' }] })
  await accepted(stays, { ...late, ipp: '900002', controlId: 'RIGHT' })
})

test('a sender moves no visit from a patient of another establishment', async () => {
  const known = { address: '10.0.0.1' }
  const stays = await openStays({ senders: [senderAt(known.address)] })
  const message = withField(
    pamMessage({ trigger: 'A44', formerIpp: '900001' }),
    'MRG-1',
    `900001^^^CH-AILLEURS&${ELSEWHERE}&N^PI`,
  )
  expect(await stays.send(message, known)).toMatchObject({ code: 'AR', errors: [{ path: 'MRG-1' }] })
  expect(await types(stays)).toEqual(['MessageRefused'])
})

test.each(['V', 'A', ''])('A11 with PV1-51 %j withdraws the admission', async (visitIndicator) => {
  const stays = await openStays()
  await accepted(stays, admitted)
  await accepted(stays, { ...admitted, trigger: 'A11', visitIndicator, recorded: local('11:00') })
  expect(await lastChange(stays)).toMatchObject({ nature: 'withdrawn', standing: { status: 'withdrawn' } })
})

const patientOf = (event: { data: object } | undefined) =>
  event && 'patientId' in event.data ? event.data.patientId : undefined
