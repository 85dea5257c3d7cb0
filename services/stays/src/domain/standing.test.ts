import type { Standing } from '@relais/contracts/standing'
import { specification } from '@relais/testkit/specification'
import { describe, expect, test } from 'vitest'
import { type SetConfidential, stay, type StayCommand } from './stay.ts'
import {
  facility,
  identity,
  lastStanding,
  message,
  on,
  patientId,
  physician,
  says,
  stayId,
  told,
  ward,
} from './stay.fixture.ts'

const { given } = specification(stay)

const standingAfter = (...commands: StayCommand[]): Partial<Standing> => lastStanding(told(commands)) ?? {}
const both = (code: string) => [{ ...ward(code), responsibility: 'both' as const }]
const medical = (code: string) => ({ ...ward(code), responsibility: 'medical' as const })
const care = (code: string) => ({ ...ward(code), responsibility: 'care' as const })

const admitted = says({ n: 1, in: 'A', room: '1', bed: '1' })
const standing: Standing = {
  status: 'present',
  patientClass: 'I',
  facility,
  wards: both('A'),
  room: '1',
  bed: '1',
  placeSince: on('08:00'),
  arrivedAt: on('08:00'),
  hospitalisedAt: on('08:00'),
  died: false,
  confidential: false,
}
const subject = (n: number) => ({ stayId, patientId, messageId: message(n) })
const admission = {
  type: 'PatientAdmitted' as const,
  data: { ...subject(1), movement: admitted.movement, flags: [] },
}
const identified = {
  type: 'IdentityReported' as const,
  data: { ...subject(1), reportedAt: on('09:01'), identity: identity(0) },
}
const changed = ['arrivedAt', 'bed', 'confidential', 'died', 'facility', 'hospitalisedAt', 'patientClass', 'placeSince']

test('what is recorded ends with what the stay now is', () =>
  given()
    .when(admitted)
    .thenEvents(admission, identified, {
      type: 'StandingChanged',
      data: {
        ...subject(1),
        nature: 'admitted',
        happenedAt: on('08:00'),
        standing,
        changed: [...changed, 'room', 'status', 'wards'],
      },
    }))

test('a movement that changes nothing of it is recorded alone', () =>
  given(admission, identified)
    .when(says({ n: 2, kind: 'transfer', in: 'A', room: '1', bed: '1', effectiveAt: on('10:00') }))
    .thenEvents({
      type: 'PatientTransferred',
      data: {
        ...subject(2),
        movement: says({ n: 2, in: 'A', room: '1', bed: '1', effectiveAt: on('10:00') }).movement,
        flags: [],
        leaving: [],
      },
    }))

describe('a movement that changes a part of a place', () => {
  const moved = (nature: string, where: Parameters<typeof says>[0]) =>
    says({ kind: 'transfer', effectiveAt: on('10:00'), nature, ...where })

  test('for the nursing (S) leaves the medicine where it was', () =>
    expect(standingAfter(admitted, moved('S', { n: 2, careWard: ward('B') }))).toMatchObject({
      wards: [medical('A'), care('B')],
      room: '1',
      placeSince: on('10:00'),
    }))

  test('for the medicine (M) leaves the nursing and the bed where they were', () =>
    expect(standingAfter(admitted, moved('M', { n: 2, medicalWard: ward('B') }))).toMatchObject({
      wards: [medical('B'), care('A')],
      room: '1',
      bed: '1',
    }))

  test('of the bed alone (L) is no move to other wards', () =>
    expect(standingAfter(admitted, moved('L', { n: 2, room: '2', bed: '9' }))).toMatchObject({
      wards: both('A'),
      room: '2',
      bed: '9',
      placeSince: on('08:00'),
    }))

  test('of the tariff (D) changes no place', () =>
    expect(standingAfter(admitted, moved('D', { n: 2 }))).toMatchObject({ wards: both('A'), room: '1', bed: '1' }))

  test('of everything (HMS) leaves no part behind, unless it names none at all', () => {
    expect(standingAfter(admitted, moved('HMS', { n: 2, medicalWard: ward('B') }))).toMatchObject({
      wards: [medical('B')],
    })
    expect(standingAfter(admitted, moved('HMS', { n: 2 }))).toMatchObject({ wards: both('A') })
  })

  test('does not undo, by what it repeats, a move that is told afterwards', () => {
    const nursing = moved('S', { n: 3, said: 3, effectiveAt: on('12:00'), medicalWard: ward('A'), careWard: ward('C') })
    const late = moved('M', { n: 2, said: 8, effectiveAt: on('10:00'), medicalWard: ward('B') })
    expect(standingAfter(admitted, nursing, late)).toMatchObject({ wards: [medical('B'), care('C')] })
  })

  test('is believed in what it says beside its nature, where nothing was said since', () =>
    expect(standingAfter(admitted, moved('S', { n: 2, in: 'B' }))).toMatchObject({ wards: both('B') }))

  test('tells the wards that keep the patient without being named', () => {
    const { events } = told([admitted, moved('S', { n: 2, careWard: ward('B') })])
    const transfer = events.find(({ type }) => type === 'PatientTransferred')
    expect(transfer?.data).toMatchObject({ leaving: [], holding: [ward('A')] })
  })

  test('of two at one instant, the medicine counts more than the lodging, and that more than the nursing', () => {
    const nature = (n: number, of: string, code: string) => moved(of, { n, in: code })
    const orders = [
      [nature(2, 'HMS', 'B'), nature(3, 'S', 'C')],
      [nature(3, 'S', 'C'), nature(2, 'HMS', 'B')],
    ]
    for (const order of orders) expect(standingAfter(admitted, ...order)).toMatchObject({ wards: both('B') })
  })
})

describe('a class', () => {
  const atEmergency = says({ n: 1, kind: 'registration', patientClass: 'E', in: 'URG' })
  const becomes = says({ n: 2, kind: 'toInpatient', patientClass: 'I', in: 'A', effectiveAt: on('10:00') })

  test('is not taken back by a movement that was said before the change was told', () => {
    const transfer = says({ n: 3, said: 3, kind: 'transfer', patientClass: 'E', in: 'B', effectiveAt: on('12:00') })
    const late = { ...becomes, movement: { ...becomes.movement, reportedAt: on('15:00') } }
    expect(standingAfter(atEmergency, transfer, late)).toMatchObject({
      patientClass: 'I',
      hospitalisedAt: on('10:00'),
      wards: both('B'),
    })
  })

  test('that only a later transfer tells is believed', () =>
    expect(
      standingAfter(
        atEmergency,
        says({ n: 3, kind: 'transfer', patientClass: 'I', in: 'B', effectiveAt: on('12:00') }),
      ),
    ).toMatchObject({ patientClass: 'I', hospitalisedAt: on('12:00') }))

  test('whose change is withdrawn is what it was, whatever was repeated in between', () => {
    const transfer = says({ n: 3, kind: 'transfer', patientClass: 'I', in: 'B', effectiveAt: on('12:00') })
    const cancelled = says({ n: 2, said: 9, action: 'cancel', kind: 'toInpatient', effectiveAt: on('10:00') })
    const after = standingAfter(atEmergency, becomes, transfer, cancelled)
    expect(after).toMatchObject({ patientClass: 'E', wards: both('B') })
    expect(after.hospitalisedAt).toBeUndefined()
  })
})

test('two movements of one nature, for one medical responsibility, at one instant are flagged', () => {
  const again = says({ n: 2, kind: 'transfer', in: 'B', effectiveAt: on('10:00') })
  const doubled = says({ n: 3, kind: 'transfer', in: 'B', room: '9', effectiveAt: on('10:00') })
  const other = says({ n: 4, kind: 'transfer', in: 'C', effectiveAt: on('10:00') })
  const flags = told([admitted, again, doubled, other]).events.flatMap(({ data }) =>
    'flags' in data ? data.flags : [],
  )
  expect(flags).toEqual([{ code: 'movementDoubled', path: 'ZBE-2' }])
})

test('who leaves and comes back at one instant is there; who arrives and is discharged at one instant has left', () => {
  const at = { effectiveAt: on('10:00'), in: 'A' }
  const back = [says({ n: 2, kind: 'return', ...at }), says({ n: 3, kind: 'leave', ...at })]
  expect(standingAfter(admitted, ...back)).toMatchObject({ status: 'present' })
  const passage = [says({ n: 2, kind: 'discharge', ...at }), says({ n: 3, kind: 'registration', ...at })]
  expect(standingAfter(admitted, ...passage)).toMatchObject({ status: 'discharged', dischargedAt: on('10:00') })
})

test('nobody comes again who has died', () => {
  const died = says({ n: 2, kind: 'discharge', in: 'A', effectiveAt: on('10:00'), discharge: { exitMode: '9' } })
  const again = says({ n: 3, kind: 'registration', in: 'A', effectiveAt: on('12:00') })
  expect(standingAfter(admitted, died, again)).toMatchObject({ status: 'discharged', died: true })
})

test('a planned transfer that repeats where the patient is names no ward', () =>
  expect(
    standingAfter(admitted, says({ n: 2, kind: 'plannedTransfer', in: 'A', plannedAt: on('18:00') })),
  ).toMatchObject({ wards: both('A'), plannedTransfer: { at: on('18:00'), wards: [] } }))

test('a bed changed in the ward does not fulfil a transfer that is planned for later', () => {
  const plan = says({ n: 2, kind: 'plannedTransfer', in: 'A', plannedAt: on('18:00'), plannedWard: ward('B') })
  const bed = says({ n: 3, kind: 'transfer', nature: 'L', in: 'A', room: '2', effectiveAt: on('12:00') })
  expect(standingAfter(admitted, plan, bed)).toMatchObject({ plannedTransfer: { at: on('18:00'), wards: [ward('B')] } })
})

test('an attending physician stays until another one is named', () => {
  const first = says({ n: 1, in: 'A', attendingPhysician: physician(1) })
  const change = says({ n: 2, kind: 'attendingChange', attendingPhysician: physician(2), effectiveAt: on('10:00') })
  const transfer = says({ n: 3, kind: 'transfer', in: 'B', effectiveAt: on('12:00') })
  expect(standingAfter(first, change, transfer)).toMatchObject({ attendingPhysician: physician(2), wards: both('B') })
})

test('of a stay of which only a plan is known, the admission is missing and the patient is there', () =>
  expect(
    standingAfter(says({ n: 1, kind: 'plannedDischarge', in: 'A', expectedDischargeAt: on('18:00') })),
  ).toMatchObject({ status: 'present', expectedDischargeAt: on('18:00') }))

describe('a discharge that is planned', () => {
  const plan = (n: number, discharge: object | undefined, at = on('10:00')) =>
    says({
      n,
      kind: 'plannedDischarge',
      effectiveAt: at,
      expectedDischargeAt: on('18:00'),
      ...(discharge ? { discharge } : {}),
    })
  const toEhpad = { exitMode: '8', destinationKind: '7', destinationFacility: '990000028' }

  test('says where to, as it was last said, in whatever order', () => {
    const [home, ehpad] = [plan(2, { exitMode: '8' }), plan(3, toEhpad, on('11:00'))]
    for (const order of [
      [home, ehpad],
      [ehpad, home],
    ])
      expect(standingAfter(admitted, ...order)).toMatchObject({ plannedDischarge: toEhpad, status: 'present' })
    expect(standingAfter(admitted, ehpad, plan(4, undefined, on('12:00')))).not.toHaveProperty('plannedDischarge')
  })

  test('keeps where to when only its date is said by another movement', () => {
    const bed = says({ n: 3, kind: 'transfer', in: 'B', effectiveAt: on('12:00'), expectedDischargeAt: on('19:00') })
    expect(standingAfter(admitted, plan(2, toEhpad), bed)).toMatchObject({
      plannedDischarge: toEhpad,
      expectedDischargeAt: on('19:00'),
    })
  })

  test('is no discharge: nobody has left, nor died, whatever it says', () => {
    expect(standingAfter(admitted, plan(2, toEhpad))).not.toHaveProperty('discharge')
    const death = standingAfter(admitted, plan(2, { exitMode: '9' }))
    expect(death).toMatchObject({ status: 'present', died: false })
    expect(death).not.toHaveProperty('plannedDischarge')
  })

  test('ends with the discharge, which says it itself, and with its withdrawal', () => {
    const left = says({ n: 3, kind: 'discharge', in: 'A', effectiveAt: on('12:00'), discharge: { exitMode: '7' } })
    const discharged = standingAfter(admitted, plan(2, toEhpad), left)
    expect(discharged).toMatchObject({ status: 'discharged', discharge: { exitMode: '7' } })
    expect(discharged).not.toHaveProperty('plannedDischarge')
    const cancelled = says({ n: 2, said: 9, action: 'cancel', kind: 'plannedDischarge', effectiveAt: on('10:00') })
    expect(standingAfter(admitted, plan(2, toEhpad), cancelled)).not.toHaveProperty('plannedDischarge')
  })
})

describe('a confidential stay', () => {
  const hide: SetConfidential = {
    type: 'SetConfidential',
    stayId,
    confidential: true,
    reason: 'patientRequest',
    at: on('12:00'),
  }
  const release: SetConfidential = { type: 'SetConfidential', stayId, confidential: false, at: on('13:00') }
  const natures = (...commands: StayCommand[]) =>
    told(commands).events.flatMap((event) => (event.type === 'StandingChanged' ? [event.data.nature] : []))

  test('is made so by a message (PV2-22), before anybody is told of its movement', () => {
    const { events } = told([says({ n: 1, in: 'A', confidential: true })])
    expect(events.map(({ type }) => type)).toEqual([
      'ConfidentialityChanged',
      'PatientAdmitted',
      'IdentityReported',
      'StandingChanged',
    ])
    expect(lastStanding({ events })).toMatchObject({ confidential: true, wards: both('A') })
  })

  test('is made so and released by a person', () => {
    expect(natures(admitted, hide, release)).toEqual(['admitted', 'madeConfidential', 'released'])
    expect(standingAfter(admitted, hide)).toMatchObject({ confidential: true })
    expect(standingAfter(admitted, hide, release)).toMatchObject({ confidential: false })
  })

  test('is released by the message that says so last, unless a person asked for it', () => {
    const hidden = says({ n: 1, in: 'A', confidential: true })
    const open = says({ n: 2, kind: 'transfer', in: 'B', confidential: false, effectiveAt: on('10:00') })
    expect(natures(hidden, open)).toEqual(['admitted', 'released'])
    expect(standingAfter(hidden, hide, open)).toMatchObject({ confidential: true })
  })

  test('that a person released stays so, whatever was said before and comes late', () => {
    const late = says({ n: 2, kind: 'transfer', in: 'B', confidential: true, effectiveAt: on('10:00') })
    expect(standingAfter(admitted, hide, release, late)).toMatchObject({ confidential: false })
  })

  test('is nothing that can be asked for a stay nobody knows', () =>
    given().when(hide).thenRejected({ code: 'stayUnknown' }))

  test('asked for twice is asked for once; nothing is released that is not confidential', () => {
    expect(told([admitted, hide, hide]).events).toEqual(told([admitted, hide]).events)
    expect(told([admitted, release]).events).toEqual(told([admitted]).events)
  })
})
