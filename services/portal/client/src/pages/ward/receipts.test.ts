import { Receipts, WardBoardRow } from '@relais/contracts/boards'
import { ReceiptEntry } from '@relais/contracts/channel-entries'
import { expect, test } from 'vitest'
import { lateOf } from './lateness.ts'
import { countStages, stageOf, withReceipts } from './receipts.ts'

const sentAt = '2026-11-20T09:00:00.000Z'
const at = '2026-11-20T09:05:00.000Z'
const given = { by: 'rpps:1', at }
const standing = { status: 'present', facility: '990000010', wards: [], died: false, confidential: false }
const id = (name: string) => `00000000-0000-4000-8000-00000000000${name}`
const noticeOf = (name: string) => ({
  noticeId: id(name),
  recipient: 'rpps:1',
  role: 'medecin',
  nature: 'admitted',
  receipts: { sentAt },
})
const row = (name: string, { said = {}, ...details }: { said?: object; [name: string]: unknown } = {}) =>
  WardBoardRow.parse({
    stayId: id(name),
    patientId: id(name),
    group: 'present',
    notices: [noticeOf(name)],
    ...details,
    standing: { ...standing, ...said },
  })
const entry = (name: string, receipt: string, details: object = {}) =>
  ReceiptEntry.parse({
    kind: 'receipt',
    entryId: id('9'),
    noticeId: id(name),
    recipient: 'rpps:1',
    recordedAt: at,
    wards: [],
    receipt,
    ...given,
    ...details,
  })

test('the furthest receipt says how far a notice has come', () => {
  const stage = (receipts: object) => stageOf(Receipts.parse({ sentAt, ...receipts }))
  expect(stage({})).toBe('sent')
  expect(stage({ delivered: given, read: given })).toBe('read')
  expect(stage({ acted: { ...given, action: 'acknowledged' } })).toBe('acted')
  expect(stage({ read: given, returned: given })).toBe('returned')
})

test('a receipt changes its row, and leaves the others as they are', () => {
  const rows = [row('a'), row('b')]
  const [a, b] = withReceipts(rows, [entry('a', 'read')])
  expect(a?.notices[0]?.receipts).toEqual({ sentAt, read: given })
  expect(b).toBe(rows[1])
  expect(countStages(a?.notices ?? [])).toEqual(new Map([['read', 1]]))
})

test('a receipt that is known already, or of no notice here, changes nothing', () => {
  const rows = [row('a')]
  const once = withReceipts(rows, [entry('a', 'read')])
  expect(withReceipts(once, [entry('a', 'read', { at: sentAt })])).toBe(once)
  expect(withReceipts(rows, [entry('c', 'read')])).toBe(rows)
})

test('that nobody has read is late after two hours', () => {
  const known = { hasLateStep: false, isOpen: () => true }
  const later = (hours: number) => Date.parse(sentAt) + hours * 3_600_000
  expect(lateOf(row('a'), { ...known, now: later(2) - 1 })).toEqual([])
  expect(lateOf(row('a'), { ...known, now: later(2) })).toEqual(['unread'])
  const [read] = withReceipts([row('a')], [entry('a', 'read')])
  expect(read && lateOf(read, { ...known, now: later(5) })).toEqual([])
})

test('a planned discharge that is past, an arrival that is awaited and a late step are late', () => {
  const now = Date.parse(at)
  const leaving = row('a', { departureAt: sentAt, notices: [] })
  expect(lateOf(leaving, { now, hasLateStep: true, isOpen: () => true })).toEqual(['step', 'departureOverdue'])
  const expected = row('b', { group: 'expected', notices: [], said: { status: 'expected', expectedAt: sentAt } })
  expect(lateOf(expected, { now, hasLateStep: false, isOpen: () => true })).toEqual(['arrivalOverdue'])
})

test('a day after a discharge somebody should have acted', () => {
  const left = row('a', { group: 'left', said: { status: 'discharged', dischargedAt: sentAt } })
  const now = Date.parse(sentAt) + 24 * 3_600_000
  expect(lateOf(left, { now, hasLateStep: false, isOpen: () => true })).toEqual(['unread', 'unanswered'])
  const [acted] = withReceipts([left], [entry('a', 'acted', { action: 'handled' })])
  expect(acted && lateOf(acted, { now, hasLateStep: false, isOpen: () => true })).toEqual([])
})

test('what was returned is late until somebody has said what is the case', () => {
  const [returned] = withReceipts([row('a')], [entry('a', 'returned')])
  const late = (isOpen: boolean) =>
    returned && lateOf(returned, { now: Date.parse(at), hasLateStep: false, isOpen: () => isOpen })
  expect(late(true)).toEqual(['returned'])
  expect(late(false)).toEqual([])
})

test('of a confidential stay nobody is late in reading: nobody is shown it any more', () => {
  const hidden = row('a', { said: { confidential: true } })
  expect(lateOf(hidden, { now: Date.parse(sentAt) + 30 * 3_600_000, hasLateStep: false, isOpen: () => true })).toEqual(
    [],
  )
})
