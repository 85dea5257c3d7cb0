import { expect, test } from 'vitest'
import { foldEntries, foldPages } from './inbox-fold.ts'
import { ME, noticeOf, receiptOf, stay, TEAM, work, workEntryOf } from './items.fixture.ts'

test('a notice of a stay that is not in the list is a new item, unread', () =>
  expect(foldEntries([], [noticeOf(stay())])).toEqual([stay()]))

test('a later notice of the same stay takes the place of the one before', () => {
  const later = stay({ notice: 9, sentAt: '2026-11-27T10:00:00.000Z' })
  expect(foldEntries([stay()], [noticeOf(later)])).toEqual([later])
})

test('an older notice of the same stay, heard again, changes nothing', () => {
  const items = [stay({ notice: 9, sentAt: '2026-11-27T10:00:00.000Z' })]
  expect(foldEntries(items, [noticeOf(stay())])).toBe(items)
})

test('the same notice again changes nothing', () => {
  const items = [stay()]
  expect(foldEntries(items, [noticeOf(stay())])).toBe(items)
})

test('what a team was told is another item than what one of it was told', () =>
  expect(foldEntries([stay()], [noticeOf(stay({ recipient: TEAM, notice: 8 }))])).toHaveLength(2))

test('a colleague who read it says so in place', () => {
  const item = stay()
  const [read] = foldEntries([item], [receiptOf(item, 'read')])
  expect(read).toEqual({ ...item, receipts: { ...item.receipts, read: { by: ME, at: '2026-11-27T09:00:00.000Z' } } })
})

test('a receipt of a notice that was replaced says nothing of the one that replaced it', () => {
  const items = [stay({ notice: 9, sentAt: '2026-11-27T10:00:00.000Z' })]
  expect(foldEntries(items, [receiptOf(stay(), 'acted')])).toBe(items)
})

test('what was acted upon is done', () => {
  const item = stay()
  expect(foldEntries([item], [receiptOf(item, 'acted')])[0]?.status).toBe('done')
})

test('what is asked is not done because it was told of: it is, once somebody did it', () => {
  const item = work()
  expect(foldEntries([item], [receiptOf(item, 'acted')])[0]?.status).toBe('open')
})

test('what was only to be acknowledged is done once it was', () => {
  const item = work({ action: 'acknowledge' })
  expect(foldEntries([item], [receiptOf(item, 'acted')])[0]?.status).toBe('done')
})

test('what is asked no more is done', () => {
  const withdrawn = work({ state: 'withdrawn', happenedAt: '2026-11-27T10:00:00.000Z', nature: 'referralCancelled' })
  const [item] = foldEntries([work()], [{ ...workEntryOf(withdrawn), noticeId: stay({ notice: 77 }).noticeId }])
  expect(item?.status).toBe('done')
})

test('what its reader has done since is not undone by what was asked before', () => {
  const items = [work({ action: 'schedule', happenedAt: '2026-11-27T11:00:00.000Z', isTold: false })]
  expect(foldEntries(items, [workEntryOf(work())])).toBe(items)
})

test('nothing is shown any more of a patient who is not the reader’s', () => {
  const [mine, other] = [stay(), stay({ number: 2 })]
  expect(foldEntries([mine, work(), other], [receiptOf(mine, 'returned')])).toEqual([other])
})

test('handling entries twice is handling them once', () => {
  const item = stay()
  const entries = [noticeOf(item), receiptOf(item, 'read'), workEntryOf(work()), receiptOf(item, 'acted')]
  const once = foldEntries([], entries)
  expect(foldEntries(once, entries)).toEqual(once)
})

test('what belongs after what was loaded comes with its page', () => {
  const pages = [{ items: [stay({ dueAt: '2026-11-27T08:00:00.000Z' })], next: 'more' }]
  const late = noticeOf(stay({ number: 2, dueAt: '2026-12-24T08:00:00.000Z' }))
  const soon = noticeOf(stay({ number: 3, dueAt: '2026-11-26T08:00:00.000Z' }))
  expect(foldPages(pages, [late, soon])).toEqual([
    { items: [stay({ number: 3, dueAt: '2026-11-26T08:00:00.000Z' }), ...(pages[0]?.items ?? [])], next: 'more' },
  ])
})

test('a list that was loaded to its end takes what comes after it too', () => {
  const late = noticeOf(stay({ number: 2, dueAt: '2026-12-24T08:00:00.000Z' }))
  const [page] = foldPages([{ items: [stay({ dueAt: '2026-11-27T08:00:00.000Z' })] }], [late])
  expect(page?.items).toHaveLength(2)
})
