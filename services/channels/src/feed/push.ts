import { isPathwayEntry } from '@relais/contracts/channel-entries'
import type { Decoded } from '@relais/event-store/codec'
import { channelsOf, patientsIn } from '../domain/entry-channels.ts'
import { type FeedEvent, entryOf } from '../projections/channel-feed.ts'
import { type Context, loadContext } from './context.ts'
import { end, fail, offer, sharing, sharingOnce } from './delivery.ts'
import type { Heard } from './heard.ts'
import { loopsOf, ofOwners } from './loop-reader.ts'
import { type Changes, changesOf, type PersonOf, personsIn } from './persons.ts'
import type { ReplayDeps } from './replay.ts'
import type { Subscriber, Subscribers } from './subscribers.ts'
import { threadsAbout } from './thread-reader.ts'
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
      try {
        await cutForgotten(deps, decoded)
        await push(deps, await ofOwners(deps.db, decoded.flatMap(heardOf)))
      } catch (error) {
        failAll(error)
      }
    },
    onOvertaken: () => failAll(new Error('Another process committed entries to this view')),
  }
}

/** Nothing is sent of who was forgotten: not of the patient, nor of what was asked or said about him or her. */
async function cutForgotten({ db, subscribers }: ReplayDeps, decoded: readonly Decoded<FeedEvent>[]): Promise<void> {
  const ids = decoded.flatMap(({ event }) => (event?.type === 'PatientForgotten' ? [event.data.patientId] : []))
  if (ids.length === 0) return
  const threads = [...(await threadsAbout(db, ids)).values()].flat().map((id) => `thread/${id}`)
  const channels = [...ids.map((id) => `patient/${id}`), ...threads, ...(await loopsOf(db, ids))]
  for (const channel of channels)
    for (const subscriber of subscribers.of(channel)) end(subscribers, subscriber, 'accessEnded')
}

async function push(deps: ReplayDeps, committed: readonly Heard[]): Promise<void> {
  const { subscribers, cursors, feed, db } = deps
  const circles = subscribers.hasCircles()
  const personOf = await personsIn(deps, committed)
  const persons = new Set(committed.flatMap(({ entry }) => patientsIn(entry).map(personOf)))
  const changes = circles ? await changesOf(feed, persons) : new Map<string, []>()
  const ids = [...persons].flatMap((person) => person.ids)
  const threads = subscribers.hasThreads() ? await threadsAbout(db, ids) : new Map<string, []>()
  const around = { changes, personOf, threads }
  const entries = committed.filter((heard) => mayInterest(subscribers, heard, around))
  if (entries.length === 0) return
  const listens = (channel: string) => subscribers.has(channel)
  const beside = [...threads.values()].flat().filter((id) => listens(`thread/${id}`))
  const context = await loadContext(deps, entries, { circles, listens, personOf, threads: beside })
  const share = sharingOnce(sharing(cursors))
  for (const heard of entries)
    for (const subscriber of audience(subscribers, heard, { ...around, changes: context.changes ?? changes }))
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

type Around = { changes: Changes; personOf: PersonOf; threads: ReadonlyMap<string, readonly string[]> }

function mayInterest(subscribers: Subscribers, heard: Heard, around: Around): boolean {
  return [...channelsFor(heard.entry, around)].some((channel) => subscribers.has(channel))
}

function* audience(subscribers: Subscribers, heard: Heard, around: Around): Iterable<Subscriber> {
  for (const channel of channelsFor(heard.entry, around)) yield* subscribers.of(channel)
}

/**
 * The channels that an entry is for, those of every id of its person, and of their circles. Whoever follows a patient has
 * to be looked at again when somebody says that this is no patient of theirs; whoever follows a thread about a patient,
 * whenever something happens to the patient or the circle.
 */
function channelsFor(entry: Heard['entry'], { changes, personOf, threads }: Around): ReadonlySet<string> {
  const mayEndAccess =
    isPathwayEntry(entry) || entry.kind === 'link' || (entry.kind === 'receipt' && entry.receipt === 'returned')
  const isOfPatient = isPathwayEntry(entry) || entry.kind === 'link' || entry.kind === 'loop'
  const patients = isOfPatient || mayEndAccess ? patientsIn(entry) : []
  const ids = patients.flatMap((id) => personOf(id).ids)
  const members = isOfPatient ? patients.flatMap((id) => changes.get(id) ?? []) : []
  const looked = mayEndAccess ? ids.flatMap((id) => threads.get(id) ?? []) : []
  return new Set([
    ...channelsOf(entry),
    ...ids.map((id) => `patient/${id}`),
    ...members.map(({ memberId }) => `circle/${memberId}`),
    ...looked.map((id) => `thread/${id}`),
  ])
}
