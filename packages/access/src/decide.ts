import type { Actor } from '@relais/contracts/actor'
import type { LegalGround } from '@relais/contracts/patients'
import type { Instant } from '@relais/contracts/primitives'
import { givesCare, mayAnswerFor, sortsOnly } from './recipients.ts'

/** A membership of the care circle, from when it began until it ended. A later membership in the same role replaces it. */
export type Membership = { memberId: string; role: string; ground: LegalGround; joinedAt: Instant; leftAt?: Instant }

/** Where a stay went inside one facility. Opened and closed are when Relais learned of it, not when it happened. */
export type StayPresence = {
  stayId: string
  facility: string
  wards: string[]
  openedAt: Instant
  closedAt?: Instant
}

/** Somebody is asked something about the patient and may know who that is; of which stay, where one was named. */
export type Asking = { recipient: string; stayId?: string }

/** All that a decision about one patient needs to know. */
export type AccessFacts = {
  members: readonly Membership[]
  stays: readonly StayPresence[]
  /** The stays that nobody outside the establishment may learn of (R1112-45 CSP). */
  confidential?: readonly string[]
  /** What is asked now, or was accepted and has not ended: only where `identity` is decided upon. */
  asked?: readonly Asking[]
}

/**
 * Care reads and follows the pathway of a patient; identity is to know who the patient is, and nothing else; coordination
 * is what an admissions office does without the pathway.
 */
export type Purpose = 'care' | 'identity' | 'coordination'

export type AccessQuestion = { actor: Actor; facts: AccessFacts; purpose: Purpose; at: Instant }
export type AccessDecision =
  | { granted: true; ground: LegalGround }
  | { granted: false; reason: 'noRelation' | 'membershipEnded' | 'stayEnded' }

/** How long the team of an establishment may still see a stay that has ended: letters and late results belong to it. */
export const DAYS_AFTER_STAY = 30

const MILLISECONDS_PER_DAY = 86_400_000
const ADMISSIONS = 'admissions'

/**
 * Decides whether a professional may see a patient. Three relations open access, nothing else opens the pathway:
 * - a membership of the care circle that covers `at`, on its own ground (L1110-4 and L1110-12 CSP): the actor's own, or
 *   that of the establishment where the actor gives care;
 * - work in a ward of a facility that the stay went through, while it is open and `DAYS_AFTER_STAY` days after, as the
 *   team of the establishment (L1110-12 1°);
 * - the admissions office of that facility over the same period, for coordination only.
 *
 * Whoever gives care and is asked something about the patient may know who that is, and no more, as long as it is asked or
 * was accepted: an exchange between identified professionals, of what is strictly necessary (L1110-4 II and R1110-1 CSP).
 * What is asked about a confidential stay says nothing.
 *
 * A secretary and a coordinator sort what is asked, and see no patient because of where they work.
 *
 * Living in the same territory, or belonging to the same CPTS, is no relation. A period includes its first instant and
 * excludes its last.
 */
export function decideAccess({ actor, facts, purpose, at }: AccessQuestion): AccessDecision {
  const memberships = facts.members.filter(({ memberId }) => mayAnswerFor(actor, memberId))
  const current = memberships.find((membership) => covers(membership, at))
  if (current) return { granted: true, ground: current.ground }

  const stays = facts.stays.filter((stay) => concerns(stay, actor, purpose) && stay.openedAt <= at)
  if (stays.some(({ closedAt }) => closedAt === undefined || at < daysAfter(closedAt)))
    return { granted: true, ground: 'establishmentTeam' }

  if (purpose === 'identity' && isAsked(actor, facts)) return { granted: true, ground: 'exchange' }

  if (memberships.some(({ leftAt }) => leftAt !== undefined && leftAt <= at))
    return { granted: false, reason: 'membershipEnded' }
  return { granted: false, reason: stays.length > 0 ? 'stayEnded' : 'noRelation' }
}

/**
 * Whether a professional may see what is said of one stay. Of a confidential one, the establishment's own team may, and
 * nobody else, whatever the ground of their access to the patient.
 */
export function decideStayAccess({ facts, ...question }: AccessQuestion, stayId: string | undefined): AccessDecision {
  if (stayId === undefined || !facts.confidential?.includes(stayId)) return decideAccess({ ...question, facts })
  const stays = facts.stays.filter((stay) => stay.stayId === stayId)
  return decideAccess({ ...question, facts: { members: [], stays } })
}

/**
 * The instant to decide at, given the facts and the time here: what is on record has happened, also when the clock of
 * whoever recorded it is ahead of ours.
 */
export function decisionInstant({ members, stays }: AccessFacts, now: Instant): Instant {
  const learned = [
    ...members.flatMap(({ joinedAt, leftAt }) => [joinedAt, leftAt]),
    ...stays.flatMap(({ openedAt, closedAt }) => [openedAt, closedAt]),
  ]
  return learned.reduce<Instant>((latest, at) => (at !== undefined && at > latest ? at : latest), now)
}

/** Whether a professional may follow the ward of this code: one of the actor's own, in the actor's own organisation. */
export function mayFollowWard(actor: Actor, code: string): boolean {
  return actor.organisation !== undefined && !sortsOnly(actor) && actor.wards.includes(code)
}

function covers({ joinedAt, leftAt }: Membership, at: Instant): boolean {
  return joinedAt <= at && (leftAt === undefined || at < leftAt)
}

function isAsked(actor: Actor, { asked = [], confidential = [] }: AccessFacts): boolean {
  if (!givesCare(actor)) return false
  return asked.some(
    ({ recipient, stayId }) =>
      mayAnswerFor(actor, recipient) && (stayId === undefined || !confidential.includes(stayId)),
  )
}

/** A ward code means something only inside its facility, so the facility is compared first. */
function concerns({ facility, wards }: StayPresence, actor: Actor, purpose: Purpose): boolean {
  if (actor.organisation !== facility || sortsOnly(actor)) return false
  if (actor.role === ADMISSIONS) return purpose === 'coordination'
  return wards.some((ward) => actor.wards.includes(ward))
}

function daysAfter(instant: Instant): Instant {
  return new Date(Date.parse(instant) + DAYS_AFTER_STAY * MILLISECONDS_PER_DAY).toISOString()
}
