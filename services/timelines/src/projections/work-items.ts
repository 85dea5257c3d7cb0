import { isReferralEvent, type ReferralEvent } from '@relais/contracts/referrals'
import type { NoticeEvent } from '@relais/contracts/notices'
import type { RunEvent } from '@relais/contracts/protocol-runs'
import { type Work, workKey } from '@relais/contracts/work'
import type { Decoded } from '@relais/event-store/codec'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'
import { newestFirst, workOrder } from '../domain/board-order.ts'

/** What is asked of whom, as it was last said; the notice that says so; and what was told in consequence of what. */
export const workTables = {
  work_item: {
    columns: {
      recipient: 'text',
      subject: 'text',
      patient_id: 'text',
      source_id: 'text',
      happened_at: 'text',
      withheld: 'integer',
      /** 1 as long as something is expected, 2 where that is to acknowledge the notice, 0 once nothing is. */
      expects: 'integer',
      position: 'integer',
      recent_order: 'text',
      work: 'text',
    },
    key: ['recipient', 'subject'],
    indexes: [['recipient', 'recent_order', 'subject']],
  },
  /** Of what something is expected. */
  open_work: {
    columns: { recipient: 'text', subject: 'text', due_order: 'text' },
    key: ['recipient', 'subject'],
    indexes: [['recipient', 'due_order', 'subject']],
  },
  /** The last one of each item: of what is asked now where `source_id` is that of the item. */
  work_notice: {
    columns: { recipient: 'text', subject: 'text', source_id: 'text', notice_id: 'text', sent_at: 'text' },
    key: ['recipient', 'subject'],
  },
  /** `subject` is `stay/{id}`, `referral/{id}` or `run/{id}/{step}`. */
  told_notice: {
    columns: {
      correlation_id: 'text',
      notice_id: 'text',
      subject: 'text',
      recipient: 'text',
      role: 'text?',
      sent_at: 'text',
    },
    key: ['correlation_id', 'notice_id'],
  },
} satisfies Record<string, Table>

/** The same tables, for a query. */
export type WorkTables = {
  work_item: {
    recipient: string
    subject: string
    patient_id: string
    source_id: string
    happened_at: string
    withheld: number
    expects: number
    position: number
    recent_order: string
    work: string
  }
  open_work: { recipient: string; subject: string; due_order: string }
  work_notice: { recipient: string; subject: string; source_id: string; notice_id: string; sent_at: string }
  told_notice: {
    correlation_id: string
    notice_id: string
    subject: string
    recipient: string
    role: string | null
    sent_at: string
  }
}

type AnyEvent = { type: string; data: object }
type Given = Extract<ReferralEvent | RunEvent, { type: 'WorkGiven' }>
type Sent = Extract<NoticeEvent, { type: 'NoticeSent' | 'WorkNoticeSent' }>

export const EXPECTS = { nothing: 0, something: 1, acknowledgment: 2 } as const

/** What is asked, from the event alone. */
export function workItemRows({ data }: Given, { id, position }: Pick<Decoded<unknown>, 'id' | 'position'>) {
  const { patientId, work, happenedAt } = data
  const key = { recipient: work.recipient, subject: workKey(work.subject) }
  const expects = expectsOf(work)
  const item = upsert('work_item', {
    ...key,
    patient_id: patientId,
    source_id: id,
    happened_at: happenedAt,
    withheld: work.withheld ? 1 : 0,
    expects,
    position,
    recent_order: newestFirst(happenedAt),
    work: JSON.stringify(unnamed(work)),
  })
  const isOpen = expects !== EXPECTS.nothing
  return [
    item,
    isOpen ? upsert('open_work', { ...key, due_order: workOrder(work, happenedAt) }) : remove('open_work', key),
  ]
}

function expectsOf({ state, expected }: Work): number {
  if (state !== 'open') return EXPECTS.nothing
  return expected.action === 'acknowledge' ? EXPECTS.acknowledgment : EXPECTS.something
}

/** A stay would say who the patient is. */
function unnamed(work: Work): Work {
  if (!work.withheld) return work
  const { stayId: _, ...rest } = work
  return rest
}

/** That somebody was told, and in consequence of what. */
export function toldRows({ type, data }: Sent, correlationId: string): RowOperation[] {
  const { noticeId, recipient, sentAt } = data
  const told = { correlation_id: correlationId, notice_id: noticeId, recipient, sent_at: sentAt }
  if (type === 'NoticeSent')
    return [upsert('told_notice', { ...told, subject: `stay/${data.stayId}`, role: data.role })]
  const subject = workKey(data.work.subject)
  const notice = { recipient, subject, source_id: data.sourceEventId, notice_id: noticeId, sent_at: sentAt }
  return [upsert('told_notice', { ...told, subject, role: data.work.role ?? null }), upsert('work_notice', notice)]
}

/** Of referrals and runs, boards read what is asked, and nothing else. */
export function isOfLoop(event: AnyEvent): event is ReferralEvent | RunEvent {
  return isReferralEvent(event) || 'runId' in event.data
}
