import { randomUUID } from 'node:crypto'
import { openEmbeddedLog, type EmbeddedLogOptions } from '@relais/event-store-embedded/open-log'
import { serveLog, type ServeOptions } from '@relais/event-store-embedded/server/serve'
import { collect } from '@relais/event-store/contract/samples'
import type { EventStore, JsonObject, NewEvent } from '@relais/event-store/port'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { esdbEventStore, type EsdbOptions } from './store.ts'

const note = (data: JsonObject = {}): NewEvent => ({ id: randomUUID(), type: 'Noted.v1', data, metadata: {} })
const brief = { tries: 3, firstPauseMilliseconds: 1, longestPauseMilliseconds: 2 }

type Serving = ServeOptions & Omit<EmbeddedLogOptions, 'folder'>
async function served(serving: Serving = {}, options: Omit<EsdbOptions, 'connectionString'> = {}) {
  const log = await openEmbeddedLog({ folder: temporaryFolder(), ...serving })
  const server = await serveLog(log, serving)
  const connectionString = `esdb://127.0.0.1:${server.port}?tls=false`
  const store = esdbEventStore({ connectionString, ...options })
  afterTestFile(async () => {
    await store.close()
    await server.close()
    await log.close()
  })
  return { store, server, log, connectionString }
}

/** Follows in the background. */
function following(store: EventStore, categories = ['note']) {
  const aborting = new AbortController()
  const seen: string[] = []
  const kinds: string[] = []
  async function follow() {
    for await (const notification of store.subscribe({ after: undefined, categories, signal: aborting.signal })) {
      kinds.push(notification.type)
      if (notification.type === 'events') seen.push(...notification.events.map(({ id }) => id))
    }
  }
  const ended = follow()
  ended.catch(() => {})
  return { seen, kinds, ended, stop: () => aborting.abort() }
}

test('more subscriptions than one connection carries are spread over several', async () => {
  const { store } = await served({ callsPerConnection: 100 })
  const all = Array.from({ length: 170 }, () => following(store))
  await waitUntil(() => all.every(({ kinds }) => kinds.includes('caughtUp')), 'every subscription')
  const event = note()
  await store.append('note-1', 'noStream', [event])
  await waitUntil(() => all.every(({ seen }) => seen.length > 0), 'the event on each')
  expect(all.map(({ seen }) => seen)).toEqual(all.map(() => [event.id]))
  for (const { stop } of all) stop()
  await Promise.all(all.map(({ ended }) => ended))
  const again = Array.from({ length: 90 }, () => following(store))
  await waitUntil(() => again.every(({ seen }) => seen.length > 0), 'subscriptions in the room that was given back')
})

test('a server that is not there is reported as unavailable after the last try', async () => {
  const { store, server } = await served({}, { retry: brief })
  await server.close()
  const unavailable = { code: 'storeUnavailable' }
  await expect(store.append('note-1', 'noStream', [note()])).rejects.toMatchObject(unavailable)
  await expect(collect(store.readStream('note-1'))).rejects.toMatchObject(unavailable)
  await expect(collect(store.readAll())).rejects.toMatchObject(unavailable)
  await expect(following(store).ended).rejects.toMatchObject(unavailable)
})

test('a cluster that cannot be discovered is reported as unavailable', async () => {
  const { server } = await served()
  await server.close()
  const seeds = `127.0.0.1:${server.port},127.0.0.1:${server.port}`
  const connectionString = `esdb://${seeds}?tls=false&maxDiscoverAttempts=1&discoveryInterval=1`
  const store = esdbEventStore({ connectionString, retry: brief })
  await expect(store.append('note-1', 'noStream', [note()])).rejects.toMatchObject({ code: 'storeUnavailable' })
  await store.close()
})

test('each try but the last is logged, without what was tried', async () => {
  const lines: [object, string][] = []
  const log = { warn: (fields: object, message: string) => void lines.push([fields, message]) }
  const { store, server } = await served({}, { retry: brief, log })
  await server.close()
  await expect(store.append('note-1', 'noStream', [note()])).rejects.toMatchObject({ code: 'storeUnavailable' })
  const message = 'event store not reached, trying again'
  expect(lines).toEqual([
    [{ attempt: 1 }, message],
    [{ attempt: 2 }, message],
  ])
})

test('a full disk is reported as a full log', async () => {
  const { store } = await served({ maxPages: 40 })
  const filling = async () => {
    for (;;) await store.append(`note-${randomUUID()}`, 'noStream', [note({ text: 'x'.repeat(20_000) })])
  }
  await expect(filling()).rejects.toMatchObject({ code: 'logFull' })
})

test('an event larger than any message is refused as too large', async () => {
  const { store } = await served()
  const huge = store.append('note-1', 'noStream', [note({ text: 'x'.repeat(17 * 1_048_576) })])
  await expect(huge).rejects.toMatchObject({ code: 'appendTooLarge' })
})

test('appending nothing answers where the stream is', async () => {
  const { store } = await served()
  await expect(store.append('note-1', 0, [])).resolves.toEqual({ appended: false, revision: 'noStream' })
  await store.append('note-1', 'noStream', [note(), note()])
  await expect(store.append('note-1', 1, [])).resolves.toEqual({ appended: true, revision: 1, position: 2 })
  await expect(store.append('note-1', 0, [])).resolves.toEqual({ appended: false, revision: 1 })
})

test('after closing, everything is answered with StoreUnavailable', async () => {
  const { store } = await served()
  const follower = following(store)
  await waitUntil(() => follower.kinds.includes('caughtUp'), 'caughtUp')
  const last = store.append('note-1', 'noStream', [note()])
  await store.close()
  const unavailable = { code: 'storeUnavailable' }
  await expect(follower.ended).rejects.toMatchObject(unavailable)
  await expect(last).resolves.toMatchObject({ appended: true })
  await expect(store.append('note-1', 0, [note()])).rejects.toMatchObject(unavailable)
  await expect(collect(store.readStream('note-1'))).rejects.toMatchObject(unavailable)
  await expect(following(store).ended).rejects.toMatchObject(unavailable)
})

test('a reader that leaves early gives its call back', async () => {
  const { store } = await served({ callsPerConnection: 4 })
  await store.append(
    'note-1',
    'noStream',
    Array.from({ length: 900 }, () => note()),
  )
  for (let round = 0; round < 12; round += 1) {
    for await (const event of store.readStream('note-1')) if (event.revision === 1) break
  }
  await expect(collect(store.readStream('note-1', { limit: 2 }))).resolves.toHaveLength(2)
})

test('kurrentdb is understood as the newer name of the same protocol', async () => {
  const { connectionString } = await served()
  const store = esdbEventStore({ connectionString: connectionString.replace('esdb:', 'kurrentdb:') })
  await expect(store.append('note-1', 'noStream', [note()])).resolves.toMatchObject({ appended: true })
  await store.close()
})
