import { decideAccess, decisionInstant } from '@relais/access/decide'
import { loadAccessFacts } from '@relais/access/facts'
import type { Hub } from '@relais/channels/hub'
import type { Logger } from '@relais/telemetry/logger'
import type { Acknowledge } from './acknowledgments.ts'
import { resolveChannel } from './channel.ts'
import { fail } from './delivery.ts'
import { forgottenAmong } from './forgotten.ts'
import { replay, type ReplayDeps } from './replay.ts'
import type { Subscriber } from './subscribers.ts'

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

async function decideChannel({ db, now }: HubDeps, subscriber: Subscriber): Promise<Decision> {
  const { channel, request } = subscriber
  if (channel.kind === 'ward') return { granted: true, outcome: 'establishmentTeam' }
  if (channel.kind === 'circle') return { granted: true, outcome: 'ownCircle' }
  if (channel.kind !== 'patient') return { granted: true, outcome: 'ownInbox' }
  const { patientId } = channel
  if ((await forgottenAmong(db, [patientId])).has(patientId)) return { granted: false, outcome: 'noRelation' }
  let facts
  do {
    subscriber.hasNews = false
    facts = await loadAccessFacts(db, patientId)
  } while (subscriber.hasNews)
  // MUST be in the same turn as the facts because from here on a push looks whether the access is still there.
  if (subscriber.phase === 'deciding') subscriber.phase = 'replaying'
  const decision = decideAccess({ actor: request.actor, facts, purpose: 'care', at: decisionInstant(facts, now()) })
  return { granted: decision.granted, outcome: decision.granted ? decision.ground : decision.reason }
}

function record({ log }: HubDeps, { actor, channel }: Subscriber['request'], { outcome }: Decision): void {
  const [kind, subject] = channel.split('/')
  const patient = kind === 'patient' ? { patientId: subject } : {}
  log.info({ actorId: actor.id, kind, ...patient, outcome }, 'subscription decided')
}
