import { type AccessFacts, decideAccess, decideStayAccess, decisionInstant } from '@relais/access/decide'
import type { Actor } from '@relais/contracts/actor'
import { mayAnswerFor } from '@relais/access/recipients'
import { isPathwayEntry } from '@relais/contracts/channel-entries'
import { loopChannelOf, patientsIn, stayOf } from '../domain/entry-channels.ts'
import type { Channel } from './channel.ts'
import type { Context } from './context.ts'
import type { Heard } from './heard.ts'
import { hushKey } from './inbox-reader.ts'
import { isForReceiver, type KnownLoop, shareOf } from './loop-reader.ts'
import { patientsOf } from './persons.ts'
import { decideThread } from './thread-reader.ts'

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
  const loop = context.loops.get(loopChannelOf(heard.entry) ?? '')
  const stayId = heard.entry.kind === 'loop' ? loop?.stayId : stayOf(heard.entry)
  const decide = (known: AccessFacts) => decideStayAccess(questionOf(known), stayId).granted
  switch (channel.kind) {
    case 'patient':
      if (!isOfPerson(heard, channel.patientId, context)) return 'skip'
      // Its own facts, because an unlink is about somebody else, too.
      if (!decideAccess(questionOf(context.facts.get(channel.patientId) ?? facts)).granted) return 'end'
      if (!isOfPatient(heard, loop)) return 'skip'
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
      if (!mayAnswerFor(actor, channel.recipient) && !isWork(heard)) return 'skip'
      return context.hushed.has(hushKey(heard.position, channel.recipient)) ? 'skip' : 'send'
    case 'loop': {
      const share = shareOf(actor, context.parties.get(channel.name) ?? [])
      if (share === undefined) return 'end'
      return share === 'whole' || isForReceiver(heard.entry, actor) ? 'send' : 'skip'
    }
    case 'thread': {
      const thread = context.threads.get(channel.threadId)
      const about = context.facts.get(thread?.patientId ?? '') ?? nothing
      if (!decideThread(thread, { actor, facts: about, now: context.now }).granted) return 'end'
      // Another entry is only a reason to look whether it may still be followed.
      return 'threadId' in heard.entry && heard.entry.threadId === channel.threadId ? 'send' : 'skip'
    }
    case 'circle':
      if (!isOfPatient(heard, loop)) return 'skip'
      if (context.changes && !isOfMembership(heard, channel.memberId, context.changes)) return 'skip'
      if (isAbout(heard, channel.memberId, 'circleLeft')) return 'send'
      return known.some((each) => decide({ ...each, stays: [] })) ? 'send' : 'skip'
  }
}

/** What was asked for a stay that is not of the patient whom it was asked for is nobody's, until it is said whose it is. */
function isOfPatient({ entry }: Heard, loop: KnownLoop | undefined): boolean {
  if (entry.kind !== 'loop') return isPathwayEntry(entry) || entry.kind === 'link'
  return loop?.isTaken !== true
}

/** What was asked for a stay goes to the patient whose stay it turned out to be. */
function isOfPerson({ entry }: Heard, patientId: string, { facts }: Context): boolean {
  if (entry.kind !== 'loop' || entry.patientId === patientId) return true
  // The facts of one person are the same under each of the ids.
  return facts.get(patientId) !== undefined && facts.get(patientId) === facts.get(entry.patientId ?? '')
}

/** For whoever sorts a queue without reading what it is told of stays. */
const isWork = ({ entry }: Heard) => entry.kind === 'work' || (entry.kind === 'receipt' && entry.work !== undefined)

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
