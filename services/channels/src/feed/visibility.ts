import { type AccessFacts, decideAccess, decideStayAccess, decisionInstant } from '@relais/access/decide'
import type { Actor } from '@relais/contracts/actor'
import { isPathwayEntry } from '@relais/contracts/channel-entries'
import { patientsIn, stayOf } from '../domain/entry-channels.ts'
import type { Channel } from './channel.ts'
import type { Context } from './context.ts'
import type { Heard } from './feed-reader.ts'
import { patientsOf } from './persons.ts'

/** What an entry is to a subscriber; `end` when the subscriber may follow the channel no longer. */
export type Verdict = 'send' | 'skip' | 'end'

const nothing: AccessFacts = { members: [], stays: [] }

/** Decides anew, for each entry and each subscriber, on the facts of the context. */
export function verdictOf(
  channel: Channel,
  actor: Actor,
  { heard, context }: { heard: Heard; context: Context },
): Verdict {
  const known = patientsIn(heard.entry).map((id) => context.facts.get(id) ?? nothing)
  const [facts = nothing] = known
  const questionOf = (known: AccessFacts) => {
    const at = decisionInstant(known, context.now)
    return { actor, facts: known, purpose: 'care' as const, at }
  }
  const decide = (known: AccessFacts) => decideStayAccess(questionOf(known), stayOf(heard.entry)).granted
  switch (channel.kind) {
    case 'patient':
      // Its own facts, because an unlink is about somebody else, too.
      if (!decideAccess(questionOf(context.facts.get(channel.patientId) ?? facts)).granted) return 'end'
      if (!isPathwayEntry(heard.entry) && heard.entry.kind !== 'link') return 'skip'
      return decide(context.facts.get(channel.patientId) ?? facts) ? 'send' : 'skip'
    case 'ward':
      return decideStayAccess(
        { actor, purpose: 'care', ...knownInWard(channel, facts, { heard, context }) },
        stayOf(heard.entry),
      ).granted
        ? 'send'
        : 'skip'
    case 'inbox':
    case 'ehpad':
      return context.hushed.has(heard.position) ? 'skip' : 'send'
    case 'circle':
      if (!isPathwayEntry(heard.entry) && heard.entry.kind !== 'link') return 'skip'
      if (context.changes && !isOfMembership(heard, channel.memberId, context.changes)) return 'skip'
      if (isAbout(heard, channel.memberId, 'circleLeft')) return 'send'
      return known.some((each) => decide({ ...each, stays: [] })) ? 'send' : 'skip'
  }
}

type Ward = Extract<Channel, { kind: 'ward' }>
type Known = { facts: AccessFacts; at: string }
/** What is known of an entry in a ward is the same for all who follow the ward. */
const inWards = new WeakMap<Context, Map<string, Known>>()

function knownInWard(ward: Ward, known: AccessFacts, { heard, context }: { heard: Heard; context: Context }): Known {
  const ofContext = inWards.get(context) ?? new Map<string, Known>()
  inWards.set(context, ofContext)
  const key = `${heard.position} ${ward.name}`
  const before = ofContext.get(key)
  if (before) return before
  const facts = withPresence(known, ward, heard)
  const made = { facts, at: decisionInstant(facts, context.now) }
  ofContext.set(key, made)
  return made
}

type Changes = NonNullable<Context['changes']>

/** From joining to leaving, both included: the entries of a circle that its member is told of one by one. */
function isOfMembership(heard: Heard, memberId: string, changes: Changes): boolean {
  if (isAbout(heard, memberId, 'circleJoined')) return true
  const joined = patientsIn(heard.entry).flatMap((id) => changes.get(id) ?? [])
  return patientsOf(memberId, { changes: joined, before: heard.position }).length > 0
}

function isAbout({ entry }: Heard, memberId: string, kind: 'circleJoined' | 'circleLeft'): boolean {
  return isPathwayEntry(entry) && entry.kind === kind && entry.member?.memberId === memberId
}

/**
 * The ward that an entry concerns has known the stay, also when nothing says so any more: the admission that is
 * withdrawn was its own. It may know for as long as any other ward of the stay.
 */
function withPresence(facts: AccessFacts, ward: Ward, { entry }: Heard): AccessFacts {
  const { recordedAt } = entry
  const stayId = 'stayId' in entry ? (entry.stayId ?? '') : ''
  const known = facts.stays.find((stay) => stay.stayId === stayId)
  const closedAt = known ? known.closedAt : recordedAt
  const presence = {
    stayId,
    facility: ward.facility,
    wards: [ward.code],
    openedAt: recordedAt,
    ...(closedAt === undefined ? {} : { closedAt }),
  }
  return { ...facts, stays: [...facts.stays, presence] }
}
