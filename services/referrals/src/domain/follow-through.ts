import type { Instant } from '@relais/contracts/primitives'
import type { ReferralEvent } from '@relais/contracts/referrals'
import { accept, type Decision, reject } from '@relais/decider/decider'
import { isInCharge, subjectOf } from './asked.ts'
import type { Answer, Fact, RecordNoShow, RecordSeen, ReferralRejection, Schedule } from './commands.ts'
import type { Known, ReceiverState } from './referral-state.ts'
import { acceptance, answeredAlready } from './receivers.ts'
import { settle } from './work.ts'

type ReferralDecision = Decision<ReferralEvent, ReferralRejection>

/** An appointment, the first one or another one instead. */
export function schedule(command: Schedule, state: Known, receiver: ReceiverState): ReferralDecision {
  const { startsAt, place, at } = command
  const { standing } = receiver
  if (standing.status === 'scheduled' && standing.startsAt === startsAt && standing.place === place) return accept()
  const refused = notInCharge(state, receiver)
  if (refused) return reject(refused)
  if (standing.status === 'seen' || standing.status === 'answered') return reject({ code: 'patientAlreadySeen' })
  if (startsAt <= at) return reject({ code: 'appointmentPassed' })
  const data = { ...doneBy(command, state), startsAt, ...(place === undefined ? {} : { place }) }
  const fact: Fact =
    standing.status === 'scheduled'
      ? { type: 'AppointmentMoved', data: { ...data, before: standing.startsAt, movedAt: at } }
      : { type: 'AppointmentScheduled', data: { ...data, scheduledAt: at } }
  return settle(state, [fact], at)
}

/** The patient did not come: to the appointment that is named, so that a repeat never bears on a later one. */
export function recordNoShow(command: RecordNoShow, state: Known, receiver: ReceiverState): ReferralDecision {
  const { startsAt, at } = command
  const { standing } = receiver
  if (standing.status === 'noShow' && standing.startsAt === startsAt) return accept()
  const refused = notInCharge(state, receiver)
  if (refused) return reject(refused)
  if (standing.status !== 'scheduled' || standing.startsAt !== startsAt) return reject({ code: 'appointmentUnknown' })
  if (startsAt > at) return reject({ code: 'appointmentAhead' })
  const data = { ...doneBy(command, state), startsAt, notedAt: at }
  return settle(state, [{ type: 'NoShowRecorded', data }], at)
}

export function recordSeen(command: RecordSeen, state: Known, receiver: ReceiverState): ReferralDecision {
  const { seenAt, at } = command
  const { standing } = receiver
  if (standing.status === 'seen' && standing.seenAt === seenAt) return accept()
  const refused = notInCharge(state, receiver)
  if (refused) return reject(refused)
  if (standing.status === 'seen' || standing.status === 'answered') return reject({ code: 'patientAlreadySeen' })
  if (seenAt > at || seenAt < state.request.requestedAt) return reject({ code: 'seenOutOfTime' })
  return settle(state, [{ type: 'PatientSeen', data: { ...doneBy(command, state), seenAt, notedAt: at } }], at)
}

/** What came of it. An advice may be answered at once: that is to accept it too. */
export function answer(command: Answer, state: Known, receiver: ReceiverState): ReferralDecision {
  const { at } = command
  const { standing } = receiver
  if (standing.status === 'answered') return isSame(command, standing) ? accept() : reject(answeredAlready(receiver))
  const isAdvice = state.request.kind === 'advice'
  const first = isAdvice && standing.status === 'asked' ? acceptance(command, state, receiver) : []
  const refused = first.length === 0 && withoutCharge(receiver)
  if (refused) return reject(refused)
  const { attachments } = command
  const data = { ...doneBy(command, state), answer: command.answer, attachments, answeredAt: at }
  return settle(state, [...first, { type: 'ReferralAnswered', data }], at)
}

function isSame(command: Answer, standing: Extract<ReceiverState['standing'], { status: 'answered' }>): boolean {
  const attachments = command.attachments.map(({ document }) => document.documentId)
  return command.answer.documentId === standing.answer && attachments.join() === standing.attachments.join()
}

function notInCharge(state: Known, receiver: ReceiverState): ReferralRejection | undefined {
  return state.request.kind === 'advice' ? { code: 'notForAdvice' } : withoutCharge(receiver)
}

function withoutCharge(receiver: ReceiverState): ReferralRejection | undefined {
  if (isInCharge(receiver)) return undefined
  return receiver.standing.status === 'asked' ? { code: 'notAccepted' } : answeredAlready(receiver)
}

type Doing = Pick<Schedule, 'recipient' | 'by'> & { at: Instant }

function doneBy({ recipient, by }: Doing, state: Known) {
  return { ...subjectOf(state), recipient, by }
}
