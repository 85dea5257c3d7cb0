import type { WardBoardRow } from '@relais/contracts/boards'
import { stageOf } from './receipts.ts'

const HOUR_MILLISECONDS = 3_600_000
/** After how long it is worth a phone call that nobody of the circle has read of a change. */
const UNREAD_HOURS = 2
/** Within how long of a discharge whoever follows the patient should have said so. */
const UNANSWERED_HOURS = 24

/** What is late about a stay, in the order in which it is worth reading. */
export const lateKinds = ['step', 'unread', 'unanswered', 'departureOverdue', 'arrivalOverdue', 'returned'] as const
export type LateKind = (typeof lateKinds)[number]

/** `hasLateStep`: a step of a protocol that this ward has. `isOpen`: nobody has said yet what came of a notice returned. */
type Known = { now: number; hasLateStep: boolean; isOpen(noticeId: string): boolean }

/** What is late about a stay now. */
export function lateOf(row: WardBoardRow, { now, hasLateStep, isOpen }: Known): LateKind[] {
  const isLate: Record<LateKind, boolean> = {
    step: hasLateStep,
    unread: isTold(row) && isUnread(row, now),
    unanswered: isTold(row) && isUnanswered(row, now),
    departureOverdue: isThere(row) && isPast(row.departureAt, now),
    arrivalOverdue: row.group === 'expected' && isPast(row.standing.expectedAt, now),
    returned: row.notices.some(({ noticeId, receipts }) => stageOf(receipts) === 'returned' && isOpen(noticeId)),
  }
  return lateKinds.filter((kind) => isLate[kind])
}

const isThere = ({ group }: WardBoardRow) => group === 'present' || group === 'onLeave'
/** Of a confidential stay nobody reads what was sent before. */
const isTold = ({ notices, standing }: WardBoardRow) => notices.length > 0 && !standing.confidential
const isPast = (at: string | undefined, now: number) => at !== undefined && Date.parse(at) < now

/** Several were told, or one, and nobody has even read it. */
function isUnread({ notices }: WardBoardRow, now: number): boolean {
  const lastSent = Math.max(...notices.map(({ receipts }) => Date.parse(receipts.sentAt)))
  const isHeard = notices.some(({ receipts }) => receipts.read ?? receipts.acted ?? receipts.returned)
  return !isHeard && now - lastSent >= UNREAD_HOURS * HOUR_MILLISECONDS
}

/** The patient has left for a day, and nobody said that what follows is in hand. */
function isUnanswered({ group, notices, standing: { dischargedAt, died } }: WardBoardRow, now: number): boolean {
  if (group !== 'left' || died || dischargedAt === undefined) return false
  const isAnswered = notices.some(({ receipts }) => receipts.acted)
  return !isAnswered && now - Date.parse(dischargedAt) >= UNANSWERED_HOURS * HOUR_MILLISECONDS
}
