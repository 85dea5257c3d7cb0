import type { Decoded } from '@relais/event-store/codec'
import { wardsConcerned } from '../domain/stay-history.ts'
import { type FeedEvent, entryOf } from '../projections/channel-feed.ts'
import { type Context, loadContext } from './context.ts'
import { end, fail, offer, sharing, sharingOnce } from './delivery.ts'
import type { Heard } from './feed-reader.ts'
import type { ReplayDeps } from './replay.ts'
import type { Subscriber, Subscribers } from './subscribers.ts'
import { verdictOf } from './visibility.ts'

/**
 * Pushes what was just committed, in order. After a fault, or when another process committed entries, every subscriber is
 * failed: each comes back with its cursor, and reads from the view what was not pushed.
 */
export function feedPush(deps: ReplayDeps) {
  const { subscribers } = deps
  const failAll = (error: unknown) => {
    for (const subscriber of subscribers.all()) fail(subscribers, subscriber, error)
  }
  return {
    async onCommitted(decoded: readonly Decoded<FeedEvent>[]) {
      if (subscribers.isEmpty()) return
      await push(deps, decoded.flatMap(heardOf)).catch(failAll)
    },
    onOvertaken: () => failAll(new Error('Another process committed entries to this view')),
  }
}

type Changes = NonNullable<Context['changes']>

async function push(deps: ReplayDeps, committed: readonly Heard[]): Promise<void> {
  const { subscribers, cursors, feed } = deps
  const patientIds = committed.map(({ entry }) => entry.patientId)
  const changes = subscribers.hasCircles() ? await feed.circleChanges([...new Set(patientIds)]) : new Map<string, []>()
  const entries = committed.filter((heard) => mayInterest(subscribers, heard, changes))
  if (entries.length === 0) return
  const context = await loadContext(deps, entries, {
    circles: subscribers.hasCircles(),
    joins: (memberId) => subscribers.has(`circle/${memberId}`),
  })
  const share = sharingOnce(sharing(cursors))
  for (const heard of entries)
    for (const subscriber of audience(subscribers, heard, context))
      if (subscriber.phase === 'live') offer(subscribers, subscriber, { heard, context, share })
      else note(subscribers, subscriber, { heard, context })
}

/** Whoever is not live yet reads the entry from the view; but who may follow no longer is not kept waiting for that. */
function note(subscribers: Subscribers, subscriber: Subscriber, news: { heard: Heard; context: Context }): void {
  const { channel, request, phase } = subscriber
  subscriber.hasNews = true
  if (phase === 'replaying' && verdictOf(channel, request.actor, news) === 'end')
    end(subscribers, subscriber, 'accessEnded')
}

function heardOf(decoded: Decoded<FeedEvent>): Heard[] {
  const entry = entryOf(decoded)
  return entry ? [{ position: decoded.position, entry, text: JSON.stringify(entry) }] : []
}

function mayInterest(subscribers: Subscribers, heard: Heard, changes: Changes): boolean {
  const { patientId } = heard.entry
  const members = changes.get(patientId) ?? []
  return (
    subscribers.has(`patient/${patientId}`) ||
    [...wardsConcerned(heard.entry)].some((ward) => subscribers.has(ward)) ||
    members.some(({ memberId }) => subscribers.has(`circle/${memberId}`))
  )
}

function* audience(subscribers: Subscribers, heard: Heard, context: Context): Iterable<Subscriber> {
  const { patientId } = heard.entry
  yield* subscribers.of(`patient/${patientId}`)
  for (const ward of wardsConcerned(heard.entry)) yield* subscribers.of(ward)
  const members = new Set((context.changes?.get(patientId) ?? []).map(({ memberId }) => memberId))
  for (const memberId of members) yield* subscribers.of(`circle/${memberId}`)
}
