import { expect, test } from 'vitest'
import { changeAct, declareAct, problemsOf, withdrawAct } from './absence-acts.ts'

const said = { what: 'done', back: 'undone' }
const [MORNING, NOON, EVENING] = ['2026-11-20T08:00:00.000Z', '2026-11-20T12:00:00.000Z', '2026-11-20T20:00:00.000Z']
const period = { professionalId: 'rpps:1', from: MORNING, to: EVENING }
// Ids are those of a test.
const absence = { absenceId: 'a', ...period, replacement: 'rpps:2' } as never

test('what is declared is taken back, what is changed is put back, what is withdrawn is declared anew', () => {
  expect(declareAct('a', period, said).undo).toMatchObject({ method: 'DELETE', path: '/absences/a' })
  expect(changeAct(absence, { ...period, to: NOON }, said)).toMatchObject({
    body: { ...period, to: NOON },
    undo: { method: 'PUT', path: '/absences/a', body: { ...period, replacement: 'rpps:2' } },
  })
  const { undo } = withdrawAct(absence, said)
  expect(undo).toMatchObject({ method: 'PUT', body: { ...period, replacement: 'rpps:2' } })
  expect(undo?.path).not.toBe('/absences/a')
})

test('a period begins, ends afterwards, and is not over', () => {
  expect(problemsOf({ from: MORNING, to: EVENING }, NOON)).toEqual({})
  expect(problemsOf({ from: undefined, to: undefined }, NOON)).toEqual({ from: 'beginNeeded', to: 'endNeeded' })
  expect(problemsOf({ from: MORNING, to: undefined }, NOON)).toEqual({ to: 'endNeeded' })
  expect(problemsOf({ from: EVENING, to: MORNING }, NOON)).toEqual({ to: 'reversed' })
  expect(problemsOf({ from: EVENING, to: EVENING }, NOON)).toEqual({ to: 'reversed' })
  expect(problemsOf({ from: MORNING, to: NOON }, EVENING)).toEqual({ to: 'over' })
})
