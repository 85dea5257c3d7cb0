import type { RunView } from '@relais/contracts/run-routes'
import { expect, test } from 'vitest'
import { isTimeToReload } from './unattended.ts'
import { readinessOf } from './readiness.ts'

const step = (stepId: string, rest: object) => ({
  stepId,
  title: stepId,
  after: [],
  skippable: true,
  late: false,
  escalatedTo: [],
  ...rest,
})
// Of a run, what is read here.
function run(stayId: string, steps: object[]): RunView {
  const read: unknown = { runId: `run-${stayId}`, stayId, steps }
  return read as RunView
}

test('what is open comes first, ours before that of others, and what is withdrawn is not asked', () => {
  const us = 'finess:990000028'
  const ward = 'uf:990000010/4102'
  const { lines, settled, late } = readinessOf(
    [
      run('s', [
        step('done', { status: 'done', owner: ward }),
        step('medicines', { status: 'waiting', owner: us }),
        step('papers', { status: 'open', owner: ward, dueAt: '2026-11-27T10:00:00.000Z', late: true }),
        step('call', { status: 'open', owner: us, dueAt: '2026-11-27T12:00:00.000Z' }),
        step('escalated', { status: 'open', owner: ward, escalatedTo: [us], dueAt: '2026-11-27T11:00:00.000Z' }),
        step('gone', { status: 'withdrawn' }),
      ]),
      run('other', [step('elsewhere', { status: 'open', owner: us })]),
    ],
    us,
    's',
  )
  expect(lines.map(({ stepId }) => stepId)).toEqual(['escalated', 'call', 'papers', 'medicines', 'done'])
  expect([settled, late]).toEqual([1, 1])
})

test('a screen on a wall begins anew once a night', () => {
  const opened = new Date('2026-11-27T15:00').getTime()
  const after = (text: string) => isTimeToReload(opened, new Date(text).getTime())
  expect([after('2026-11-28T03:50'), after('2026-11-28T04:10'), after('2026-11-28T12:00')]).toEqual([
    false,
    true,
    false,
  ])
  expect(isTimeToReload(new Date('2026-11-28T04:05').getTime(), new Date('2026-11-28T04:15').getTime())).toBe(false)
})
