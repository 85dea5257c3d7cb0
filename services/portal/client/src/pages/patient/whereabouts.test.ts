import type { PathwayStay } from '@relais/contracts/pathway'
import { expect, test } from 'vitest'
import { tellingStay } from './whereabouts.ts'

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T08:00:00.000Z`
// Ids are those of a test.
const stay = (stayId: string, said: Partial<PathwayStay>) =>
  ({
    stayId,
    facility: '990000010',
    wards: [],
    died: false,
    confidential: false,
    status: 'present',
    ...said,
  }) as PathwayStay
const told = (...stays: PathwayStay[]) => tellingStay(stays)?.stayId

test('a stay that lasts says where somebody is, whatever else is known', () => {
  const lasting = stay('lasting', { arrivedAt: at(3) })
  const over = stay('over', { status: 'discharged', dischargedAt: at(9) })
  const next = stay('next', { status: 'expected', expectedAt: at(20) })
  expect(told(over, next, lasting)).toBe('lasting')
  expect(told(stay('away', { status: 'onLeave', arrivedAt: at(3) }), next)).toBe('away')
})

test('of two that last, the one that began last', () => {
  expect(told(stay('ward', { placeSince: at(3) }), stay('emergency', { placeSince: at(5) }))).toBe('emergency')
})

test('without one, the next one that is expected, then the last one that is over', () => {
  const soon = stay('soon', { status: 'expected', expectedAt: at(20) })
  const later = stay('later', { status: 'expected', expectedAt: at(25) })
  const older = stay('older', { status: 'discharged', dischargedAt: at(2) })
  const last = stay('last', { status: 'discharged', dischargedAt: at(9) })
  expect(told(older, later, soon, last)).toBe('soon')
  expect(told(older, last)).toBe('last')
})

test('a stay that never was says nothing', () => {
  expect(told(stay('gone', { status: 'withdrawn' }))).toBeUndefined()
  expect(told()).toBeUndefined()
})
