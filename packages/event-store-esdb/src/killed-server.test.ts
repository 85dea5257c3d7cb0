import { randomUUID } from 'node:crypto'
import { collect } from '@relais/event-store/contract/samples'
import type { NewEvent } from '@relais/event-store/port'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { startLogProcess } from '../test/log-process.ts'
import { esdbEventStore } from './store.ts'

const retry = { tries: 200, firstPauseMilliseconds: 10, longestPauseMilliseconds: 100 }

const notes = (count: number): NewEvent[] =>
  Array.from({ length: count }, (_, n) => ({ id: randomUUID(), type: 'Noted.v1', data: { n }, metadata: {} }))

test('a server that is killed and started again costs a subscriber and the writers nothing', async () => {
  const folder = temporaryFolder()
  let server = await startLogProcess(folder)
  const { port } = server
  const store = esdbEventStore({ connectionString: `esdb://127.0.0.1:${port}?tls=false`, connections: 2, retry })
  const streams = Array.from({ length: 4 }, (_, index) => ({ name: `note-${index}`, events: notes(60) }))
  let acknowledged = 0

  const seen: { id: string; stream: string; position: number }[] = []
  const aborting = new AbortController()
  async function follow() {
    const following = store.subscribe({ after: undefined, categories: ['note'], signal: aborting.signal })
    for await (const notification of following) if (notification.type === 'events') seen.push(...notification.events)
  }
  async function write({ name, events }: (typeof streams)[number]) {
    for (const [index, event] of events.entries()) {
      const result = await store.append(name, index === 0 ? 'noStream' : index - 1, [event])
      expect(result).toMatchObject({ appended: true, revision: index })
      acknowledged += 1
    }
  }

  const following = follow()
  const writing = Promise.all(streams.map(write))
  for (const killAt of [30, 120]) {
    await waitUntil(() => acknowledged >= killAt, `${killAt} appends`)
    await server.kill()
    server = await startLogProcess(folder, port)
  }
  await writing
  await waitUntil(() => seen.length >= 240, 'every event')
  aborting.abort()
  await following

  for (const { name, events } of streams) {
    const delivered = seen.filter(({ stream }) => stream === name).map(({ id }) => id)
    expect(delivered).toEqual(events.map(({ id }) => id))
  }
  const stored = await collect(store.readAll())
  expect(stored.map(({ position }) => position)).toEqual(seen.map(({ position }) => position))
  await store.close()
})

test('a read that is cut goes on where it was', async () => {
  const folder = temporaryFolder()
  let server = await startLogProcess(folder)
  const { port } = server
  const store = esdbEventStore({ connectionString: `esdb://127.0.0.1:${port}?tls=false`, retry })
  const events = notes(1500).map((event) => ({ ...event, data: { text: 'x'.repeat(500) } }))
  await store.append('note-1', 'noStream', events.slice(0, 750))
  await store.append('note-1', 749, events.slice(750))

  const read: string[] = []
  for await (const { id } of store.readStream('note-1')) {
    if (read.push(id) !== 700) continue
    await server.kill()
    server = await startLogProcess(folder, port)
  }
  expect(read).toEqual(events.map(({ id }) => id))

  const backwards: string[] = []
  for await (const { id } of store.readAll({ direction: 'backwards' })) {
    if (backwards.push(id) !== 10) continue
    await server.kill()
    server = await startLogProcess(folder, port)
  }
  expect(backwards).toEqual(read.toReversed())
  await store.close()
})
