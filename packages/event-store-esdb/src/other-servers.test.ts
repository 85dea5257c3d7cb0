import { status } from '@grpc/grpc-js'
import { collect } from '@relais/event-store/contract/samples'
import type { Notification } from '@relais/event-store/port'
import { expect, test } from 'vitest'
import { scriptedEvent, scriptedServer, type ScriptedCall } from '../test/scripted-server.ts'
import { esdbEventStore } from './store.ts'

const brief = { tries: 3, firstPauseMilliseconds: 1, longestPauseMilliseconds: 2 }
const confirmation = { confirmation: { subscriptionId: '00000000-0000-4000-8000-000000000000' } }
const mark = (position: number) => ({ checkpoint: { commitPosition: position, preparePosition: position } })
const note = { id: '00000000-0000-4000-8000-000000000001', type: 'Noted.v1', data: {}, metadata: {} }

/** Where a subscription was asked to start: after this position. */
const startOf = (call: ScriptedCall) => Number(call.request.options?.all?.position?.commitPosition ?? 0)

/** What a subscription brings until `isEnough`, one word each. */
async function follow(connectionString: string, isEnough: (seen: readonly string[]) => boolean, deadline = 5_000) {
  const store = esdbEventStore({ connectionString, retry: brief, deadlineMilliseconds: deadline })
  const aborting = new AbortController()
  const seen: string[] = []
  try {
    for await (const notification of store.subscribe({
      after: undefined,
      categories: ['note'],
      signal: aborting.signal,
    })) {
      seen.push(...wordsOf(notification))
      if (isEnough(seen)) aborting.abort()
    }
  } finally {
    await store.close()
  }
  return seen
}

function wordsOf(notification: Notification): string[] {
  if (notification.type === 'events') return notification.events.map(({ position }) => `event ${position}`)
  return [notification.type === 'checkpoint' ? `checkpoint ${notification.position}` : 'caughtUp']
}

test('a server that drops slow consumers is followed from the last event again', async () => {
  const url = await scriptedServer({
    read(call) {
      const after = startOf(call)
      call.write(confirmation)
      for (const position of [10, 20, 30, 40].filter((position) => position > after).slice(0, 2))
        call.write(scriptedEvent(position))
      if (after < 20) call.emit('error', { code: status.ABORTED, details: 'Operation timed out' })
      else call.write({ caughtUp: {} })
    },
  })
  const seen = await follow(url, (words) => words.includes('caughtUp'))
  expect(seen).toEqual(['event 10', 'event 20', 'event 30', 'event 40', 'caughtUp'])
})

test('a server that falls back to history says caughtUp again, and so does the adapter', async () => {
  const url = await scriptedServer({
    read(call) {
      for (const message of [confirmation, { caughtUp: {} }, scriptedEvent(10), scriptedEvent(20), { caughtUp: {} }])
        call.write(message)
    },
  })
  const seen = await follow(url, (words) => words.length >= 4)
  expect(seen).toEqual(['caughtUp', 'event 10', 'event 20', 'caughtUp'])
})

test('marks keep their place among the events, and say nothing twice', async () => {
  const url = await scriptedServer({
    read(call) {
      const events = [scriptedEvent(10), scriptedEvent(11), mark(15), scriptedEvent(20), mark(20), mark(25), mark(25)]
      for (const message of [confirmation, ...events, { caughtUp: {} }, scriptedEvent(30)]) call.write(message)
    },
  })
  const seen = await follow(url, (words) => words.includes('event 30'))
  expect(seen).toEqual(['event 10', 'event 11', 'checkpoint 15', 'event 20', 'checkpoint 25', 'caughtUp', 'event 30'])
})

test("the server's own records are left out, also the mark of a stream that was closed for good", async () => {
  const url = await scriptedServer({
    read(call) {
      const own = [scriptedEvent(10, { stream: '$note-1' }), scriptedEvent(11, { type: '$streamDeleted' })]
      for (const message of [confirmation, ...own, scriptedEvent(12)]) call.write(message)
    },
  })
  await expect(follow(url, (words) => words.length > 0)).resolves.toEqual(['event 12'])
})

test('a server that never confirms a subscription is unavailable', async () => {
  const url = await scriptedServer({ read: () => {} })
  await expect(follow(url, () => true, 20)).rejects.toMatchObject({ code: 'storeUnavailable' })
})

test('a server that ends a subscription over and over is unavailable', async () => {
  const url = await scriptedServer({
    read(call) {
      call.write(confirmation)
      call.end()
    },
  })
  await expect(follow(url, () => true)).rejects.toMatchObject({ code: 'storeUnavailable' })
})

test('a server that stops in the middle of a read is unavailable, after what it gave', async () => {
  const url = await scriptedServer({ read: (call) => void call.write(scriptedEvent(10)) })
  const store = esdbEventStore({ connectionString: url, retry: brief, deadlineMilliseconds: 20 })
  const read: number[] = []
  const reading = async () => {
    for await (const { position } of store.readAll()) read.push(position)
  }
  await expect(reading()).rejects.toMatchObject({ code: 'storeUnavailable' })
  expect(read).toEqual([10])
  await store.close()
})

test('positions beyond the safe integers are refused rather than rounded', async () => {
  const url = await scriptedServer({ read: (call) => void call.write(scriptedEvent(2 ** 60)) })
  const store = esdbEventStore({ connectionString: url, retry: brief })
  await expect(collect(store.readAll())).rejects.toThrow('beyond the safe integers')
  await store.close()
})

test('an append whose answer is lost is sent again, in a call of its own; one without a position is looked up', async () => {
  let calls = 0
  const url = await scriptedServer({
    append(answer) {
      calls += 1
      if (calls < 3) answer({ code: calls === 1 ? status.UNAVAILABLE : status.CANCELLED, details: 'Call cancelled' })
      else answer(null, { success: { currentRevision: 4, noPosition: {} } })
    },
    read(call) {
      call.write(scriptedEvent(77))
      call.end()
    },
  })
  const store = esdbEventStore({ connectionString: url, retry: brief })
  await expect(store.append('note-1', 3, [note])).resolves.toEqual({ appended: true, revision: 4, position: 77 })
  expect(calls).toBe(3)
  await store.close()
})
