import { MOST_RUNGS, promiseDueAt, type ReferralEvent } from '@relais/contracts/referrals'
import { clearDeadline, deadlineIdOf, type SetDeadline, setDeadline } from '@relais/deadlines/deadline'
import type { RowOperation } from '@relais/projections/projection'

/** What time may bring to a referral. */
export const kinds = {
  widen: 'widenReferral',
  escalate: 'escalateReferral',
  overdue: 'answerOverdue',
  promise: 'settlePromise',
} as const

/**
 * What falls due, and what no longer does. MUST clear each one by every event after which its command would change
 * nothing, because a deadline that stays is fired again.
 */
export function deadlineRows({ type, data }: ReferralEvent): RowOperation[] {
  const { referralId: subject } = data
  switch (type) {
    case 'ReferralRequested':
      return requestedRows(data)
    case 'ReceiverAsked':
      return [
        setDeadline({
          ...named(kinds.overdue, subject, data.recipient),
          dueAt: data.answerBy,
          detail: { recipient: data.recipient },
        }),
      ]
    case 'ReferralAccepted':
      return [cleared(kinds.overdue, subject, data.recipient), ...extended(subject)]
    case 'ReferralDeclined':
    case 'ReferralRedirected':
    case 'ReceiverStoodDown':
    case 'AnswerOverdue':
      return [cleared(kinds.overdue, subject, data.recipient)]
    case 'ReferralWidened':
      return [cleared(kinds.widen, subject)]
    case 'ReferralEscalated':
      return [cleared(kinds.escalate, subject, String(data.rung))]
    case 'PromiseKept':
    case 'PromiseMissed':
      return [cleared(kinds.promise, subject)]
    case 'ReferralClosed':
    case 'ReferralCancelled':
      return [cleared(kinds.promise, subject), ...extended(subject)]
    default:
      return []
  }
}

type Requested = Extract<ReferralEvent, { type: 'ReferralRequested' }>['data']

function requestedRows({ referralId: subject, ladder, priority, promise, requestedAt }: Requested): RowOperation[] {
  return [
    ...ladder.map(({ at: dueAt }, rung) =>
      setDeadline({ ...named(kinds.escalate, subject, String(rung)), dueAt, detail: { rung } }),
    ),
    ...(priority ? [setDeadline({ ...named(kinds.widen, subject), dueAt: priority.until })] : []),
    ...(promise ? [setDeadline({ ...named(kinds.promise, subject), dueAt: promiseDueAt(promise, requestedAt) })] : []),
  ]
}

/** Nobody else is asked any more. */
function extended(subject: string): RowOperation[] {
  const rungs = Array.from({ length: MOST_RUNGS }, (_, rung) => cleared(kinds.escalate, subject, String(rung)))
  return [cleared(kinds.widen, subject), ...rungs]
}

function named(kind: string, subject: string, part?: string): Omit<SetDeadline, 'dueAt'> {
  return { deadlineId: deadlineIdOf(kind, subject, part), kind, subject }
}

const cleared = (kind: string, subject: string, part?: string) => clearDeadline(deadlineIdOf(kind, subject, part))
