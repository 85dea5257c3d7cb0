import { expectedOf } from '@relais/contracts/boards'
import type { NoticeEvent } from '@relais/contracts/notices'
import type { Instant } from '@relais/contracts/primitives'
import type { Standing } from '@relais/contracts/standing'
import type { Work } from '@relais/contracts/work'

type Sent = Pick<Extract<NoticeEvent, { type: 'NoticeSent' }>['data'], 'nature' | 'standing' | 'role' | 'sentAt'>

/** What is due comes first, the most overdue before all; then what was told last. Texts in that order. */
export function inboxOrder(notice: Sent): string {
  return dueFirst(expectedOf(notice).dueAt, notice.sentAt)
}

/** The same for what is asked: both are in one list. */
export function workOrder({ expected }: Pick<Work, 'expected'>, happenedAt: Instant): string {
  return dueFirst(expected.dueAt, happenedAt)
}

function dueFirst(dueAt: Instant | undefined, toldAt: Instant): string {
  return dueAt === undefined ? `2 ${newestFirst(toldAt)}` : `1 ${dueAt}`
}

/** Turns an instant into a text: the later it is, the earlier the text. */
export function newestFirst(at: Instant): string {
  return at.replaceAll(/\d/g, (digit) => String(9 - Number(digit)))
}

const ranks: Record<Standing['status'], number> = { present: 1, onLeave: 2, expected: 3, discharged: 4, withdrawn: 5 }

/** Who is there comes first, room by room. */
export function boardOrder({ status, room = '~', bed = '' }: Standing): string {
  return `${ranks[status]} ${room} ${bed}`
}
