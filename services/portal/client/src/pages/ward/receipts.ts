import type { Receipts, WardBoardRow } from '@relais/contracts/boards'
import type { ReceiptEntry } from '@relais/contracts/channel-entries'

/** How far something that was sent has come: the furthest of its receipts. */
export type ReceiptStage = 'sent' | 'delivered' | 'read' | 'acted' | 'returned'

export function stageOf({ delivered, read, acted, returned }: Receipts): ReceiptStage {
  if (returned) return 'returned'
  if (acted) return 'acted'
  if (read) return 'read'
  return delivered ? 'delivered' : 'sent'
}

/** When it came so far, and by whom. */
export function reachedBy(receipts: Receipts): { at: string; by?: string } {
  const { returned, acted, read, delivered, sentAt } = receipts
  return returned ?? acted ?? read ?? delivered ?? { at: sentAt }
}

/** How many were told, and how many of them have come how far. */
export function countStages(notices: WardBoardRow['notices']): ReadonlyMap<ReceiptStage, number> {
  const counts = new Map<ReceiptStage, number>()
  for (const { receipts } of notices) counts.set(stageOf(receipts), (counts.get(stageOf(receipts)) ?? 0) + 1)
  return counts
}

/** The rows with receipts that were just heard of. A row that none of them is about stays the same object. */
export function withReceipts(rows: readonly WardBoardRow[], entries: readonly ReceiptEntry[]): readonly WardBoardRow[] {
  const byNotice = Map.groupBy(entries, ({ noticeId }) => noticeId)
  let isChanged = false
  const next = rows.map((row) => {
    const notices = row.notices.map((notice) => {
      const receipts = (byNotice.get(notice.noticeId) ?? []).reduce(received, notice.receipts)
      return receipts === notice.receipts ? notice : { ...notice, receipts }
    })
    if (notices.every((notice, index) => notice === row.notices[index])) return row
    isChanged = true
    return { ...row, notices }
  })
  return isChanged ? next : rows
}

/** The first receipt of each kind stands: a repeat changes nothing. */
function received(receipts: Receipts, { receipt, by, at, action }: ReceiptEntry): Receipts {
  switch (receipt) {
    case 'delivered':
    case 'read':
    case 'returned':
      return receipts[receipt] ? receipts : { ...receipts, [receipt]: { by, at } }
    case 'acted':
      return receipts.acted || action === undefined ? receipts : { ...receipts, acted: { by, at, action } }
    case 'misdirectionClosed':
      return receipts
  }
}
