import { mayAnswerFor, maySortFor, wardRecipient } from '@relais/access/recipients'
import type { Actor } from '@relais/contracts/actor'
import { type ProfessionalId, Recipient } from '@relais/contracts/primitives'
import type { Requester } from '@relais/contracts/referrals'
import type { Viewer } from './domain/referral-view.ts'

const EHPAD = 'ehpad'

type Asking = Pick<Requester, 'by' | 'told'>
type Asked = readonly { recipient: Recipient }[]

/** As what an actor sees a referral; `undefined` for who is no party to it. */
export function viewerOf(actor: Actor, from: Asking, receivers: Asked): Viewer | undefined {
  const recipients = recipientsAmong(actor, receivers)
  if (isOfRequester(actor, from)) return { party: 'requester', recipients, readsClinical: speaksFor(actor, from) }
  if (recipients.length === 0) return undefined
  return { party: 'receiver', recipients, readsClinical: recipients.every((each) => mayAnswerFor(actor, each)) }
}

/** Whether an actor is on the side of who asks, if only to sort what comes back. */
export function isOfRequester(actor: Actor, { by, told }: Asking): boolean {
  return actor.id === by || told.some((recipient) => maySortFor(actor, recipient))
}

/** Whether an actor may ask, or say more, for those who are told of it: one of them, and no secretary of theirs. */
export function speaksFor(actor: Actor, { by, told }: Asking): boolean {
  return actor.id === by || told.some((recipient) => mayAnswerFor(actor, recipient))
}

/** Of those who were asked, for whom this actor may answer, or at least sort. */
export function recipientsAmong(actor: Actor, receivers: Asked): Recipient[] {
  return receivers.map(({ recipient }) => recipient).filter((recipient) => maySortFor(actor, recipient))
}

/**
 * Who asks, and where what becomes of it is told: the queues of the wards where the actor works, of those that hold the
 * patient where some do; that of the EHPAD; or the actor alone.
 */
export function requesterOf({ id, organisation, role, wards }: Actor, holding: readonly string[]): Requester {
  const alone = { by: id, ...(organisation === undefined ? {} : { organisation }), wards: [], told: [id] }
  if (organisation === undefined) return alone
  if (role === EHPAD) return { ...alone, told: [Recipient.parse(`finess:${organisation}`)] }
  const near = wards.filter((code) => holding.includes(code))
  const own = (near.length > 0 ? near : wards).map((code) => ({ facility: organisation, code }))
  const told = own.flatMap((ward) => wardRecipient(ward) ?? [])
  return told.length === 0
    ? alone
    : { by: id, organisation, wards: own, told: told.map((each) => Recipient.parse(each)) }
}

/** As whom an actor speaks: the one that is named, or the only one there is. */
export function speakerOf(
  own: readonly Recipient[],
  named: ProfessionalId | undefined,
): Recipient | 'unknown' | 'ambiguous' {
  if (named !== undefined) return own.includes(named) ? named : 'unknown'
  const [only, ...others] = own
  return only === undefined ? 'unknown' : others.length > 0 ? 'ambiguous' : only
}
