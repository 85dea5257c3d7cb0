import { pathwayEntry, type PathwayEntry } from '@relais/contracts/pathway'
import type { StayEvent } from '@relais/contracts/stays'
import { expect, test } from 'vitest'
import { corrected, FACILITY, joined, moved, newStay, withdrawn } from '../facts.fixture.ts'
import { isOpen, wardsConcerned } from './stay-history.ts'

const stay = newStay()
const movement = (number: number) => `00000000-0000-4000-8000-00000000000${number}`
const [first, second] = [movement(1), movement(2)]
const day = (number: number) => `2026-11-0${number}T08:00:00.000Z`

const admitted = moved('PatientAdmitted', stay, { ward: 'A', movementId: first, at: day(1) })
const transferred = moved('PatientTransferred', stay, { ward: 'B', from: 'A', movementId: second, at: day(2) })

function entries(...events: (StayEvent | ReturnType<typeof joined>)[]): PathwayEntry[] {
  const recordedAt = '2026-11-22T08:31:00.000Z'
  return events.flatMap((event) => pathwayEntry(event, { entryId: crypto.randomUUID(), recordedAt }) ?? [])
}

function concerned(event: StayEvent | ReturnType<typeof joined>): string[] {
  const wards = entries(event).flatMap((entry) => [...wardsConcerned(entry)])
  return wards.map((ward) => ward.replace(`ward/${FACILITY}:`, ''))
}

test.each([
  { status: 'expected', open: true },
  { status: 'present', open: true },
  { status: 'onLeave', open: true },
  { status: 'discharged', open: false },
  { status: 'withdrawn', open: false },
] as const)('a stay that is $status is open: $open', ({ status, open }) => expect(isOpen({ status })).toBe(open))

test('an entry is for the wards it names and for those that lose the patient', () => {
  expect(concerned(admitted)).toEqual(['A'])
  expect(concerned(transferred)).toEqual(['B', 'A'])
  expect(concerned(corrected(stay, { ward: 'C', from: 'A', movementId: first }))).toEqual(['C', 'A'])
  expect(concerned(withdrawn(stay, { ward: 'B', withdrawn: 'transfer', movementId: second }))).toEqual(['B'])
  expect(concerned(joined(stay))).toEqual([])
})

test('an entry is for the wards that keep the patient, and for the one that awaits him or her', () => {
  const [planned] = entries(admitted)
  if (!planned) throw new Error('no entry')
  const ward = (code: string) => ({ facility: FACILITY, code })
  const concerned = wardsConcerned({ ...planned, holding: [ward('D')], plannedWard: ward('E') })
  expect([...concerned]).toEqual(['A', 'D', 'E'].map((code) => `ward/${FACILITY}:${code}`))
})
