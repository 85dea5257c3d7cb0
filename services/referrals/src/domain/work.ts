import type { Instant, Recipient } from '@relais/contracts/primitives'
import { type AskedBecause, promiseDueAt, type ReferralEvent, type StoodDownBecause } from '@relais/contracts/referrals'
import type { Work, WorkNature } from '@relais/contracts/work'
import { accept } from '@relais/decider/decider'
import { isInCharge, isNobodyLeft, openQuestions, receiverOf, subjectOf } from './asked.ts'
import type { Fact } from './commands.ts'
import { evolveKnown, type Known, type ReceiverState } from './referral-state.ts'

type Change = { recipient: Recipient; nature: WorkNature; state: Work['state'] }

/** Accepts facts, and says what they change of what is asked of whom: to each recipient once, what came last. */
export function settle(before: Known, facts: readonly Fact[], at: Instant) {
  return accept<ReferralEvent>(...facts, ...worksAfter(before, facts, at))
}

/** The second half of `settle`, for a referral that begins with these facts. */
export function worksAfter(before: Known, facts: readonly Fact[], at: Instant): ReferralEvent[] {
  const state = facts.reduce(evolveKnown, before)
  const changes = new Map<Recipient, Change>()
  for (const change of facts.flatMap((fact) => changesBy(fact, state, at))) {
    changes.delete(change.recipient)
    changes.set(change.recipient, change)
  }
  return [...changes.values()].map((change) => given(state, change, at))
}

/** The requester is told of something that is no fact of the referral itself. */
export function tellRequester(state: Known, nature: WorkNature, at: Instant): ReferralEvent[] {
  return requester(state, nature).map((change) => given(state, change, at))
}

const asked = {
  requested: 'referralAsked',
  widened: 'referralWidened',
  redirected: 'referralRedirected',
  escalated: 'referralEscalated',
} as const satisfies Record<AskedBecause, WorkNature>

const stoodDown = {
  acceptedElsewhere: 'referralAcceptedElsewhere',
  closed: 'referralClosed',
  cancelled: 'referralCancelled',
  patientDied: 'patientDied',
  absenceEnded: 'referralReleased',
} as const satisfies Record<StoodDownBecause, WorkNature>

/** What one fact changes, given what is known once all are. */
function changesBy(fact: Fact, state: Known, at: Instant): Change[] {
  switch (fact.type) {
    case 'ReceiverAsked': {
      const settled = fact.data.because === 'requested' ? requesterActed(state, 'referralAsked', at) : []
      return [open(fact, asked[fact.data.because]), ...settled]
    }
    case 'ReferralTaken':
      return [open(fact, 'referralTaken')]
    case 'ReferralReleased':
      return [open(fact, 'referralReleased')]
    case 'ReferralAccepted':
      return both(fact, state, 'referralAccepted')
    case 'ReferralDeclined':
      return [
        ended(fact, 'referralDeclined', 'done'),
        ...requester(state, isNobodyLeft(state, at) ? 'nobodyAccepts' : 'referralDeclined'),
      ]
    case 'ReferralRedirected':
      return [ended(fact, 'referralRedirected', 'done'), ...requester(state, 'referralRedirected')]
    case 'InformationAsked':
      return requester(state, 'informationAsked')
    case 'InformationGiven':
      return [open(fact, 'referralInformed'), ...requesterActed(state, 'referralInformed', at)]
    case 'AppointmentScheduled':
      return both(fact, state, 'appointmentScheduled')
    case 'AppointmentMoved':
      return both(fact, state, 'appointmentMoved')
    case 'NoShowRecorded':
      return both(fact, state, 'noShow')
    case 'PatientSeen':
      return both(fact, state, 'patientSeen')
    case 'ReferralAnswered':
      return [ended(fact, 'referralAnswered', 'done'), ...requester(state, 'referralAnswered')]
    case 'ReceiverStoodDown': {
      const { because } = fact.data
      const isLast = because === 'absenceEnded' && isNobodyLeft(state, at)
      return [ended(fact, stoodDown[because], 'withdrawn'), ...(isLast ? requester(state, 'nobodyAccepts') : [])]
    }
    case 'ReferralWidened':
    case 'PromiseKept':
      return []
    case 'ReferralEscalated':
      return requester(state, isNobodyLeft(state, at) ? 'nobodyAccepts' : 'referralEscalated')
    case 'AnswerOverdue':
      return isNobodyLeft(state, at) ? requester(state, 'nobodyAccepts') : []
    case 'PromiseMissed':
      return requester(state, 'promiseMissed')
    case 'ReferralClosed':
      return fact.data.because === 'patientDied'
        ? [...everyOpen(state, 'patientDied'), ...ofRequester(state, 'patientDied', 'withdrawn')]
        : everyOpen(state, 'referralClosed')
    case 'ReferralCancelled':
      return everyOpen(state, 'referralCancelled')
  }
}

type OfRecipient = { data: { recipient: Recipient } }

const ended = ({ data: { recipient } }: OfRecipient, nature: WorkNature, state: Work['state']): Change => ({
  recipient,
  nature,
  state,
})
const open = (fact: OfRecipient, nature: WorkNature) => ended(fact, nature, 'open')
const ofRequester = ({ request }: Known, nature: WorkNature, state: Work['state']): Change[] =>
  request.from.told.map((recipient) => ({ recipient, nature, state }))
const requester = (state: Known, nature: WorkNature) => ofRequester(state, nature, 'open')
const both = (fact: OfRecipient, state: Known, nature: WorkNature) => [open(fact, nature), ...requester(state, nature)]

/** The requester has done what was waited for, unless something else still is. */
function requesterActed(state: Known, nature: WorkNature, at: Instant): Change[] {
  const isOver = expectedOfRequester(state, at).action === 'acknowledge'
  return ofRequester(state, nature, isOver ? 'done' : 'open').filter(
    ({ recipient }) => state.items.get(recipient) === 'open',
  )
}

/** Whoever ends a referral has done with it; nobody else has anything left to do. */
function everyOpen({ items, request }: Known, nature: WorkNature): Change[] {
  const isRequester = (recipient: Recipient) => request.from.told.includes(recipient)
  return [...items]
    .filter(([, state]) => state === 'open')
    .map(([recipient]) => ({ recipient, nature, state: isRequester(recipient) ? 'done' : 'withdrawn' }))
}

function given(state: Known, { recipient, nature, state: item }: Change, at: Instant): ReferralEvent {
  const { referralId, stayId, title, urgency, identityWithheld, from } = state.request
  const receiver = receiverOf(state, recipient)
  const work: Work = {
    subject: { kind: 'referral', referralId },
    recipient,
    nature,
    state: item,
    expected: item === 'open' ? expectedOf(state, receiver, at) : { action: 'acknowledge' },
    urgency,
    title,
    ...(receiver?.role ? { role: receiver.role } : {}),
    ...(stayId ? { stayId } : {}),
    withheld: receiver !== undefined && identityWithheld && !isInCharge(receiver),
    from: { by: from.by, ...(from.organisation ? { organisation: from.organisation } : {}), wards: from.wards },
  }
  const party = receiver ? 'receiver' : 'requester'
  return { type: 'WorkGiven', data: { ...subjectOf(state), party, work, happenedAt: at } }
}

/** What is waited for from somebody, who is the requester where he or she was not asked. */
function expectedOf(state: Known, receiver: ReceiverState | undefined, at: Instant): Work['expected'] {
  if (receiver === undefined) return expectedOfRequester(state, at)
  const { answerBy, standing } = receiver
  const { kind, promise, requestedAt } = state.request
  const dueAt = promise && !state.isPromiseSettled ? { dueAt: promiseDueAt(promise, requestedAt) } : {}
  switch (standing.status) {
    case 'asked':
      return { action: 'answerReferral', dueAt: answerBy }
    case 'accepted':
      return kind === 'advice' ? { action: 'answerQuestion', dueAt: answerBy } : { action: 'schedule', ...dueAt }
    case 'scheduled':
      return { action: 'see', dueAt: standing.startsAt }
    case 'noShow':
      return { action: 'schedule', ...dueAt }
    case 'seen':
      return { action: 'answerQuestion' }
    case 'answered':
    case 'declined':
    case 'redirected':
    case 'stoodDown':
      return { action: 'acknowledge' }
  }
}

function expectedOfRequester(state: Known, at: Instant): Work['expected'] {
  const [question] = openQuestions(state)
  const waits = question && receiverOf(state, question.recipient)
  if (waits) return { action: 'giveInformation', dueAt: waits.answerBy }
  return { action: isNobodyLeft(state, at) ? 'lookElsewhere' : 'acknowledge' }
}
