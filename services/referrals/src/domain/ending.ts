import { promiseDueAt, type ReferralEvent, type StoodDownBecause } from '@relais/contracts/referrals'
import { accept, type Decision, reject } from '@relais/decider/decider'
import { askedOf, climbing, hasAccepted, isEngaged, isFinished, receiverOf, subjectOf, widening } from './asked.ts'
import type {
  Cancel,
  Close,
  CloseForDeath,
  Escalate,
  Fact,
  NoteOverdue,
  NoteStayWithdrawn,
  ReferralRejection,
  SettlePromise,
  Widen,
} from './commands.ts'
import type { Known, ReceiverState } from './referral-state.ts'
import { settle, tellRequester } from './work.ts'

type ReferralDecision = Decision<ReferralEvent, ReferralRejection>

/** The requester has what was wanted, or wants it no more. */
export function close({ by, at }: Close, state: Known): ReferralDecision {
  const data = { ...subjectOf(state), from: state.request.from, by, because: 'done' as const, closedAt: at }
  return settle(state, [...standingDown(state, 'closed', at), { type: 'ReferralClosed', data }], at)
}

/** Once a patient was seen there is something to close, and nothing to take back. */
export function cancel({ by, reason, at }: Cancel, state: Known): ReferralDecision {
  if (state.receivers.some(isFinished)) return reject({ code: 'patientAlreadySeen' })
  const data = { ...subjectOf(state), from: state.request.from, by, reason, cancelledAt: at }
  return settle(state, [...standingDown(state, 'cancelled', at), { type: 'ReferralCancelled', data }], at)
}

/** Nothing is asked any more for a patient who has died; nobody said so. */
export function closeForDeath({ at }: CloseForDeath, state: Known): ReferralDecision {
  const data = { ...subjectOf(state), from: state.request.from, because: 'patientDied' as const, closedAt: at }
  return settle(state, [...standingDown(state, 'patientDied', at), { type: 'ReferralClosed', data }], at)
}

/** Told once, for the requester to look at: a stay that was never does not mean that nothing is needed. */
export function noteStayWithdrawn({ stayId, at }: NoteStayWithdrawn, state: Known): ReferralDecision {
  if (state.request.stayId !== stayId || state.isStayWithdrawn) return accept()
  return accept(...tellRequester(state, 'stayWithdrawn', at))
}

/** Those who come first have had their time. */
export function widen({ at }: Widen, state: Known): ReferralDecision {
  const { priority } = state.request
  const isDue = !state.isWidened && priority !== undefined && priority.until <= at
  return isDue && !hasAccepted(state) ? settle(state, widening(state, at), at) : accept()
}

export function escalate({ rung, at }: Escalate, state: Known): ReferralDecision {
  const dueAt = state.request.ladder[rung]?.at
  const isDue = dueAt !== undefined && dueAt <= at && !state.escalated.includes(rung)
  return isDue && !hasAccepted(state) ? settle(state, climbing(state, rung, at), at) : accept()
}

/** This one has let the time pass that was given; an answer may still come. */
export function noteOverdue({ recipient, at }: NoteOverdue, state: Known): ReferralDecision {
  const receiver = receiverOf(state, recipient)
  const isLate = receiver?.standing.status === 'asked' && receiver.answerBy <= at && !receiver.isOverdue
  if (!isLate) return accept()
  const data = { ...askedOf(state, receiver), answerBy: receiver.answerBy, notedAt: at }
  return settle(state, [{ type: 'AnswerOverdue', data }], at)
}

/** Kept by an appointment in time, or by having seen the patient. */
export function settlePromise({ at }: SettlePromise, state: Known): ReferralDecision {
  const { promise, requestedAt } = state.request
  if (promise === undefined || state.isPromiseSettled) return accept()
  const dueAt = promiseDueAt(promise, requestedAt)
  if (dueAt > at) return accept()
  const isKept = state.receivers.some((receiver) => isInTime(receiver, dueAt))
  const data = { ...subjectOf(state), promise, dueAt }
  return settle(state, [{ type: isKept ? 'PromiseKept' : 'PromiseMissed', data }], at)
}

function isInTime({ standing }: ReceiverState, dueAt: string): boolean {
  switch (standing.status) {
    case 'scheduled':
    case 'noShow':
      return standing.startsAt <= dueAt
    case 'seen':
      return standing.seenAt <= dueAt
    default:
      return standing.status === 'answered'
  }
}

/** What everybody is released from who has neither seen the patient nor answered. */
function standingDown(state: Known, because: StoodDownBecause, stoodDownAt: string): Fact[] {
  return state.receivers
    .filter((receiver) => isEngaged(receiver) && !isFinished(receiver))
    .map((receiver) => {
      const accepted = receiver.accepted ? { accepted: receiver.accepted } : {}
      return {
        type: 'ReceiverStoodDown',
        data: { ...askedOf(state, receiver), because, ...accepted, stoodDownAt },
      }
    })
}
