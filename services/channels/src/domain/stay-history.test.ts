import { pathwayEntry, type PathwayEntry } from '@relais/contracts/pathway'
import type { StayEvent } from '@relais/contracts/stays'
import { expect, test } from 'vitest'
import { corrected, FACILITY, joined, moved, newStay, withdrawn } from '../facts.fixture.ts'
import { isOpen, presentStays, wardsConcerned } from './stay-history.ts'

const stay = newStay()
const movement = (number: number) => `00000000-0000-4000-8000-00000000000${number}`
const [first, second, third] = [movement(1), movement(2), movement(3)]
const day = (number: number) => `2026-11-0${number}T08:00:00.000Z`

const expected = moved('PatientPreadmitted', stay, { ward: 'A', movementId: first, at: day(1) })
const admitted = moved('PatientAdmitted', stay, { ward: 'A', movementId: first, at: day(1) })
const transferred = moved('PatientTransferred', stay, { ward: 'B', from: 'A', movementId: second, at: day(2) })
const discharged = moved('PatientDischarged', stay, { ward: 'B', movementId: third, at: day(3) })

function entries(...events: (StayEvent | ReturnType<typeof joined>)[]): PathwayEntry[] {
  const recordedAt = '2026-11-22T08:31:00.000Z'
  return events.flatMap((event) => pathwayEntry(event, { entryId: crypto.randomUUID(), recordedAt }) ?? [])
}

function concerned(event: StayEvent | ReturnType<typeof joined>): string[] {
  const wards = entries(event).flatMap((entry) => [...wardsConcerned(entry)])
  return wards.map((ward) => ward.replace(`ward/${FACILITY}:`, ''))
}

test.each([
  { what: 'an expected patient', events: [expected], open: true },
  { what: 'an admitted patient', events: [admitted], open: true },
  { what: 'a discharged patient', events: [admitted, discharged], open: false },
  {
    what: 'a patient whose discharge is withdrawn',
    events: [admitted, discharged, withdrawn(stay, { ward: 'B', withdrawn: 'discharge', movementId: third })],
    open: true,
  },
  {
    what: 'a patient whose admission is withdrawn',
    events: [admitted, withdrawn(stay, { ward: 'A', withdrawn: 'admission', movementId: first })],
    open: false,
  },
  { what: 'nobody', events: [], open: false },
])('the stay of $what is open: $open', ({ events, open }) => expect(isOpen(entries(...events))).toBe(open))

test('open stays come first; when none is open, the one last heard of', () => {
  const [earlier, later] = [newStay(stay.patientId), newStay(stay.patientId)]
  const ends = [earlier, later].flatMap((one) => [
    moved('PatientAdmitted', one, { ward: 'A' }),
    moved('PatientDischarged', one, { ward: 'A' }),
  ])
  expect(presentStays(entries(...ends))).toEqual(new Set([later.stayId]))
  expect(presentStays(entries(admitted, ...ends))).toEqual(new Set([stay.stayId]))
  expect(presentStays(entries(joined(stay)))).toEqual(new Set())
})

test('an entry is for the wards it names and for those that lose the patient', () => {
  expect(concerned(admitted)).toEqual(['A'])
  expect(concerned(transferred)).toEqual(['B', 'A'])
  expect(concerned(corrected(stay, { ward: 'C', from: 'A', movementId: first }))).toEqual(['C', 'A'])
  expect(concerned(withdrawn(stay, { ward: 'B', withdrawn: 'transfer', movementId: second }))).toEqual(['B'])
  expect(concerned(joined(stay))).toEqual([])
})
