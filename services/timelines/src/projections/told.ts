import type { Receipts } from '@relais/contracts/boards'
import type { NoticeAction, NoticeId, NoticeNature } from '@relais/contracts/notices'
import type { CircleRole } from '@relais/contracts/patients'
import type { Instant, ProfessionalId, Recipient } from '@relais/contracts/primitives'
import type { Statement } from '@relais/database/statements'

declare const valueOf: unique symbol
/** A column of JSON, and what it holds: `boards` wrote it from an event that a contract had read. */
export type Json<Value> = string & { readonly [valueOf]?: Value }

export function readJson<Value>(text: Json<Value>): Value {
  // Checked when the event was read; the column says what it holds.
  return JSON.parse(text) as Value
}

/** Who was told what last, as `toldColumns` selects it. */
export type ToldRow = ReceiptRow & {
  notice_id: NoticeId
  recipient: Recipient
  role: CircleRole
  nature: NoticeNature
  sent_at: Instant
}
/** What became of a notice, as `receiptColumns` selects it. */
export type ReceiptRow = { action: NoticeAction | null } & { [By in `${Receipt}_by`]: ProfessionalId | null } & {
  [At in `${Receipt}_at`]: Instant | null
}

const receipts = ['delivered', 'read', 'acted', 'returned'] as const
type Receipt = (typeof receipts)[number]

/** With `receiptJoins` beside them. */
export const receiptColumns = [
  'acted.action as action',
  ...receipts.map((name) => `${name}.by as ${name}_by, ${name}.at as ${name}_at`),
].join(', ')

/** Of `inbox_item as item`, with `receiptJoins` beside it. */
export const toldColumns = `item.notice_id, item.recipient, item.role, item.nature, item.sent_at, ${receiptColumns}`

/** The receipts of the notice that a row of this name holds. */
export function receiptJoinsOf(told: 'item' | 'sent'): string {
  return receipts
    .map(
      (name) =>
        `left join notice_receipt as ${name} on ${name}.notice_id = ${told}.notice_id and ${name}.receipt = '${name}'`,
    )
    .join('\n')
}
export const receiptJoins = receiptJoinsOf('item')

type BecauseRow = ReceiptRow & {
  notice_id: NoticeId
  subject: string
  recipient: Recipient
  role: string | null
  sent_at: Instant
}
/** All that was told in consequence of one act. */
export const toldBecauseOf: Statement<BecauseRow> = `
  select item.notice_id, item.subject, item.recipient, item.role, item.sent_at, ${receiptColumns}
  from told_notice as item
  ${receiptJoins}
  where item.correlation_id = ?
  order by item.sent_at, item.notice_id`

export function receiptsOf(row: ReceiptRow & { sent_at: Instant }): Receipts {
  const { action } = row
  const delivered = given(row.delivered_by, row.delivered_at)
  const read = given(row.read_by, row.read_at)
  const acted = given(row.acted_by, row.acted_at)
  const returned = given(row.returned_by, row.returned_at)
  return {
    sentAt: row.sent_at,
    ...(delivered && { delivered }),
    ...(read && { read }),
    ...(acted && action && { acted: { ...acted, action } }),
    ...(returned && { returned }),
  }
}

function given(by: ProfessionalId | null, at: Instant | null) {
  return by === null || at === null ? undefined : { by, at }
}
