import { type AccessFacts, decideAccess, decisionInstant } from '@relais/access/decide'
import { loadAccessFacts } from '@relais/access/facts'
import type { Hub } from '@relais/channels/hub'
import type { Logger } from '@relais/telemetry/logger'
import type { Acknowledge } from './acknowledgments.ts'
import { resolveChannel } from './channel.ts'
import { fail } from './delivery.ts'
import { forgottenAmong, isOfForgotten } from './forgotten.ts'
import { partiesIn, shareOf } from './loop-reader.ts'
import { replay, type ReplayDeps } from './replay.ts'
import type { Subscriber } from './subscribers.ts'
import { decideThread, threadsIn } from './thread-reader.ts'

export type HubDeps = ReplayDeps & { log: Pick<Logger, 'info'>; acknowledge: Acknowledge }
type Decision = { granted: boolean; outcome: string }

/** Who may follow what, and from where on. Each decision is recorded with its ground. */
export function feedHub(deps: HubDeps): Hub {
  const { subscribers, cursors } = deps
  return {
    async follow(request) {
      const channel = resolveChannel(request.channel, request.actor)
      if (!channel) {
        record(deps, request, { granted: false, outcome: 'noRelation' })
        return 'forbidden'
      }
      const subscriber: Subscriber = { channel, request, phase: 'deciding', last: 0, hasNews: false }
      // MUST come before the decision because a departure committed during it would otherwise cut nobody.
      subscribers.add(subscriber)
      const refusal = await decide(deps, subscriber).catch((error: unknown) => {
        subscribers.remove(subscriber)
        throw error
      })
      if (refusal) {
        subscribers.remove(subscriber)
        return refusal
      }
      const after = request.after === undefined ? undefined : cursors.open(channel.name, request.after)
      replay(deps, subscriber, after).catch((error: unknown) => fail(subscribers, subscriber, error))
      return {
        stop: () => subscribers.remove(subscriber),
        acknowledge: (cursor) =>
          void acknowledge(deps, subscriber, cursor).catch((error: unknown) => fail(subscribers, subscriber, error)),
      }
    },
  }
}

/** A cursor of something else acknowledges nothing; nor does one of a channel that is nobody's inbox. */
async function acknowledge(deps: HubDeps, { channel, request }: Subscriber, cursor: string): Promise<void> {
  const until = deps.cursors.open(channel.name, cursor)
  if (channel.kind !== 'inbox' || until === undefined) return
  await deps.acknowledge({ actor: request.actor, recipient: channel.recipient, until })
}

async function decide(deps: HubDeps, subscriber: Subscriber): Promise<'forbidden' | 'cursorUnknown' | undefined> {
  const { channel, request } = subscriber
  const decision = await decideChannel(deps, subscriber)
  record(deps, request, decision)
  if (!decision.granted) return 'forbidden'
  const isKnown = request.after === undefined || deps.cursors.open(channel.name, request.after) !== undefined
  return isKnown ? undefined : 'cursorUnknown'
}

async function decideChannel(deps: HubDeps, subscriber: Subscriber): Promise<Decision> {
  const { db, now } = deps
  const { channel, request } = subscriber
  if (channel.kind === 'ward') return { granted: true, outcome: 'establishmentTeam' }
  if (channel.kind === 'circle') return { granted: true, outcome: 'ownCircle' }
  if (channel.kind === 'loop') return decideLoop(deps, subscriber, channel.name)
  if (channel.kind === 'thread') return decideInThread(deps, subscriber, channel.threadId)
  if (channel.kind !== 'patient') return { granted: true, outcome: 'ownInbox' }
  const { patientId } = channel
  if ((await forgottenAmong(db, [patientId])).has(patientId)) return { granted: false, outcome: 'noRelation' }
  const facts = await latest(subscriber, () => loadAccessFacts(db, patientId))
  // MUST be in the same turn as the facts because from here on a push looks whether the access is still there.
  if (subscriber.phase === 'deciding') subscriber.phase = 'replaying'
  const decision = decideAccess({ actor: request.actor, facts, purpose: 'care', at: decisionInstant(facts, now()) })
  return { granted: decision.granted, outcome: decision.granted ? decision.ground : decision.reason }
}

/** What is read after everything that was committed meanwhile. */
async function latest<Known>(subscriber: Subscriber, read: () => Promise<Known>): Promise<Known> {
  let known
  do {
    subscriber.hasNews = false
    known = await read()
  } while (subscriber.hasNews)
  return known
}

async function decideLoop({ db }: HubDeps, subscriber: Subscriber, channel: string): Promise<Decision> {
  const { parties, isForgotten } = await latest(subscriber, async () => ({
    parties: (await partiesIn(db, [channel])).get(channel) ?? [],
    isForgotten: await isOfForgotten(db, channel),
  }))
  if (subscriber.phase === 'deciding') subscriber.phase = 'replaying'
  const isParty = !isForgotten && shareOf(subscriber.request.actor, parties) !== undefined
  return { granted: isParty, outcome: isParty ? 'party' : 'noRelation' }
}

async function decideInThread({ db, now }: HubDeps, subscriber: Subscriber, threadId: string): Promise<Decision> {
  const known = await latest(subscriber, async () => {
    const thread = (await threadsIn(db, [threadId])).get(threadId)
    const { patientId } = thread ?? {}
    if (patientId === undefined) return { thread, facts: nobody }
    const isForgotten = (await forgottenAmong(db, [patientId])).has(patientId)
    return { thread: isForgotten ? undefined : thread, facts: await loadAccessFacts(db, patientId) }
  })
  if (subscriber.phase === 'deciding') subscriber.phase = 'replaying'
  return decideThread(known.thread, { actor: subscriber.request.actor, facts: known.facts, now: now() })
}

/** Their names say of what they are, and of nobody. */
const named: ReadonlySet<string> = new Set(['referral', 'run', 'thread'])
const nobody: AccessFacts = { members: [], stays: [] }

function record({ log }: HubDeps, { actor, channel }: Subscriber['request'], { outcome }: Decision): void {
  const [kind = '', subject] = channel.split('/')
  const about = kind === 'patient' ? { patientId: subject } : named.has(kind) ? { channel } : {}
  log.info({ actorId: actor.id, kind, ...about, outcome }, 'subscription decided')
}
