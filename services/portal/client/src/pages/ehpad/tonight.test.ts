import type { EhpadBoardRow, StayItem } from '@relais/contracts/boards'
import { expect, test } from 'vitest'
import { leftLately } from './left-lately.ts'
import { changesSince, nightOf, tonightOf } from './tonight.ts'

const local = (text: string) => new Date(text).getTime()
const at = (text: string) => new Date(text).toISOString()

function resident(residentId: string, rest: Partial<EhpadBoardRow> = {}): EhpadBoardRow {
  // An id is any text here.
  return {
    residentId: residentId as EhpadBoardRow['residentId'],
    enteredAt: '2024-01-01T09:00:00.000Z',
    place: 'present',
    ...rest,
  }
}
type Said = { patientId: string; sentAt: string; rest?: object }
/** Of an item, what these functions read. */
function item({ patientId, sentAt, rest = {} }: Said): StayItem {
  const read: unknown = {
    kind: 'stay',
    patientId,
    stayId: `stay-${patientId}`,
    nature: 'discharged',
    happenedAt: sentAt,
    receipts: { sentAt },
    status: 'open',
    standing: { status: 'discharged', patientClass: 'I', dischargedAt: sentAt, died: false },
    ...rest,
  }
  // What is read is there.
  return read as StayItem
}

test.each([
  ['in the evening', '2026-11-27T21:30', '2026-11-27T20:00', '2026-11-28T08:00'],
  ['after midnight', '2026-11-28T03:00', '2026-11-27T20:00', '2026-11-28T08:00'],
  ['at eight in the evening', '2026-11-27T20:00', '2026-11-27T20:00', '2026-11-28T08:00'],
  ['in the afternoon, what was since the evening before', '2026-11-27T15:00', '2026-11-26T20:00', '2026-11-28T08:00'],
  ['when clocks go back', '2026-10-25T02:30', '2026-10-24T20:00', '2026-10-25T08:00'],
])('a night is from 20:00 to 8:00: %s', (_, now, since, until) =>
  expect(nightOf(local(now))).toEqual({ since: local(since), until: local(until) }),
)

test('what changed since 20:00, the last thing first, and nothing of before', () => {
  const rows = [resident('a', { patientId: 'a' as never }), resident('new', { enteredAt: at('2026-11-27T21:00') })]
  const items = [
    item({ patientId: 'a', sentAt: at('2026-11-27T22:00') }),
    item({ patientId: 'b', sentAt: at('2026-11-27T19:59') }),
  ]
  const changes = changesSince({ rows, items, since: local('2026-11-27T20:00') })
  expect(changes.map(({ residentId, nature }) => [residentId, nature])).toEqual([
    ['a', 'discharged'],
    ['new', 'entered'],
  ])
})

test('tonight: who is at the emergency department, who comes back before the morning, who sleeps elsewhere', () => {
  const night = nightOf(local('2026-11-27T21:00'))
  const hospitalised = (id: string, back?: string) =>
    resident(id, { place: 'hospitalised', ...(back === undefined ? {} : { expectedBackAt: at(back) }) })
  const { emergency, returning, elsewhere } = tonightOf(
    [
      resident('emergency', { place: 'emergency' }),
      hospitalised('tonight', '2026-11-28T07:00'),
      hospitalised('late', '2026-11-27T16:00'),
      hospitalised('morning', '2026-11-28T08:00'),
      hospitalised('unknown'),
    ],
    night,
  )
  expect([emergency, returning, elsewhere].map((rows) => rows.map(({ residentId }) => residentId))).toEqual([
    ['emergency'],
    ['late', 'tonight'],
    ['morning', 'unknown'],
  ])
})

test('who was discharged is shown for a day and a half, and afterwards as long as nobody said that it was heard', () => {
  const now = local('2026-11-30T12:00')
  const rows = ['recent', 'old', 'heard', 'consultation'].map((id) => resident(id, { patientId: id as never }))
  const old = at('2026-11-27T12:00')
  const told = [
    item({ patientId: 'recent', sentAt: at('2026-11-30T09:00'), rest: { status: 'done' } }),
    item({ patientId: 'old', sentAt: old }),
    item({ patientId: 'heard', sentAt: old, rest: { status: 'done' } }),
    item({
      patientId: 'consultation',
      sentAt: at('2026-11-30T09:00'),
      rest: { standing: { status: 'discharged', patientClass: 'O', died: false } },
    }),
  ]
  const { recent, unconfirmed } = leftLately(rows, told, now)
  expect([recent, unconfirmed].map((left) => left.map(({ row }) => row.residentId))).toEqual([['recent'], ['old']])
})

test('of a resident who has left twice, the last time counts', () => {
  const rows = [resident('a', { patientId: 'a' as never })]
  const [first, last] = [at('2026-11-29T09:00'), at('2026-11-30T09:00')]
  const told = [
    item({ patientId: 'a', sentAt: last, rest: { stayId: 'last' } }),
    item({ patientId: 'a', sentAt: first, rest: { stayId: 'first' } }),
  ]
  const { recent, unconfirmed } = leftLately(rows, told, local('2026-11-30T12:00'))
  expect(recent.map((left) => left.item.stayId)).toEqual(['last'])
  expect(unconfirmed).toEqual([])
})
