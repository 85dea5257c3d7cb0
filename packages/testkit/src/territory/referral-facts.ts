import type { Instant, Recipient } from '@relais/contracts/primitives'
import type { ReferralEvent } from '@relais/contracts/referrals'
import type { Work } from '@relais/contracts/work'

export type Request = Extract<ReferralEvent, { type: 'ReferralRequested' }>['data']
type Said = {
  recipient: Recipient
  nature: Work['nature']
  at: Instant
  /** To acknowledge it where nothing else is. */
  expected?: Work['expected']
  state?: Work['state']
}

/** What a referral asks of one of its parties from now on. */
export function workOf(request: Request, said: Said): ReferralEvent {
  const { recipient, nature, at, expected = { action: 'acknowledge' }, state = 'open' } = said
  const { referralId, patientId, urgency, title, from, identityWithheld, receivers } = request
  const isReceiver = receivers.some((each) => each.recipient === recipient)
  const work: Work = {
    subject: { kind: 'referral', referralId },
    recipient,
    nature,
    state,
    expected,
    urgency,
    title,
    withheld: isReceiver && identityWithheld && expected.action === 'answerReferral',
    from: { by: from.by, ...(from.organisation ? { organisation: from.organisation } : {}), wards: from.wards },
  }
  const party = isReceiver ? 'receiver' : 'requester'
  return { type: 'WorkGiven', data: { referralId, patientId, party, work, happenedAt: at } }
}

type Told = Omit<Said, 'recipient'>

/** The same, of whoever asked. */
export function requesterWork(request: Request, told: Told): ReferralEvent[] {
  return request.from.told.map((recipient) => workOf(request, { ...told, recipient }))
}

/** What everything that a recipient says of the request repeats. */
export function askedOf({ referralId, patientId, kind, requestedAt: askedAt }: Request, recipient: Recipient) {
  return { referralId, patientId, kind, recipient, askedAt }
}

/** The request, what it asks of each recipient, and their work. */
export function requested(request: Request): ReferralEvent[] {
  const { receivers, answerBy, requestedAt: at } = request
  const recipients = receivers.map(({ recipient }) => recipient)
  const expected = { action: 'answerReferral' as const, dueAt: answerBy }
  return [
    { type: 'ReferralRequested', data: request },
    ...recipients.map((recipient): ReferralEvent => ({
      type: 'ReceiverAsked',
      data: { ...askedOf(request, recipient), because: 'requested', answerBy },
    })),
    ...recipients.map((recipient) => workOf(request, { recipient, nature: 'referralAsked', expected, at })),
  ]
}

/** Those who have not answered yet are released, and the requester learns who it is. */
export function accepted(request: Request, recipient: Recipient, at: Instant): ReferralEvent[] {
  const nature = 'referralAccepted'
  const action = request.kind === 'advice' ? ('answerQuestion' as const) : ('schedule' as const)
  const recipients = request.receivers.map((each) => each.recipient)
  const others = recipients.slice(recipients.indexOf(recipient) + 1)
  return [
    { type: 'ReferralAccepted', data: { ...askedOf(request, recipient), by: recipient, acceptedAt: at } },
    ...others.map((other): ReferralEvent => ({
      type: 'ReceiverStoodDown',
      data: { ...askedOf(request, other), because: 'acceptedElsewhere', stoodDownAt: at },
    })),
    workOf(request, { recipient, nature, expected: { action }, at }),
    ...others.map((other) =>
      workOf(request, { recipient: other, nature: 'referralAcceptedElsewhere', state: 'withdrawn', at }),
    ),
    ...requesterWork(request, { nature, at }),
  ]
}
