import { randomUUID } from 'node:crypto'
import {
  EventStoreDBClient,
  eventTypeFilter,
  jsonEvent,
  streamNameFilter,
  type AllStreamSubscription,
} from '@eventstore/db-client'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { followed, idsOf, notes, servedLog } from '../../test/served-log.ts'

const connect = (connectionString: string) => EventStoreDBClient.connectionString(connectionString)
const { client } = await servedLog(connect)
const newCategory = () => `follow${randomUUID().replaceAll('-', '')}`
const fresh = { expectedRevision: 'no_stream' as const }

async function appended(category: string, count: number) {
  const events = notes(count)
  const { position } = await client.appendToStream(`${category}-${randomUUID()}`, events, fresh)
  return { ids: idsOf(events), position: position ?? { commit: 0n, prepare: 0n } }
}

/** Follows until `count` events have come and history is exhausted. */
async function seenBy(subscription: AllStreamSubscription, count: number) {
  const seen = followed(subscription)
  await waitUntil(() => seen.ids.length >= count && seen.caughtUp > 0, `${count} events and caughtUp`)
  return seen
}

test('history comes first, then caughtUp once, then what is written since', async () => {
  const category = newCategory()
  const history = await appended(category, 300)
  const filter = streamNameFilter({ prefixes: [`${category}-`] })
  const subscription = client.subscribeToAll({ filter })
  const seen = await seenBy(subscription, 300)
  const live = [await appended(category, 1), await appended(newCategory(), 1), await appended(category, 200)]
  const expected = [...history.ids, ...(live[0]?.ids ?? []), ...(live[2]?.ids ?? [])]
  await waitUntil(() => seen.ids.length >= expected.length, 'what was written since')
  expect(seen.ids).toEqual(expected)
  expect(seen.caughtUp).toBe(1)
  await subscription.unsubscribe()
})

test('a position is where a subscription starts after', async () => {
  const category = newCategory()
  const [first, second] = [await appended(category, 2), await appended(category, 3)]
  const filter = streamNameFilter({ prefixes: [`${category}-`] })
  const subscription = client.subscribeToAll({ fromPosition: first.position, filter })
  expect((await seenBy(subscription, 3)).ids).toEqual(second.ids)
  await subscription.unsubscribe()
})

test('a subscription from the end brings only what is written later', async () => {
  const category = newCategory()
  await appended(category, 2)
  const subscription = client.subscribeToAll({ fromPosition: 'end' })
  const seen = await seenBy(subscription, 0)
  const later = await appended(category, 2)
  await waitUntil(() => seen.ids.length >= 2, 'what was written later')
  expect(seen.ids).toEqual(later.ids)
  await subscription.unsubscribe()
})

test('a stream can be followed before it exists, and from a revision', async () => {
  const stream = `${newCategory()}-1`
  const early = client.subscribeToStream(stream)
  const seen: bigint[] = []
  const caughtUp = new Promise((resolve) => early.on('caughtUp', () => resolve(true)))
  early.on('data', ({ event }) => seen.push(event?.revision ?? -1n))
  await caughtUp
  await client.appendToStream(stream, notes(3), fresh)
  await waitUntil(() => seen.length >= 3, 'the first three events')
  expect(seen).toEqual([0n, 1n, 2n])
  await early.unsubscribe()

  const later = client.subscribeToStream(stream, { fromRevision: 1n })
  const revisions: bigint[] = []
  later.on('data', ({ event }) => revisions.push(event?.revision ?? -1n))
  await waitUntil(() => revisions.length > 0, 'the event after revision 1')
  expect(revisions).toEqual([2n])
  await later.unsubscribe()
})

test('types can be filtered by their prefix', async () => {
  const category = newCategory()
  const types = ['Noted.v1', 'Noted.v2', 'Scanned.v1', `${category}.v1`, `${category}.v2`]
  const events = types.map((type) => jsonEvent({ type, data: {} }))
  await client.appendToStream(`${category}-1`, events, fresh)
  const filter = eventTypeFilter({ prefixes: [category, 'Scanned.v1'] })
  const subscription = client.subscribeToAll({ filter })
  expect((await seenBy(subscription, 3)).ids).toEqual(idsOf(events.slice(2)))
  await subscription.unsubscribe()
})

test('regular expressions are refused', async () => {
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ regex: '^note' }) })
  const seen = followed(subscription)
  await waitUntil(() => seen.error, 'the refusal')
  expect(seen.error?.message).toContain('Only filters by prefix are served')
})

test('under concurrent writers nothing is missing, doubled or out of order', async () => {
  const category = newCategory()
  const streams = Array.from({ length: 5 }, (_, index) => ({ name: `${category}-${index}`, events: notes(40) }))
  const writing = streams.map(async ({ name, events }) => {
    for (const [index, event] of events.entries()) {
      const expectedRevision = index === 0 ? ('no_stream' as const) : BigInt(index - 1)
      await client.appendToStream(name, event, { expectedRevision })
    }
  })
  const filter = streamNameFilter({ prefixes: [`${category}-`] })
  const subscriptions = [1, 2, 3].map(() => client.subscribeToAll({ filter }))
  const seen = subscriptions.map(followed)
  await Promise.all(writing)
  await waitUntil(() => seen.every(({ ids }) => ids.length >= 200), 'every event')
  for (const { ids, positions, caughtUp } of seen) {
    expect(ids).toHaveLength(200)
    expect(new Set(ids)).toEqual(new Set(streams.flatMap(({ events }) => idsOf(events))))
    expect(positions.every((position, index) => position > (positions[index - 1] ?? 0n))).toBe(true)
    expect(caughtUp).toBe(1)
  }
  await Promise.all(subscriptions.map((subscription) => subscription.unsubscribe()))
})

test('a consumer that falls behind loses nothing', async () => {
  const category = newCategory()
  const filter = streamNameFilter({ prefixes: [`${category}-`] })
  const subscription = client.subscribeToAll({ filter })
  const seen = await seenBy(subscription, 0)
  subscription.pause()
  const written = [await appended(category, 900), await appended(category, 900)]
  subscription.resume()
  await waitUntil(() => seen.ids.length >= 1800, 'what was written meanwhile')
  expect(seen.ids).toEqual(written.flatMap(({ ids }) => ids))
  expect(seen.error).toBeUndefined()
  await subscription.unsubscribe()
})

test('checkpoints come at every interval, go forward, and lead to exactly the rest', async () => {
  const own = await servedLog(connect)
  await own.client.appendToStream('noise-1', notes(384), fresh)
  await own.client.appendToStream('wanted-1', notes(1), fresh)
  const marks: bigint[] = []
  const filter = streamNameFilter({
    prefixes: ['wanted-'],
    maxSearchWindow: 64,
    checkpointReached: (_subscription, { commit }) => void marks.push(commit),
  })
  const subscription = own.client.subscribeToAll({ filter })
  const seen = await seenBy(subscription, 1)
  expect(marks).toEqual([64n, 128n, 192n, 256n, 320n, 384n, 385n])
  await own.client.appendToStream('noise-2', notes(64), fresh)
  await waitUntil(() => marks.length >= 8, 'a checkpoint while live')
  expect(marks.at(-1)).toBe(449n)
  await subscription.unsubscribe()

  const resumed = own.client.subscribeToAll({ fromPosition: { commit: 320n, prepare: 320n }, filter })
  expect((await seenBy(resumed, 1)).ids).toEqual(seen.ids)
  await resumed.unsubscribe()
})
