import type { ReferralEvent } from '@relais/contracts/referrals'
import { accept, type Decision, reject } from '@relais/decider/decider'
import { askedOf, asking, carryingOn, isEngaged, receiverOf, subjectOf } from './asked.ts'
import type {
  Accept,
  AskStandIn,
  Decline,
  Fact,
  Redirect,
  ReferralRejection,
  Release,
  ReleaseStandIn,
  Take,
} from './commands.ts'
import { evolveKnown, type Known, type ReceiverState } from './referral-state.ts'
import { settle } from './work.ts'

type ReferralDecision = Decision<ReferralEvent, ReferralRejection>

/** Somebody of a queue sees to it, or a colleague is to; whoever else wants it releases it first. */
export function take(command: Take, state: Known, receiver: ReceiverState): ReferralDecision {
  const { recipient, by, at } = command
  if (receiver.takenFor === command.for) return accept()
  if (!/^(finess|uf):/.test(recipient)) return reject({ code: 'notAQueue' })
  if (receiver.takenFor !== undefined) return reject({ code: 'takenByAnother' })
  if (!isEngaged(receiver)) return reject(answeredAlready(receiver))
  const data = { ...subjectOf(state), recipient, by, for: command.for, takenAt: at }
  return settle(state, [{ type: 'ReferralTaken', data }], at)
}

export function release({ recipient, by, at }: Release, state: Known, receiver: ReceiverState): ReferralDecision {
  if (receiver.takenFor === undefined) return accept()
  return settle(state, [{ type: 'ReferralReleased', data: { ...subjectOf(state), recipient, by, releasedAt: at } }], at)
}

/** Where the first acceptance counts, the others are released by it. */
export function acceptIt(command: Accept, state: Known, receiver: ReceiverState): ReferralDecision {
  if (receiver.accepted && receiver.standing.status !== 'stoodDown') return accept()
  if (receiver.standing.status !== 'asked') return reject(answeredAlready(receiver))
  return settle(state, acceptance(command, state, receiver), command.at)
}

/** That this one accepts, and that the others are released where the first acceptance counts. */
export function acceptance({ by, at }: Pick<Accept, 'by' | 'at'>, state: Known, receiver: ReceiverState): Fact[] {
  const accepted: Fact = { type: 'ReferralAccepted', data: { ...askedOf(state, receiver), by, acceptedAt: at } }
  if (state.request.mode !== 'firstAcceptance') return [accepted]
  const others = state.receivers.filter((other) => other !== receiver && isEngaged(other))
  const released = others.map((other): Fact => ({
    type: 'ReceiverStoodDown',
    data: { ...askedOf(state, other), because: 'acceptedElsewhere', stoodDownAt: at },
  }))
  return [accepted, ...released]
}

export function decline(command: Decline, state: Known, receiver: ReceiverState): ReferralDecision {
  const { reason, comment, by, at } = command
  const { standing } = receiver
  const isSame =
    standing.status === 'declined' && standing.reason === reason && standing.comment === comment?.documentId
  if (isSame) return accept()
  if (standing.status !== 'asked') return reject(answeredAlready(receiver))
  const said = { by, reason, ...(comment ? { comment } : {}), declinedAt: at }
  const declined: Fact = { type: 'ReferralDeclined', data: { ...askedOf(state, receiver), ...said } }
  return settle(state, [declined, ...carryingOn(evolveKnown(state, declined), at)], at)
}

/** Somebody else is asked instead, whom nobody had asked yet. */
export function redirect(command: Redirect, state: Known, receiver: ReceiverState): ReferralDecision {
  const { to, reason, by, at } = command
  const { standing } = receiver
  if (standing.status === 'redirected' && standing.to === to && standing.reason === reason) return accept()
  if (to === receiver.recipient || to === by) return reject({ code: 'redirectedToSelf' })
  if (to === state.request.from.by || state.request.from.told.includes(to))
    return reject({ code: 'redirectedToRequester' })
  if (standing.status !== 'asked') return reject(answeredAlready(receiver))
  if (receiverOf(state, to)) return reject({ code: 'redirectedToAsked' })
  const redirected: Fact = {
    type: 'ReferralRedirected',
    data: { ...askedOf(state, receiver), by, to, reason, redirectedAt: at },
  }
  const known = state.request.receivers.find(({ recipient }) => recipient === to) ?? { recipient: to }
  return settle(state, [redirected, ...asking(state, [known], { because: 'redirected', at })], at)
}

/** Also of the replacement, as long as the absent one has not answered; whoever asks is never asked. */
export function askStandIn({ absent, standIn, at }: AskStandIn, state: Known): ReferralDecision {
  const receiver = receiverOf(state, absent)
  const { by, told } = state.request.from
  const isAsked = receiverOf(state, standIn) !== undefined || standIn === by || told.includes(standIn)
  if (receiver?.standing.status !== 'asked' || isAsked) return accept()
  const { role } = receiver
  const receivers = [{ recipient: standIn, ...(role ? { role } : {}) }]
  return settle(state, asking(state, receivers, { because: 'redirected', at, standsInFor: absent }), at)
}

/** What the replacement has not answered is the absent one's again, who still may. */
export function releaseStandIn({ absent, standIn, at }: ReleaseStandIn, state: Known): ReferralDecision {
  const receiver = receiverOf(state, standIn)
  const isWaiting = receiver?.standing.status === 'asked' && receiver.standsInFor === absent
  if (!isWaiting || receiverOf(state, absent)?.standing.status !== 'asked') return accept()
  const data = { ...askedOf(state, receiver), because: 'absenceEnded' as const, stoodDownAt: at }
  return settle(state, [{ type: 'ReceiverStoodDown', data }], at)
}

/** Why what was said already cannot be said otherwise. */
export function answeredAlready({ standing }: ReceiverState): ReferralRejection {
  return standing.status === 'stoodDown' && standing.because === 'acceptedElsewhere'
    ? { code: 'acceptedByAnother' }
    : { code: 'alreadyAnswered', status: standing.status }
}
