import type { Receipts } from '@relais/contracts/boards'
import { NoticeAction } from '@relais/contracts/notices'
import { ProfessionalId } from '@relais/contracts/primitives'
import { type Kysely, sql } from 'kysely'
import type { BoardTables } from './boards.ts'

/** What was last told, with its receipts beside it. */
export function toldWithReceipts(db: Kysely<BoardTables>) {
  return db
    .selectFrom('inbox_item as item')
    .leftJoin('notice_receipt as delivered', (join) =>
      join.onRef('delivered.notice_id', '=', 'item.notice_id').on('delivered.receipt', '=', 'delivered'),
    )
    .leftJoin('notice_receipt as read', (join) =>
      join.onRef('read.notice_id', '=', 'item.notice_id').on('read.receipt', '=', 'read'),
    )
    .leftJoin('notice_receipt as acted', (join) =>
      join.onRef('acted.notice_id', '=', 'item.notice_id').on('acted.receipt', '=', 'acted'),
    )
    .leftJoin('notice_receipt as returned', (join) =>
      join.onRef('returned.notice_id', '=', 'item.notice_id').on('returned.receipt', '=', 'returned'),
    )
    .selectAll('item')
    .select(['delivered.by as delivered_by', 'delivered.at as delivered_at'])
    .select(['read.by as read_by', 'read.at as read_at'])
    .select(['acted.by as acted_by', 'acted.at as acted_at', 'acted.action as action'])
    .select(['returned.by as returned_by', 'returned.at as returned_at'])
}

/** Of a patient whom the recipient said is not his or hers, since. */
export function isReturned(db: Kysely<BoardTables>) {
  return db
    .selectFrom('returned_patient as back')
    .where('back.recipient', '=', sql<string>`item.recipient`)
    .where('back.patient_id', '=', sql<string>`item.patient_id`)
    .where('back.position', '>', sql<number>`item.position`)
    .select('back.position')
}

export type ToldRow = Awaited<ReturnType<ReturnType<typeof toldWithReceipts>['execute']>>[number]

export function receiptsOf(row: ToldRow): Receipts {
  const delivered = given(row.delivered_by, row.delivered_at)
  const read = given(row.read_by, row.read_at)
  const acted = given(row.acted_by, row.acted_at)
  const returned = given(row.returned_by, row.returned_at)
  return {
    sentAt: row.sent_at,
    ...(delivered ? { delivered } : {}),
    ...(read ? { read } : {}),
    ...(acted ? { acted: { ...acted, action: NoticeAction.parse(row.action) } } : {}),
    ...(returned ? { returned } : {}),
  }
}

function given(by: string | null, at: string | null) {
  return by === null || at === null ? undefined : { by: ProfessionalId.parse(by), at }
}
