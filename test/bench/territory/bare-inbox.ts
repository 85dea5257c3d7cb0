import type { DatabaseSync } from 'node:sqlite'

const receipts = ['delivered', 'read', 'acted', 'returned']
export const receiptJoins = receipts
  .map(
    (name) => `left join notice_receipt ${name} on ${name}.notice_id = item.notice_id and ${name}.receipt = '${name}'`,
  )
  .join(' ')
export const receiptColumns = receipts.map((name) => `${name}.by as ${name}_by, ${name}.at as ${name}_at`).join(', ')
/** What a notice said, and its receipts. */
export const told = `item.stay_id, item.notice_id, item.recipient, item.role, item.nature, item.sent_at, ${receiptColumns}, acted.action`

/** What somebody was told and is asked, as the rows are: a query for each. */
export function bareInbox(database: DatabaseSync) {
  const stays =
    database.prepare(`select ${told}, item.patient_id, item.happened_at, item.standing, item.changed, item.due_order
    from (select item.*, listed.due_order from open_item listed
      join inbox_item item on item.recipient = listed.recipient and item.stay_id = listed.stay_id
      where listed.recipient = :recipient and item.notice_id = listed.notice_id and not exists (select 1 from returned_patient back where back.recipient = item.recipient
        and back.patient_id = item.patient_id and back.position > item.position)
      and not exists (select 1 from board_stay where board_stay.stay_id = item.stay_id and confidential = 1)
      order by listed.due_order, listed.stay_id limit 50) item ${receiptJoins} order by item.due_order, item.stay_id`)
  const work = database.prepare(`select item.*, sent.notice_id, sent.sent_at, ${receiptColumns}, acted.action
    from (select asked.*, listed.due_order from open_work listed
      join work_item asked on asked.recipient = listed.recipient and asked.subject = listed.subject
      where listed.recipient = :recipient and not exists (select 1 from returned_patient back
        where back.recipient = asked.recipient and back.patient_id = asked.patient_id and back.position > asked.position)
      order by listed.due_order, listed.subject limit 50) item
    left join work_notice sent on sent.recipient = item.recipient and sent.subject = item.subject
      and sent.source_id = item.source_id
    ${receiptJoins.replaceAll('item.notice_id', 'sent.notice_id')} order by item.due_order, item.subject`)
  return (recipient: string) => ({ items: stays.all({ recipient }), asked: work.all({ recipient }) })
}
