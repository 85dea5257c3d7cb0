import { PathwayView, type PathwayEntry } from '@relais/contracts/pathway'
import type { MovementId, PatientId, ProfessionalId, StayId } from '@relais/contracts/primitives'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathwayView } from './pathway-view.ts'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const patientId = uuid(1) as PatientId
const stayId = uuid(2) as StayId
const surgery = { facility: '750000001', code: '6268', responsibility: 'both' as const }
const medicine = { facility: '750000001', code: '3100', responsibility: 'medical' as const }

function entry(n: number, overrides: Partial<PathwayEntry> = {}): PathwayEntry {
  return {
    entryId: uuid(100 + n),
    patientId,
    kind: 'admission',
    movementKind: 'admission',
    happenedAt: `2026-03-0${n}T10:00:00.000Z`,
    recordedAt: `2026-03-10T10:00:0${n}.000Z`,
    stayId,
    movementId: uuid(200 + n) as MovementId,
    facility: '750000001',
    wards: [surgery],
    patientClass: 'I',
    flags: [],
    ...overrides,
  }
}

const admission = entry(1)
const transfer = entry(2, { kind: 'transfer', movementKind: 'transfer', wards: [medicine] })
const discharge = entry(3, { kind: 'discharge', movementKind: 'discharge', wards: [medicine] })

const stays: PathwayView['stays'] = ['2026-03-04', '2026-03-01'].map((day, index) => ({
  stayId: uuid(500 + index) as StayId,
  status: 'present',
  facility: '750000001',
  wards: [surgery],
  arrivedAt: `${day}T10:00:00.000Z`,
  died: false,
  confidential: false,
}))

test('stays are shown by when they began, as their owner says that they are', () => {
  const view = pathwayView(patientId, { entries: [admission, transfer, discharge], stays, exchanges: [] })
  expect(PathwayView.parse(view).stays).toEqual(stays.toReversed())
})

test('entries are shown by when they happened, whenever they were learned', () => {
  const view = pathwayView(patientId, { entries: [discharge, admission, transfer], stays, exchanges: [] })
  expect(view.entries.map(({ kind }) => kind)).toEqual(['admission', 'transfer', 'discharge'])
})

test('a withdrawn discharge stays visible as such', () => {
  const withdrawal = entry(4, { kind: 'withdrawal', movementKind: 'discharge', movementId: discharge.movementId })
  const view = pathwayView(patientId, { entries: [admission, discharge, withdrawal], stays, exchanges: [] })
  expect(view.entries.map(({ kind, state, supersededBy }) => [kind, state, supersededBy])).toEqual([
    ['admission', 'current', undefined],
    ['discharge', 'withdrawn', withdrawal.entryId],
    ['withdrawal', 'current', undefined],
  ])
})

test('a corrected admission stays visible and names what corrected it', () => {
  const correction = entry(4, {
    kind: 'correction',
    movementId: admission.movementId,
    changed: ['medicalWard'],
    wards: [medicine],
  })
  const view = pathwayView(patientId, { entries: [admission, correction], stays, exchanges: [] })
  expect(view.entries[0]).toMatchObject({ kind: 'admission', state: 'corrected', supersededBy: correction.entryId })
  expect(view.entries[1]).toMatchObject({ kind: 'correction', state: 'current' })
})

test('a correction that came too late is shown and supersedes nothing', () => {
  const late = entry(4, { kind: 'correction', movementId: admission.movementId, changed: [], wards: [medicine] })
  const view = pathwayView(patientId, { entries: [admission, late], stays, exchanges: [] })
  expect(view.entries.map(({ state }) => state)).toEqual(['current', 'current'])
})

test('the médecin traitant is the one who joined last and has not left', () => {
  const member = (n: number, source?: 'declared') => ({
    memberId: `rpps:1000000000${n}` as ProfessionalId,
    role: 'medecin-traitant' as const,
    ...(source ? { source } : {}),
  })
  const circleEntry = (n: number, overrides: Partial<PathwayEntry>): PathwayEntry => ({
    entryId: uuid(300 + n),
    patientId,
    kind: 'circleJoined',
    happenedAt: `2026-03-0${n}T10:00:00.000Z`,
    recordedAt: `2026-03-0${n}T10:00:00.000Z`,
    wards: [],
    flags: [],
    ...overrides,
  })
  const first = circleEntry(1, { member: member(1, 'declared') })
  const replaced = circleEntry(2, { kind: 'circleLeft', member: member(1) })
  const second = circleEntry(3, { member: member(2, 'declared') })
  expect(pathwayView(patientId, { entries: [first, replaced, second], stays, exchanges: [] }).primaryPhysician).toEqual(
    {
      memberId: 'rpps:10000000002',
      source: 'declared',
      since: second.happenedAt,
    },
  )
  expect(pathwayView(patientId, { entries: [first, replaced], stays, exchanges: [] }).primaryPhysician).toBeUndefined()
})

test('the order in which movements arrived changes neither the stays nor the order of what happened', () =>
  fc.assert(
    fc.property(fc.shuffledSubarray([admission, transfer, discharge], { minLength: 3 }), (arrived) => {
      const view = pathwayView(patientId, { entries: arrived, stays, exchanges: [] })
      expect(view).toEqual(pathwayView(patientId, { entries: [admission, transfer, discharge], stays, exchanges: [] }))
    }),
  ))
