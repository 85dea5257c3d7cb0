import { type AccessFacts, decideAccess, decisionInstant } from '@relais/access/decide'
import type { Actor } from '@relais/contracts/actor'
import type { Channel } from './channel.ts'
import type { Context } from './context.ts'
import type { CircleChange, Heard } from './feed-reader.ts'

/** What an entry is to a subscriber; `end` when the subscriber may follow the channel no longer. */
export type Verdict = 'send' | 'skip' | 'end'

const nothing: AccessFacts = { members: [], stays: [] }

/** Decides anew, for each entry and each subscriber, on the facts of the context. */
export function verdictOf(
  channel: Channel,
  actor: Actor,
  { heard, context }: { heard: Heard; context: Context },
): Verdict {
  const facts = context.facts.get(heard.entry.patientId) ?? nothing
  const decide = (known: AccessFacts) => {
    const at = decisionInstant(known, context.now)
    return decideAccess({ actor, facts: known, purpose: 'care', at }).granted
  }
  switch (channel.kind) {
    case 'patient':
      return decide(facts) ? 'send' : 'end'
    case 'ward':
      return decide(withPresence(facts, channel, heard)) ? 'send' : 'skip'
    case 'circle':
      if (context.changes && !isOfMembership(heard, channel.memberId, context.changes)) return 'skip'
      if (isAbout(heard, channel.memberId, 'circleLeft')) return 'send'
      return decide({ members: facts.members, stays: [] }) ? 'send' : 'skip'
  }
}

type Changes = NonNullable<Context['changes']>

/** From joining to leaving, both included: the entries of a circle that its member is told of one by one. */
function isOfMembership(heard: Heard, memberId: string, changes: Changes): boolean {
  if (isAbout(heard, memberId, 'circleJoined')) return true
  return isMemberBefore(heard.position, { changes: changes.get(heard.entry.patientId) ?? [], memberId })
}

function isAbout({ entry }: Heard, memberId: string, kind: 'circleJoined' | 'circleLeft'): boolean {
  return entry.kind === kind && entry.member?.memberId === memberId
}

/**
 * The ward that an entry concerns has known the stay, also when nothing says so any more: the admission that is
 * withdrawn was its own. It may know for as long as any other ward of the stay.
 */
function withPresence(facts: AccessFacts, ward: Extract<Channel, { kind: 'ward' }>, { entry }: Heard): AccessFacts {
  const { stayId = '', recordedAt } = entry
  const known = facts.stays.find((stay) => stay.stayId === stayId)
  const closedAt = known ? known.closedAt : recordedAt
  const presence = {
    stayId,
    facility: ward.facility,
    wards: [ward.code],
    openedAt: recordedAt,
    ...(closedAt === undefined ? {} : { closedAt }),
  }
  return { members: facts.members, stays: [...facts.stays, presence] }
}

type Member = { changes: readonly CircleChange[]; memberId: string }

/** Whether someone was in the circle, in any role, when the log stood just before a position. */
function isMemberBefore(position: number, { changes, memberId }: Member): boolean {
  const roles = new Set<string>()
  for (const change of changes) {
    if (change.memberId !== memberId || change.position >= position) continue
    if (change.joined) roles.add(change.role)
    else roles.delete(change.role)
  }
  return roles.size > 0
}
