import type { InboxItem, StayItem, WorkItem } from '@relais/contracts/boards'
import type { ChannelEntry, NoticeEntry, ReceiptEntry, WorkEntry } from '@relais/contracts/channel-entries'
import { itemKey, orderOf, workSubject } from './inbox-items.ts'

export type InboxPage = { items: readonly InboxItem[]; next?: string | undefined }

/**
 * What entries of an inbox's channel make of the list: one item for each stay, referral and step, updated in place. The
 * same entry again changes nothing, nor does one that is older than what the list says.
 */
export function foldEntries(items: readonly InboxItem[], entries: readonly ChannelEntry[]): readonly InboxItem[] {
  const known = new Map(items.map((item) => [itemKey(item), item]))
  let isChanged = false
  for (const entry of entries) isChanged = apply(known, entry) || isChanged
  return isChanged ? [...known.values()] : items
}

/** The same for a list that has not been loaded to its end: what belongs after it comes with its page. */
export function foldPages(pages: readonly InboxPage[], entries: readonly ChannelEntry[]): readonly InboxPage[] {
  const items = pages.flatMap((page) => page.items)
  const folded = foldEntries(items, entries)
  if (folded === items || pages.length === 0) return pages
  const last = items.at(-1)
  const end = pages.at(-1)?.next === undefined || !last ? undefined : orderOf(last)
  const before = new Set(items.map((item) => itemKey(item)))
  const kept = new Map(folded.map((item) => [itemKey(item), item]))
  const added = folded.filter((item) => !before.has(itemKey(item)) && (end === undefined || orderOf(item) <= end))
  return pages.map((page, index) => {
    const own = page.items.flatMap((item) => kept.get(itemKey(item)) ?? [])
    return { ...page, items: index === 0 ? [...added, ...own] : own }
  })
}

type Known = Map<string, InboxItem>

function apply(known: Known, entry: ChannelEntry): boolean {
  switch (entry.kind) {
    case 'notice':
      return applyNotice(known, entry)
    case 'work':
      return applyWork(known, entry)
    case 'receipt':
      return applyReceipt(known, entry)
    default:
      return false
  }
}

function applyNotice(known: Known, entry: NoticeEntry): boolean {
  const { entryId: _, recordedAt, ...told } = entry
  const item: StayItem = { ...told, kind: 'stay', receipts: { sentAt: recordedAt }, status: 'open' }
  const before = known.get(itemKey(item))
  if (before && (before.noticeId === entry.noticeId || sentAt(before) > recordedAt)) return false
  known.set(itemKey(item), item)
  return true
}

function applyWork(known: Known, entry: WorkEntry): boolean {
  const { entryId: _, recordedAt, ...said } = entry
  const status = entry.work.state === 'open' ? 'open' : 'done'
  const item: WorkItem = { ...said, receipts: { sentAt: recordedAt }, status }
  const before = known.get(itemKey(item))
  // What its reader did since is told to nobody, and is newer.
  if (before && (before.noticeId === entry.noticeId || before.happenedAt > entry.happenedAt)) return false
  known.set(itemKey(item), item)
  return true
}

const sentAt = ({ receipts }: InboxItem) => receipts?.sentAt ?? ''

function applyReceipt(known: Known, entry: ReceiptEntry): boolean {
  if (entry.receipt === 'returned') return removePatient(known, entry)
  if (entry.receipt === 'misdirectionClosed') return false
  const key = receiptKey(entry)
  const item = key === undefined ? undefined : known.get(key)
  if (key === undefined || !item?.receipts || item.noticeId !== entry.noticeId) return false
  if (item.receipts[entry.receipt]) return false
  known.set(key, receipted(item, entry, entry.receipt))
  return true
}

function receiptKey({ stayId, work, recipient }: ReceiptEntry): string | undefined {
  if (work) return `${workSubject(work)} ${recipient}`
  return stayId === undefined ? undefined : `stay/${stayId} ${recipient}`
}

function receipted(item: InboxItem, { by, at, action = 'handled' }: ReceiptEntry, name: Receipt): InboxItem {
  const receipts = {
    ...item.receipts,
    sentAt: sentAt(item),
    ...(name === 'acted' ? { acted: { by, at, action } } : { [name]: { by, at } }),
  }
  const isDone = name === 'acted' && (item.kind === 'stay' || item.work.expected.action === 'acknowledge')
  return { ...item, receipts, ...(isDone ? { status: 'done' as const } : {}) }
}
type Receipt = 'delivered' | 'read' | 'acted'

/** "Not my patient": nothing that was sent of him or her is shown to this recipient any more. */
function removePatient(known: Known, { patientId, recipient }: ReceiptEntry): boolean {
  const gone = [...known].filter(([, item]) => item.recipient === recipient && item.patientId === patientId)
  for (const [key] of gone) known.delete(key)
  return gone.length > 0
}
