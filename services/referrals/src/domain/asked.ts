import type { Instant, Recipient } from '@relais/contracts/primitives'
import type { AskedBecause, Receiver } from '@relais/contracts/referrals'
import type { Fact, Subject } from './commands.ts'
import { evolveKnown, type Known, type Question, type ReceiverState } from './referral-state.ts'

/** What every fact about a referral says of it. */
export function subjectOf({ request: { referralId, patientId } }: Known): Subject {
  return { referralId, patientId }
}

/** The same, and which of those who were asked it is about. */
export function askedOf(state: Known, { recipient, role, askedAt }: ReceiverState) {
  return { ...subjectOf(state), kind: state.request.kind, recipient, ...(role ? { role } : {}), askedAt }
}

export function receiverOf({ receivers }: Known, recipient: Recipient): ReceiverState | undefined {
  return receivers.find((receiver) => receiver.recipient === recipient)
}

const IN_CHARGE = new Set(['accepted', 'scheduled', 'noShow', 'seen', 'answered'])

/** Whether this one has accepted, and it stands. */
export const isInCharge = ({ standing }: ReceiverState) => IN_CHARGE.has(standing.status)

/** Whether anything is still to come from this one. */
export const isEngaged = (receiver: ReceiverState) => receiver.standing.status === 'asked' || isInCharge(receiver)

/** Whether this one has still to say what comes of it. */
export const awaitsAnswer = (receiver: ReceiverState) => isEngaged(receiver) && receiver.standing.status !== 'answered'

/** Whether nothing more is to come: the patient was seen, or the referral was answered. */
export const isFinished = ({ standing }: ReceiverState) => standing.status === 'seen' || standing.status === 'answered'

export const hasAccepted = ({ receivers }: Known) => receivers.some(isInCharge)

/** What a recipient who is still engaged waits to be told. */
export function openQuestions(state: Known): Question[] {
  const engaged = new Set(state.receivers.filter(isEngaged).map(({ recipient }) => recipient))
  return state.questions.filter(({ recipient, answer }) => answer === undefined && engaged.has(recipient))
}

/** Those who are asked only after the ones who come first. */
export function waiting(state: Known): Receiver[] {
  return state.isWidened ? [] : notYetAsked(state, state.request.receivers)
}

/** The rungs of the ladder that were not climbed, by their place on it. */
export function rungsLeft({ request, escalated }: Known): number[] {
  return [...request.ladder.keys()].filter((rung) => !escalated.includes(rung))
}

/** Whether nobody accepts, and nobody is left who could: those who let the time pass count no more. */
export function isNobodyLeft(state: Known, at: Instant): boolean {
  const mayAccept = (receiver: ReceiverState) => receiver.standing.status === 'asked' && receiver.answerBy > at
  if (state.receivers.some((receiver) => isInCharge(receiver) || mayAccept(receiver))) return false
  return waiting(state).length === 0 && rungsLeft(state).length === 0
}

export function notYetAsked({ receivers }: Known, candidates: readonly Receiver[]): Receiver[] {
  const known = new Set(receivers.map(({ recipient }) => recipient))
  return candidates.filter(({ recipient }) => !known.has(recipient))
}

type Asking = { because: AskedBecause; at: Instant; standsInFor?: Recipient }

/** They are asked, with the time that is left; with as much as the first ones had, once that has passed. */
export function asking(state: Known, receivers: readonly Receiver[], { because, at, standsInFor }: Asking): Fact[] {
  const { answerBy, requestedAt, kind } = state.request
  const given = Date.parse(answerBy) - Date.parse(requestedAt)
  const until = answerBy > at ? answerBy : new Date(Date.parse(at) + given).toISOString()
  const absence = standsInFor ? { standsInFor } : {}
  const asked = { ...subjectOf(state), kind, because, askedAt: at, answerBy: until, ...absence }
  return receivers.map(({ recipient, role }) => ({
    type: 'ReceiverAsked',
    data: { ...asked, recipient, ...(role ? { role } : {}) },
  }))
}

/** Those who were kept waiting are asked. */
export function widening(state: Known, at: Instant): Fact[] {
  const receivers = waiting(state)
  const recipients = receivers.map(({ recipient }) => recipient)
  const widened: Fact = { type: 'ReferralWidened', data: { ...subjectOf(state), recipients, widenedAt: at } }
  return [widened, ...asking(state, receivers, { because: 'widened', at })]
}

/** One rung of the ladder: whom it names is asked besides. */
export function climbing(state: Known, rung: number, at: Instant): Fact[] {
  const receivers = notYetAsked(state, state.request.ladder[rung]?.receivers ?? [])
  const recipients = receivers.map(({ recipient }) => recipient)
  const escalated: Fact = {
    type: 'ReferralEscalated',
    data: { ...subjectOf(state), rung, recipients, escalatedAt: at },
  }
  return [escalated, ...asking(state, receivers, { because: 'escalated', at })]
}

/** When all who were asked have said no: those who were kept waiting, then rung after rung until somebody is asked. */
export function carryingOn(state: Known, at: Instant): Fact[] {
  if (state.receivers.some(isEngaged)) return []
  const [rung] = rungsLeft(state)
  const facts = !state.isWidened ? widening(state, at) : rung === undefined ? [] : climbing(state, rung, at)
  return facts.length === 0 ? [] : [...facts, ...carryingOn(facts.reduce(evolveKnown, state), at)]
}
