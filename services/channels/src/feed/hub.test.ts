import type { SharedEntry } from '@relais/channels/hub'
import { Actor } from '@relais/contracts/actor'
import { ChannelEntry } from '@relais/contracts/channel-entries'
import { ChannelName } from '@relais/contracts/channels'
import { threadOpened } from '@relais/runtime/loop-facts.fixture'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { joined, left, moved, newStay } from '../facts.fixture.ts'
import { nurse, openHub, physician } from '../gateway.fixture.ts'
import { writing } from '../loops.fixture.ts'

type World = Awaited<ReturnType<typeof openHub>>
type Question = { token: string; channel: string; after?: string; takes?: number }

/** Follows with a socket that has room for so many entries, and for more each time it is emptied. */
async function follower({ hub }: World, { token, channel, after, takes = Infinity }: Question) {
  const entries: string[] = []
  const shared: SharedEntry[] = []
  const ended: string[] = []
  const failures: unknown[] = []
  const cursors: string[] = []
  let room = takes
  let wake = () => {}
  const answer = await hub.follow({
    actor: Actor.parse(JSON.parse(token)),
    channel: ChannelName.parse(channel),
    after,
    onEntry: (entry) => {
      room -= 1
      shared.push(entry)
      entries.push(ChannelEntry.parse(JSON.parse(`{${entry.tail}`).entry).entryId)
    },
    onCaughtUp: (cursor) => void cursors.push(cursor),
    onEnded: (reason) => void ended.push(reason),
    onFailed: (error) => void failures.push(error),
    room() {
      if (room > 0) return undefined
      return new Promise((resolve) => {
        wake = resolve
      })
    },
  })
  const empty = () => {
    room = takes
    wake()
  }
  return { answer, entries, shared, ended, failures, cursors, empty }
}

/** The ids of all entries of a patient, as the view has them. */
async function entriesOf({ feed }: World, name: string): Promise<string[]> {
  const found = await feed.after({ kind: 'patient', name, patientId: name.replace('patient/', '') }, 0, 100_000)
  return found.map(({ entry }) => entry.entryId)
}

function days(stay: ReturnType<typeof newStay>, count: number) {
  return Array.from({ length: count }, () => moved('PatientTransferred', stay, { ward: '3620' }))
}

test('whoever subscribes while entries are being committed gets each exactly once, in order', async () => {
  const world = await openHub()
  const stay = newStay()
  const channel = `patient/${stay.patientId}`
  await world.record(moved('PatientAdmitted', stay, { ward: '3620' }))
  const first = await follower(world, { token: nurse, channel })
  await waitUntil(() => first.cursors[0], 'the first to be live')
  const start = first.cursors[0] ?? ''
  const writing = (async () => {
    for (let round = 0; round < 60; round += 1) await world.append(...days(stay, 3))
  })()
  const followers: Awaited<ReturnType<typeof follower>>[] = []
  for (let number = 0; number < 30; number += 1)
    followers.push(await follower(world, { token: nurse, channel, after: start }))
  await writing
  await waitUntil(() => first.entries.length === 181, 'the first to have everything')
  await waitUntil(() => followers.every(({ entries }) => entries.length >= 180), 'all to have everything')
  const expected = await entriesOf(world, channel)
  expect(first.entries).toEqual(expected)
  for (const { entries, failures } of followers) {
    expect(entries).toEqual(expected.slice(1))
    expect(failures).toEqual([])
  }
})

test('an entry that is read from the view before it is pushed is sent once', async () => {
  const world = await openHub()
  const early = await follower(world, { token: nurse, channel: 'ward/3620' })
  await waitUntil(() => early.cursors.length === 1, 'the first to be live')
  const push = world.holdNext()
  const appended = world.append(moved('PatientAdmitted', newStay(), { ward: '3620' }))
  await push.reached
  const late = await follower(world, { token: nurse, channel: 'ward/3620', after: early.cursors[0] ?? '' })
  await waitUntil(() => late.cursors.length === 1, 'the second to be live')
  push.release()
  await appended
  await world.record(moved('PatientAdmitted', newStay(), { ward: '3620' }))
  expect([early.entries.length, late.entries.length]).toEqual([2, 2])
  expect(late.entries).toEqual(early.entries)
})

test('an entry that is pushed while the last page is being read is not lost', async () => {
  const world = await openHub()
  const early = await follower(world, { token: nurse, channel: 'ward/3620' })
  await waitUntil(() => early.cursors.length === 1, 'the first to be live')
  const page = world.holdNext()
  const late = await follower(world, { token: nurse, channel: 'ward/3620', after: early.cursors[0] ?? '' })
  await page.reached
  await world.record(moved('PatientAdmitted', newStay(), { ward: '3620' }))
  expect([early.entries.length, late.entries.length]).toEqual([1, 0])
  page.release()
  await waitUntil(() => late.cursors.length === 1, 'the second to be live')
  expect(late.entries).toEqual(early.entries)
})

test('a departure that is recorded while the facts are being read is not overlooked', async () => {
  const world = await openHub()
  const stay = newStay()
  await world.record(moved('PatientAdmitted', stay, { ward: '4110' }), joined(stay))
  const facts = world.holdNext()
  const asked = follower(world, { token: physician, channel: `patient/${stay.patientId}` })
  await facts.reached
  await world.record(left(stay))
  facts.release()
  expect(await asked).toMatchObject({ answer: 'forbidden', entries: [], ended: [] })
})

test('a departure that is recorded while a thread is being decided is not overlooked, nor one while it is replayed', async () => {
  const world = await openHub()
  const stay = newStay()
  const threadId = crypto.randomUUID()
  const channel = `thread/${threadId}`
  const gp = JSON.stringify({ ...JSON.parse(physician), scopes: ['channel:follow', 'thread:read'] })
  const { write, say } = writing(world)
  await world.record(joined(stay))
  await write(threadOpened(threadId, { patientId: stay.patientId }))
  await say({ threadId, patientId: stay.patientId }, 'Bonjour')
  const slow = await follower(world, { token: gp, channel, takes: 1 })
  await waitUntil(() => slow.entries.length === 1, 'what there is room for')
  const facts = world.holdNext()
  const asked = follower(world, { token: gp, channel })
  await facts.reached
  await world.record(left(stay))
  facts.release()
  expect(await asked).toMatchObject({ answer: 'forbidden', entries: [], ended: [] })
  await waitUntil(() => slow.ended.length === 1, 'the end')
  slow.empty()
  expect(slow).toMatchObject({ ended: ['accessEnded'], cursors: [], failures: [] })
  expect(slow.entries).toHaveLength(1)
})

test('a replay waits for the socket, in pages, and loses nothing of what is committed meanwhile', async () => {
  const world = await openHub()
  const stay = newStay()
  const channel = `patient/${stay.patientId}`
  const start = world.cursors.seal(channel, 0)
  await world.record(moved('PatientAdmitted', stay, { ward: '3620' }), ...days(stay, 449))
  const slow = await follower(world, { token: nurse, channel, after: start, takes: 120 })
  await waitUntil(() => slow.entries.length === 120, 'what there is room for')
  await world.record(...days(stay, 10))
  expect(slow.entries).toHaveLength(120)
  await waitUntil(() => {
    slow.empty()
    return slow.cursors.length === 1
  }, 'the end of the past')
  expect(slow.entries).toEqual(await entriesOf(world, channel))
})

test('access that ends while a replay waits ends it there', async () => {
  const world = await openHub()
  const stay = newStay()
  const channel = `patient/${stay.patientId}`
  await world.record(moved('PatientAdmitted', stay, { ward: '4110' }), ...days(stay, 20), joined(stay))
  const slow = await follower(world, { token: physician, channel, takes: 5 })
  await waitUntil(() => slow.entries.length === 5, 'what there is room for')
  await world.record(left(stay))
  await waitUntil(() => slow.ended.length === 1, 'the end')
  slow.empty()
  expect(slow).toMatchObject({ ended: ['accessEnded'], cursors: [], failures: [] })
  expect(slow.entries).toHaveLength(5)
})

test('a departure at any moment of a subscription ends it, and nothing comes after', async () => {
  const world = await openHub()
  const stays = Array.from({ length: 25 }, () => newStay())
  for (const stay of stays) await world.record(moved('PatientAdmitted', stay, { ward: '4110' }), joined(stay))
  const outcomes = await Promise.all(
    stays.map(async (stay, index) => {
      const channel = `patient/${stay.patientId}`
      for (let turn = 0; turn < index; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      const [here] = await Promise.all([follower(world, { token: physician, channel }), world.append(left(stay))])
      await world.record(moved('PatientDischarged', stay, { ward: '4110' }))
      return { ...here, discharge: async () => (await entriesOf(world, channel)).at(-1) ?? '' }
    }),
  )
  for (const { answer, ended, entries, discharge, failures } of outcomes) {
    await waitUntil(() => answer === 'forbidden' || ended.length === 1, 'the end')
    expect(entries).not.toContain(await discharge())
    expect(failures).toEqual([])
  }
  expect(world.subscribers.isEmpty()).toBe(true)
})

test('a view that cannot be read fails the subscriptions, so that they come back', async () => {
  const world = await openHub()
  const [live, coming] = [newStay(), newStay()]
  await world.record(
    moved('PatientAdmitted', live, { ward: '3620' }),
    moved('PatientAdmitted', coming, { ward: '3620' }),
  )
  const here = await follower(world, { token: nurse, channel: `patient/${live.patientId}` })
  await waitUntil(() => here.cursors.length === 1, 'the end of the past')
  await world.db.destroy()
  await world.record(moved('PatientDischarged', live, { ward: '3620' }))
  const late = await follower(world, { token: nurse, channel: 'ward/3620' })
  await waitUntil(() => late.failures.length === 1, 'the failure')
  expect(here.failures).toHaveLength(1)
  expect(here.entries).toHaveLength(1)
  expect(late.cursors).toEqual([])
  expect(world.subscribers.isEmpty()).toBe(true)
})

test('an entry is written once, whatever the number of those who follow the ward', async () => {
  const world = await openHub()
  const followers: Awaited<ReturnType<typeof follower>>[] = []
  for (let number = 0; number < 5; number += 1)
    followers.push(await follower(world, { token: nurse, channel: 'ward/3620' }))
  await waitUntil(() => followers.every(({ cursors }) => cursors.length === 1), 'all to be live')
  await world.record(moved('PatientAdmitted', newStay(), { ward: '3620' }))
  expect(new Set(followers.map(({ shared }) => shared[0])).size).toBe(1)
  expect(followers.map(({ entries }) => entries.length)).toEqual([1, 1, 1, 1, 1])
})
