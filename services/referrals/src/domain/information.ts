import type { ReferralEvent } from '@relais/contracts/referrals'
import { accept, type Decision, reject } from '@relais/decider/decider'
import { isEngaged, subjectOf } from './asked.ts'
import type { AskInformation, GiveInformation, ReferralRejection } from './commands.ts'
import type { Known, ReceiverState } from './referral-state.ts'
import { answeredAlready } from './receivers.ts'
import { settle } from './work.ts'

type ReferralDecision = Decision<ReferralEvent, ReferralRejection>

/** Whoever is asked needs to know more; the requester has something to do meanwhile. */
export function askInformation(command: AskInformation, state: Known, receiver: ReceiverState): ReferralDecision {
  const { recipient, by, questionId, question, at } = command
  const known = state.questions.find((each) => each.questionId === questionId)
  if (known) {
    const isSame = known.recipient === recipient && known.question === question.documentId
    return isSame ? accept() : reject({ code: 'questionIdReused' })
  }
  if (!isEngaged(receiver)) return reject(answeredAlready(receiver))
  const data = { ...subjectOf(state), recipient, by, questionId, question, askedAt: at }
  return settle(state, [{ type: 'InformationAsked', data }], at)
}

/** The requester answers a question, once. */
export function giveInformation(command: GiveInformation, state: Known): ReferralDecision {
  const { by, questionId, answer, at } = command
  const known = state.questions.find((each) => each.questionId === questionId)
  if (!known) return reject({ code: 'questionUnknown' })
  if (known.answer === answer.documentId) return accept()
  if (known.answer !== undefined) return reject({ code: 'questionAnswered' })
  const data = { ...subjectOf(state), recipient: known.recipient, by, questionId, answer, givenAt: at }
  return settle(state, [{ type: 'InformationGiven', data }], at)
}
