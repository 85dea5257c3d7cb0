import { expect, test } from 'vitest'
import { expectedOf } from './boards.ts'
import type { Standing } from './standing.ts'

const dueAt = '2026-11-26T14:00:00.000Z'
const announced: Standing = {
  status: 'present',
  patientClass: 'I',
  facility: '990000010',
  wards: [],
  expectedDischargeAt: dueAt,
  died: false,
  confidential: false,
}
const left: Standing = { ...announced, status: 'discharged', dischargedAt: dueAt }
const expected = (standing: Standing, nature: 'planned' | 'withdrawn' | 'died' = 'planned') =>
  expectedOf({ nature, standing, role: 'medecin-traitant' })
const toFollowUp = { action: 'planFollowUp', dueAt }
const toKnow = { action: 'acknowledge' }

test('a stay whose end is known has to be followed up, from then on', () => {
  expect(expected(announced)).toEqual(toFollowUp)
  expect(expected(left)).toEqual(toFollowUp)
  expect(expectedOf({ nature: 'planned', standing: left, role: 'ehpad' })).toEqual({ action: 'prepareReturn', dueAt })
  const { expectedDischargeAt: _, ...unknown } = announced
  expect(expected(unknown)).toEqual(toKnow)
})

test('that a transfer was none leaves the discharge announced; a stay that was none leaves nothing to do', () => {
  expect(expected(announced, 'withdrawn')).toEqual(toFollowUp)
  expect(expected({ ...announced, status: 'withdrawn' }, 'withdrawn')).toEqual(toKnow)
})

test('nothing is to be organised for who has died', () => {
  expect(expected({ ...left, died: true })).toEqual(toKnow)
  expect(expected(left, 'died')).toEqual(toKnow)
})

test.each(['1', '2', '3', '4', '5', 'R', 'U'])('nor for who goes on to another hospital (%s)', (destinationKind) => {
  for (const exitMode of ['6', '7'])
    expect(expected({ ...left, discharge: { exitMode, destinationKind } })).toEqual(toKnow)
})

test.each([
  ['home', { exitMode: '8', destinationKind: '1' }],
  ['hospital care at home', { exitMode: '7', destinationKind: '6' }],
  ['a nursing home', { exitMode: '7', destinationKind: '7' }],
  ['a place that is not said', { exitMode: '7' }],
])('but for who goes to %s', (_, discharge) => expect(expected({ ...left, discharge })).toEqual(toFollowUp))

test.each(['O', 'R', 'V', 'N'] as const)('nor for a hospitalisation that became a stay of class %s', (patientClass) =>
  expect(expected({ ...announced, patientClass })).toEqual(toKnow),
)

test('what is announced counts until the discharge says it', () => {
  const plannedDischarge = { exitMode: '7', destinationKind: '2' }
  expect(expected({ ...announced, plannedDischarge })).toEqual(toKnow)
  expect(expected({ ...announced, plannedDischarge: { exitMode: '8', destinationKind: '7' } })).toEqual(toFollowUp)
  expect(expected({ ...left, plannedDischarge, discharge: { exitMode: '8' } })).toEqual(toFollowUp)
})
