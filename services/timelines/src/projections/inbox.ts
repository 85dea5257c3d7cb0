import { expectedOf, type InboxItem, type StayItem, type WorkItem } from '@relais/contracts/boards'
import type { NoticeId } from '@relais/contracts/notices'
import type { Instant, PatientId, StayId, Recipient } from '@relais/contracts/primitives'
import type { Standing } from '@relais/contracts/standing'
import type { Work } from '@relais/contracts/work'
import { repeated, type Repeated } from '@relais/database/statements'
import {
  type Json,
  readJson,
  receiptColumns,
  receiptJoins,
  receiptJoinsOf,
  type ReceiptRow,
  receiptsOf,
  toldColumns,
  type ToldRow,
} from './told.ts'
import { EXPECTS } from './work-items.ts'

/** What tells an item from every other one of an inbox, in the order of the page. */
export type PageKeys = readonly [order: string, kind: InboxItem['kind'], id: string, recipient: string]
/** An item, where it stands in the list, and whom it is about. */
export type Listed = { item: InboxItem; keys: PageKeys; patient_id: PatientId }

/** After every id of a stay. */
const LAST = '~'

/** Where the rows of one kind begin that come after these keys: of two items of one order, stays come first. */
export function afterOf(kind: InboxItem['kind'], keys: readonly string[]): string[] {
  // Every row comes after empty keys.
  const [order = '', before = '', id = '', recipient = ''] = keys
  if (before === kind) return [order, id, recipient]
  return [order, before === 'work' ? LAST : '', '']
}

type StayRow = ToldRow & {
  patient_id: PatientId
  stay_id: StayId
  happened_at: Instant
  standing: Json<Standing>
  changed: Json<string[]>
  page_order: string
}

/**
 * A page of the stays that so many recipients were told of, without those that are confidential and without patients who
 * are not the recipient's. What keeps an item out is asked first, its receipts for the page only: most of an inbox is done.
 */
export const stayPages: Record<StayItem['status'], Repeated<StayRow>> = {
  open: stayPage({
    tables: 'open_item as listed join inbox_item as told using (recipient, stay_id)',
    order: 'listed.due_order',
    among: 'told.notice_id = listed.notice_id',
  }),
  done: stayPage({
    tables: 'inbox_item as told',
    order: 'recent_order',
    among: "exists (select 1 from notice_receipt where notice_id = told.notice_id and receipt = 'acted')",
  }),
}

function stayPage({ tables, order, among }: Record<'tables' | 'order' | 'among', string>): Repeated<StayRow> {
  return repeated(
    `select ${toldColumns}, item.patient_id, item.stay_id, item.happened_at, item.standing, item.changed, item.page_order
    from (
      select told.notice_id, recipient, role, nature, sent_at, patient_id, stay_id, happened_at, standing, changed,
        ${order} as page_order
      from ${tables}
      where recipient in (`,
    '?',
    `) and (${order}, stay_id, recipient) > (?, ?, ?)
        and ${among}
        and not exists (
          select 1 from returned_patient as back
          where back.recipient = told.recipient and back.patient_id = told.patient_id and back.position > told.position)
        and not exists (select 1 from board_stay where board_stay.stay_id = told.stay_id and confidential = 1)
      order by ${order}, stay_id, recipient limit cast(? as integer)
    ) as item
    ${receiptJoins}
    order by item.page_order, item.stay_id, item.recipient`,
  )
}

type WorkRow = ReceiptRow & {
  recipient: Recipient
  subject: string
  patient_id: PatientId
  withheld: number
  happened_at: Instant
  work: Json<Work>
  page_order: string
  is_open: number
  notice_id: NoticeId | null
  sent_at: Instant | null
}

/** What was acknowledged is what the last word of the item was acknowledged of, not what was said before. */
const acknowledged = `exists (
  select 1 from work_notice as told
  join notice_receipt on notice_receipt.notice_id = told.notice_id and receipt = 'acted'
  where told.recipient = asked.recipient and told.subject = asked.subject and told.source_id = asked.source_id)`

/** A page of what so many recipients are asked, or were; without patients who are not the recipient's. */
export const workPages: Record<WorkItem['status'], Repeated<WorkRow>> = {
  open: workPage({
    tables: 'open_work as listed join work_item as asked using (recipient, subject)',
    order: 'listed.due_order',
    among: `(expects = ${EXPECTS.something} or not ${acknowledged})`,
    isOpen: 1,
  }),
  done: workPage({
    tables: 'work_item as asked',
    order: 'recent_order',
    among: `(expects = ${EXPECTS.nothing} or (expects = ${EXPECTS.acknowledgment} and ${acknowledged}))`,
    isOpen: 0,
  }),
}

type WorkPage = Record<'tables' | 'order' | 'among', string> & { isOpen: 0 | 1 }

function workPage({ tables, order, among, isOpen }: WorkPage): Repeated<WorkRow> {
  return repeated(
    `select ${receiptColumns}, item.recipient, item.subject, item.patient_id, item.withheld, item.happened_at, item.work,
      item.page_order, ${isOpen} as is_open, sent.notice_id, sent.sent_at
    from (
      select recipient, subject, patient_id, source_id, withheld, happened_at, work, ${order} as page_order
      from ${tables}
      where recipient in (`,
    '?',
    `) and (${order}, subject, recipient) > (?, ?, ?)
        and ${among}
        and not exists (
          select 1 from returned_patient as back
          where back.recipient = asked.recipient and back.patient_id = asked.patient_id
            and back.position > asked.position)
      order by ${order}, subject, recipient limit cast(? as integer)
    ) as item
    left join work_notice as sent on sent.recipient = item.recipient and sent.subject = item.subject
      and sent.source_id = item.source_id
    ${receiptJoinsOf('sent')}
    order by item.page_order, item.subject, item.recipient`,
  )
}

export function stayItem(row: StayRow): Listed {
  const { nature, role, recipient, patient_id, stay_id, page_order } = row
  const standing = readJson(row.standing)
  const receipts = receiptsOf(row)
  const item: StayItem = {
    kind: 'stay',
    noticeId: row.notice_id,
    recipient,
    role,
    patientId: patient_id,
    stayId: stay_id,
    nature,
    happenedAt: row.happened_at,
    standing,
    changed: readJson(row.changed),
    expected: expectedOf({ nature, standing, role }),
    receipts,
    status: receipts.acted ? 'done' : 'open',
  }
  return { item, keys: [page_order, 'stay', stay_id, recipient], patient_id }
}

export function workItem(row: WorkRow): Listed {
  const { recipient, subject, patient_id, page_order, notice_id: noticeId, sent_at } = row
  const item: WorkItem = {
    kind: 'work',
    ...(noticeId !== null && { noticeId }),
    recipient,
    ...(row.withheld === 0 && { patientId: patient_id }),
    happenedAt: row.happened_at,
    work: readJson(row.work),
    ...(sent_at !== null && { receipts: receiptsOf({ ...row, sent_at }) }),
    status: row.is_open === 1 ? 'open' : 'done',
  }
  return { item, keys: [page_order, 'work', subject, recipient], patient_id }
}
