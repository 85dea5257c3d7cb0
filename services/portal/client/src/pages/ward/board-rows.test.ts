import { WardBoardRow } from '@relais/contracts/boards'
import { expect, test } from 'vitest'
import { type Asked, askedRows, countRows, dayOf, heldRows, type Seen } from './board-rows.ts'

const now = Date.parse('2026-11-20T12:00:00.000Z')
const today = dayOf(now)
type Some = { room?: string; group?: WardBoardRow['group']; departureAt?: string; late?: Seen['late'] }
const seen = (name: string, { room, group = 'present', departureAt, late = [] }: Some = {}): Seen => ({
  row: WardBoardRow.parse({
    stayId: crypto.randomUUID(),
    patientId: crypto.randomUUID(),
    group,
    departureAt,
    standing: { status: 'present', facility: '990000010', wards: [], room, died: false, confidential: false },
    notices: [],
  }),
  name,
  late,
})
const asked: Asked = { group: 'all', only: 'all', search: '', sorting: 'room' }
const names = (rows: readonly Seen[]) => rows.map(({ name }) => name)

test('rooms come in the order of their numbers, and who has none comes last', () =>
  expect(names(askedRows([seen('c'), seen('b', { room: '112' }), seen('a', { room: '20' })], asked, today))).toEqual([
    'a',
    'b',
    'c',
  ]))

test('a name is found without its accents, and a room by its number', () => {
  const rows = [seen('TEST-ANÉMONE Gisèle', { room: '12' }), seen('TEST-LIERRE Jean', { room: '14' })]
  expect(names(askedRows(rows, { ...asked, search: 'anemone gis' }, today))).toEqual(['TEST-ANÉMONE Gisèle'])
  expect(names(askedRows(rows, { ...asked, search: '14' }, today))).toEqual(['TEST-LIERRE Jean'])
})

test('who leaves today, who should have left, and what is late are counted and found', () => {
  const rows = [
    seen('today', { departureAt: '2026-11-20T14:00:00.000Z' }),
    seen('overdue', { departureAt: '2026-11-18T14:00:00.000Z', late: ['departureOverdue'] }),
    seen('later', { departureAt: '2026-11-25T14:00:00.000Z' }),
    seen('left', { group: 'left', departureAt: '2026-11-20T10:00:00.000Z' }),
  ]
  expect(countRows(rows, today)).toMatchObject({ present: 3, left: 1, leaving: 2, late: 1 })
  expect(names(askedRows(rows, { ...asked, only: 'leaving' }, today))).toEqual(['overdue', 'today'])
  expect(names(askedRows(rows, { ...asked, only: 'late' }, today))).toEqual(['overdue'])
})

test('a row that is about to be pressed stays where it is, and in its list', () => {
  const before = [seen('a', { room: '1' }), seen('b', { room: '2' })]
  const held = before.map(({ row: { stayId, group } }) => ({ stayId, group }))
  const [a, b] = before.map((one) => ({ ...one, row: { ...one.row, group: 'left' as const } }))
  const after = [seen('new', { room: '0' }), ...(b ? [b] : []), ...(a ? [a] : [])]
  expect(heldRows(held, after).map(({ name, group }) => [name, group])).toEqual([
    ['a', 'present'],
    ['b', 'present'],
    ['new', 'present'],
  ])
})
