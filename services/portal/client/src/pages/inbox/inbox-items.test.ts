import { expect, test } from 'vitest'
import { addressOf, arrange, countBySection, hold, newerThan, sectionOf } from './inbox-items.ts'
import { inboxSearch } from './inbox-search.ts'
import { id, ME, stay, TEAM, work } from './items.fixture.ts'

/** Tests run in UTC. A Friday. */
const now = Date.parse('2026-11-27T15:00:00.000Z')
const sectionOfDue = (dueAt: string) => [sectionOf(work({ dueAt }), now), sectionOf(stay({ dueAt }), now)]

test('what was to be answered an hour ago is late; a patient who left an hour ago is of today', () =>
  expect(sectionOfDue('2026-11-27T14:00:00.000Z')).toEqual(['late', 'today']))
test('what was due yesterday is late', () => expect(sectionOfDue('2026-11-26T23:59:59.999Z')).toEqual(['late', 'late']))
test('what is due before midnight is of today', () =>
  expect(sectionOfDue('2026-11-27T23:59:59.999Z')).toEqual(['today', 'today']))
test('what is due at midnight is of the days to come', () =>
  expect(sectionOfDue('2026-11-28T00:00:00.000Z')).toEqual(['week', 'week']))
test('the last instant of the seventh day is within it', () =>
  expect(sectionOfDue('2026-12-03T23:59:59.999Z')).toEqual(['week', 'week']))
test('what follows is later', () => expect(sectionOfDue('2026-12-04T00:00:00.000Z')).toEqual(['later', 'later']))
test('what is to be done without a date is no mere information', () =>
  expect([sectionOf(stay(), now), sectionOf(work({ action: 'schedule' }), now)]).toEqual(['toKnow', 'undated']))

test('the most overdue comes before all, and of what is only to be known the last one', () => {
  const old = stay({ number: 1, sentAt: '2026-11-20T08:00:00.000Z' })
  const fresh = stay({ number: 2, sentAt: '2026-11-27T14:00:00.000Z' })
  const late = work({ number: 3, dueAt: '2026-11-20T08:00:00.000Z' })
  const later = work({ number: 4, dueAt: '2026-11-21T08:00:00.000Z' })
  expect(arrange([old, later, fresh, late], now).map(({ item }) => item)).toEqual([late, later, fresh, old])
})

test('what is done is not to be done', () => expect(arrange([{ ...stay(), status: 'done' }], now)).toEqual([]))

test('a list that is held shows what was done in its place, and does not show what is new above', () => {
  const [one, two] = [stay({ number: 1 }), stay({ number: 2, sentAt: '2026-11-27T07:00:00.000Z' })]
  const shown = arrange([one, two], now)
  const urgent = work({ number: 3, dueAt: '2026-11-27T14:00:00.000Z' })
  const items = [two, urgent]
  const arranged = arrange(items, now)
  const held = hold(shown, items, arranged)
  expect(held.map(({ item }) => [item.kind, item.status])).toEqual([
    ['stay', 'done'],
    ['stay', 'open'],
  ])
  expect(newerThan(held, arranged)).toEqual({ added: 1, isOther: true })
})

test('what would stand after all of it is added there', () => {
  const one = stay({ number: 1 })
  const below = stay({ number: 2, sentAt: '2026-11-20T08:00:00.000Z' })
  const arranged = arrange([one, below], now)
  expect(hold(arrange([one], now), [one, below], arranged)).toEqual(arranged)
})

test('a list that is as it would be says so', () => {
  const rows = arrange([stay()], now)
  expect(newerThan(rows, rows)).toEqual({ added: 0, isOther: false })
})

test('headings say how many there are of each', () => {
  const rows = arrange([stay({ number: 1 }), stay({ number: 2 }), work({ dueAt: '2026-11-27T14:00:00.000Z' })], now)
  expect(countBySection(rows)).toEqual([
    { section: 'late', first: 0, count: 1 },
    { section: 'toKnow', first: 1, count: 2 },
  ])
})

test('an address names nobody, and is read again', () => {
  const addresses = [stay(), stay({ recipient: TEAM }), work(), work({ isStep: true })].map((item) =>
    addressOf(item, [ME, TEAM]),
  )
  expect(addresses).toEqual([
    `stay.${id(201)}.0`,
    `stay.${id(201)}.1`,
    `referral.${id(401)}.0`,
    `run.${id(301)}.call.0`,
  ])
  expect(addresses.map((item) => inboxSearch({ item }))).toEqual(addresses.map((item) => ({ item })))
})

test('what is no address of ours is left out', () =>
  expect(inboxSearch({ item: 'javascript:alert(1)', view: 'all', of: -1 })).toEqual({}))
