import type { Standing } from '@relais/contracts/standing'
import { expect, test } from 'vitest'
import { missingIn, movementsOf, newMovement, writtenOf } from './movement-draft.ts'
import { toLocal } from './local-time.ts'

const now = Date.parse('2026-11-20T16:00:00.000Z')
const standing: Standing = {
  status: 'present',
  patientClass: 'I',
  facility: '990000010',
  wards: [{ facility: '990000010', code: '4101', responsibility: 'both' }],
  room: '12',
  bed: 'A',
  died: false,
  confidential: false,
}
const newId = () => 'id'
const said = { now, labels: new Map([['4102', 'Gériatrie']]) }

test('a transfer asks where to, and keeps nothing of where the patient was', () => {
  const draft = newMovement('transfer', standing, newId)
  expect(missingIn(draft)).toEqual(['medicalWard'])
  expect(writtenOf({ ...draft, medicalWard: '4102' }, said)).toEqual({
    kind: 'transfer',
    effectiveAt: '2026-11-20T16:00:00.000Z',
    medicalWard: { code: '4102', label: 'Gériatrie' },
  })
})

test('a return from leave is to the bed that was kept', () =>
  expect(writtenOf(newMovement('return', { ...standing, status: 'onLeave' }, newId), said)).toMatchObject({
    kind: 'return',
    room: '12',
    bed: 'A',
    medicalWard: { code: '4101' },
  }))

test('only what a kind of movement knows is said of it', () =>
  expect(
    writtenOf({ ...newMovement('leave', standing, newId), at: toLocal(now - 3_600_000), room: '9' }, said),
  ).toEqual({ kind: 'leave', effectiveAt: '2026-11-20T15:00:00.000Z' }))

test('what can be said follows what the stay is', () => {
  expect(movementsOf({ ...standing, status: 'onLeave' })).toContain('return')
  expect(movementsOf(standing)).not.toContain('return')
  expect(movementsOf({ ...standing, patientClass: 'E' })).toContain('toInpatient')
  expect(movementsOf({ ...standing, status: 'discharged' })).toEqual([])
  expect(movementsOf({ ...standing, died: true })).toEqual([])
})
