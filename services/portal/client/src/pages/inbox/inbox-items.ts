import type { InboxItem } from '@relais/contracts/boards'
import type { WorkSubject } from '@relais/contracts/work'

/** When something of a list is to be done: the headings of the inbox, in their order. */
export const sections = ['late', 'today', 'week', 'later', 'undated', 'toKnow'] as const
export type Section = (typeof sections)[number]

/** An item where it stands in the list. */
export type Row = { key: string; section: Section; item: InboxItem }

const WEEK_DAYS = 7

/** One for each stay, referral and step of each recipient: the same that the platform holds one item for. */
export function itemKey(item: InboxItem): string {
  const subject = item.kind === 'stay' ? `stay/${item.stayId}` : workSubject(item.work.subject)
  return `${subject} ${item.recipient}`
}

export function workSubject(subject: WorkSubject): string {
  return subject.kind === 'referral' ? `referral/${subject.referralId}` : `run/${subject.runId}/${subject.stepId}`
}

/** The same in an address of this application, where nobody is named: which of the reader's names, by its number. */
export function addressOf(item: InboxItem, names: readonly string[]): string {
  const [subject = ''] = itemKey(item).split(' ')
  return `${subject.replaceAll('/', '.')}.${names.indexOf(item.recipient)}`
}

export function dueOf(item: InboxItem): string | undefined {
  return expectedOf(item).dueAt
}

const expectedOf = (item: InboxItem) => (item.kind === 'stay' ? item.expected : item.work.expected)

/** Whether the time that was set has passed. What follows a stay is due on a day, what is asked of somebody by an hour. */
export function isLate(item: InboxItem, now: number): boolean {
  const dueAt = dueOf(item)
  if (dueAt === undefined || item.status === 'done') return false
  return Date.parse(dueAt) < (item.kind === 'stay' ? startOfDay(now) : now)
}

export function sectionOf(item: InboxItem, now: number): Section {
  const dueAt = dueOf(item)
  if (dueAt === undefined) return expectedOf(item).action === 'acknowledge' ? 'toKnow' : 'undated'
  if (isLate(item, now)) return 'late'
  const at = Date.parse(dueAt)
  if (at < startOfDay(now, 1)) return 'today'
  return at < startOfDay(now, WEEK_DAYS) ? 'week' : 'later'
}

/** What is open, by what is due: the most overdue before all; what is only to be known, the last one first. */
export function arrange(items: readonly InboxItem[], now: number): Row[] {
  const rows = items.flatMap((item) => {
    if (item.status !== 'open') return []
    const [key, section] = [itemKey(item), sectionOf(item, now)]
    return { order: `${sections.indexOf(section)} ${orderOf(item)} ${key}`, row: { key, section, item } }
  })
  return rows.toSorted((one, other) => (one.order < other.order ? -1 : 1)).map(({ row }) => row)
}

/** What was dealt with, as the platform lists it. */
export function arrangeDone(items: readonly InboxItem[]): Row[] {
  return items.map((item) => ({ key: itemKey(item), section: 'toKnow', item }))
}

/** In which order the platform gives pages: a text, and two texts compare as it compares them. */
export function orderOf(item: InboxItem): string {
  const dueAt = dueOf(item)
  return dueAt === undefined ? `2 ${newestFirst(toldAt(item))}` : `1 ${dueAt}`
}

function toldAt(item: InboxItem): string {
  return item.kind === 'stay' ? item.receipts.sentAt : item.happenedAt
}

const newestFirst = (at: string) => at.replaceAll(/\d/g, (digit) => String(9 - Number(digit)))

/**
 * What was shown stays where it was, as it is now: what is no longer open is shown as done. What would stand after all of
 * it is added there, for nothing moves by that; how much else is new, `newerThan` says.
 */
export function hold(shown: readonly Row[], items: readonly InboxItem[], arranged: readonly Row[]): Row[] {
  const known = new Map(items.map((item) => [itemKey(item), item]))
  const kept = shown.map((row) => {
    const item = known.get(row.key) ?? { ...row.item, status: 'done' as const }
    return item === row.item || (item.status === 'done' && row.item.status === 'done') ? row : { ...row, item }
  })
  const keys = new Set(shown.map(({ key }) => key))
  const last = arranged.findLastIndex(({ key }) => keys.has(key))
  const below = last === -1 && shown.length > 0 ? [] : arranged.slice(last + 1)
  const lowest = sections.indexOf(shown.at(-1)?.section ?? 'late')
  return [...kept, ...below.filter(({ section }) => sections.indexOf(section) >= lowest)]
}

/** How many rows of `arranged` are not shown, and whether anything stands elsewhere than it would. */
export function newerThan(shown: readonly Row[], arranged: readonly Row[]): { added: number; isOther: boolean } {
  const keys = new Set(shown.map(({ key }) => key))
  const added = arranged.filter(({ key }) => !keys.has(key)).length
  const isSame =
    shown.length === arranged.length &&
    shown.every(({ key, section }, index) => key === arranged[index]?.key && section === arranged[index]?.section)
  return { added, isOther: !isSame }
}

function startOfDay(milliseconds: number, daysLater = 0): number {
  const at = new Date(milliseconds)
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + daysLater).getTime()
}

/** Of one who has several names, those of one of them. */
export function ofRecipient(items: readonly InboxItem[], recipient: string | undefined): readonly InboxItem[] {
  return recipient === undefined ? items : items.filter((item) => item.recipient === recipient)
}

/** How many there are of each, for who jumps to a heading. */
export function countBySection(rows: readonly Row[]): { section: Section; count: number; first: number }[] {
  const counts = new Map<Section, { section: Section; count: number; first: number }>()
  for (const [index, { section }] of rows.entries()) {
    const known = counts.get(section)
    if (known) known.count += 1
    else counts.set(section, { section, first: index, count: 1 })
  }
  return [...counts.values()]
}
