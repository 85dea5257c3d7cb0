import type { EhpadBoardRow } from '@relais/contracts/boards'
import { expect, test } from 'vitest'
import { returnsByDay, sectionsOf, startOfDay, withoutReturn } from './board-sections.ts'

function resident(residentId: string, rest: Partial<EhpadBoardRow> = {}): EhpadBoardRow {
  // An id is any text here.
  return {
    residentId: residentId as EhpadBoardRow['residentId'],
    enteredAt: '2024-01-01T09:00:00.000Z',
    place: 'present',
    ...rest,
  }
}
const ids = (rows: readonly EhpadBoardRow[]) => rows.map(({ residentId }) => residentId)
const at = (local: string) => new Date(local).toISOString()

test('who is away comes first: the emergency department, then the soonest return', () => {
  const { away, present, leaving, deceased } = sectionsOf([
    resident('here', { room: '2' }),
    resident('later', { place: 'hospitalised', expectedBackAt: at('2026-11-29T10:00') }),
    resident('unknown', { place: 'hospitalised' }),
    resident('soon', { place: 'onLeave', expectedBackAt: at('2026-11-27T10:00') }),
    resident('emergency', { place: 'emergency' }),
    resident('announced', { expectedAt: at('2026-12-01T08:00') }),
    resident('dead', { place: 'deceased' }),
  ])
  expect(ids(away)).toEqual(['emergency', 'soon', 'later', 'unknown'])
  expect([ids(present), ids(leaving), ids(deceased)]).toEqual([['here'], ['announced'], ['dead']])
})

test('rooms are in the order of a corridor, and who has none comes last', () => {
  const rows = [
    resident('none'),
    resident('c', { room: '12' }),
    resident('d', { room: '12 bis' }),
    resident('a', { room: '9' }),
  ]
  expect(ids(sectionsOf(rows).present)).toEqual(['a', 'c', 'd', 'none'])
})

test('returns are by day, by hour in it, and what is overdue is of today', () => {
  const now = Date.parse(at('2026-11-27T15:00'))
  const rows = [
    resident('tomorrow', { place: 'hospitalised', expectedBackAt: at('2026-11-28T00:00') }),
    resident('late', { place: 'hospitalised', expectedBackAt: at('2026-11-25T11:00') }),
    resident('tonight', { place: 'hospitalised', expectedBackAt: at('2026-11-27T23:59') }),
    resident('undated', { place: 'hospitalised' }),
    resident('back', { place: 'present', expectedBackAt: at('2026-11-27T10:00') }),
  ]
  const today = startOfDay(now)
  expect(returnsByDay(rows, now).map(({ day, rows: of }) => [day, ids(of)])).toEqual([
    [today, ['late', 'tonight']],
    [startOfDay(today + 30 * 3_600_000), ['tomorrow']],
  ])
  expect(ids(withoutReturn(rows))).toEqual(['undated'])
})
