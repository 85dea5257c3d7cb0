import type { Receiver, ReferralEvent } from '@relais/contracts/referrals'
import { accept, type Decision, reject } from '@relais/decider/decider'
import { same } from '@relais/decider/same'
import { asking, notYetAsked } from './asked.ts'
import type { AskOthers, ReferralRejection, Request } from './commands.ts'
import { type Data, evolve, type Known, type ReferralState } from './referral-state.ts'
import { settle, worksAfter } from './work.ts'

type ReferralDecision = Decision<ReferralEvent, ReferralRejection>
type Details = Data<'ReferralRequested'>

/** A repeat says the same at another time; the same id with other words is a clash. */
export function request({ details }: Request, state: ReferralState): ReferralDecision {
  if (state.status !== 'unknown')
    return same(lasting(details), lasting(state.request)) ? accept() : reject({ code: 'referralIdReused' })
  const refused = refusedBy(details)
  if (refused) return reject(refused)
  const requested = { type: 'ReferralRequested' as const, data: details }
  const known = evolve({ status: 'unknown' }, requested)
  if (known.status === 'unknown') return accept()
  const { priority, receivers, requestedAt: at } = details
  const first = priority ? receivers.filter(({ recipient }) => priority.recipients.includes(recipient)) : receivers
  const facts = asking(known, first, { because: 'requested', at })
  return accept<ReferralEvent>(requested, ...facts, ...worksAfter(known, facts, at))
}

/** The requester names others, besides those who were asked already. */
export function askOthers({ receivers, at }: AskOthers, state: Known): ReferralDecision {
  if (receivers.some(({ recipient }) => state.request.from.told.includes(recipient)))
    return reject({ code: 'receiverIsRequester' })
  if (isRepeated(receivers)) return reject({ code: 'receiverRepeated' })
  if (state.request.mode === 'firstAcceptance' && state.receivers.some(({ accepted }) => accepted))
    return notYetAsked(state, receivers).length === 0 ? accept() : reject({ code: 'acceptedByAnother' })
  const facts = asking(state, notYetAsked(state, receivers), { because: 'requested', at })
  return settle(state, facts, at)
}

/** What does not depend on when it was said. */
function lasting({ requestedAt: _at, ladder, ...details }: Details) {
  return { ...details, ladder: ladder.map(({ at: _at, ...rung }) => rung) }
}

function refusedBy(details: Details): ReferralRejection | undefined {
  const { receivers, ladder, from, kind, promise, answerBy, requestedAt } = details
  const named = [...receivers, ...ladder.flatMap((rung) => rung.receivers)]
  const isOfRequester = ({ recipient }: Receiver) => recipient === from.by || from.told.includes(recipient)
  if (answerBy <= requestedAt) return { code: 'answerByPassed' }
  if (isRepeated(named)) return { code: 'receiverRepeated' }
  if (named.some(isOfRequester)) return { code: 'receiverIsRequester' }
  if (promise !== undefined && kind !== 'unscheduled') return { code: 'promiseOutOfPlace' }
  if (ladder.some(({ at }) => at < requestedAt)) return { code: 'rungBeforeRequest' }
  return priorityRefused(details)
}

/** Whoever comes first is one of those who are asked, and leaves the others time to answer. */
function priorityRefused({ priority, mode, receivers, ...times }: Details): ReferralRejection | undefined {
  if (!priority) return undefined
  if (mode !== 'firstAcceptance') return { code: 'priorityNeedsFirstAcceptance' }
  const isAsked = (recipient: string) => receivers.some((receiver) => receiver.recipient === recipient)
  if (!priority.recipients.every(isAsked)) return { code: 'priorityNotAsked' }
  const isInTime = priority.until > times.requestedAt && priority.until < times.answerBy
  return isInTime ? undefined : { code: 'priorityOutOfTime' }
}

function isRepeated(receivers: readonly Receiver[]): boolean {
  return new Set(receivers.map(({ recipient }) => recipient)).size < receivers.length
}
