import { randomUUID } from 'node:crypto'
import { EventStoreDBClient } from '@eventstore/db-client'
import { beforeAll, describe, expect, test } from 'vitest'
import { idsOf, notes, readAllOf, servedLog } from '../../test/served-log.ts'

const connect = (connectionString: string) => EventStoreDBClient.connectionString(connectionString)
const { client, log } = await servedLog(connect)

describe('a stream of six events', () => {
  const stream = `note-${randomUUID()}`
  const revisions = async (options: Parameters<typeof client.readStream>[1]) =>
    (await readAllOf(client.readStream(stream, options))).map(({ revision }) => Number(revision))
  beforeAll(() => client.appendToStream(stream, notes(6), { expectedRevision: 'no_stream' }))

  test('reads from its start, or from a revision, which is included', async () => {
    expect(await revisions({})).toEqual([0, 1, 2, 3, 4, 5])
    expect(await revisions({ fromRevision: 4n })).toEqual([4, 5])
    expect(await revisions({ fromRevision: 1n, maxCount: 2 })).toEqual([1, 2])
  })

  test('reads backwards from its end, or from a revision, which is included', async () => {
    expect(await revisions({ direction: 'backwards', fromRevision: 'end' })).toEqual([5, 4, 3, 2, 1, 0])
    expect(await revisions({ direction: 'backwards', fromRevision: 2n })).toEqual([2, 1, 0])
    expect(await revisions({ direction: 'backwards', fromRevision: 'end', maxCount: 1 })).toEqual([5])
    expect(await revisions({ direction: 'backwards', fromRevision: 99n, maxCount: 1 })).toEqual([5])
    expect(await revisions({ direction: 'backwards', fromRevision: 'start' })).toEqual([0])
  })

  test('has nothing beyond its end', async () => {
    expect(await revisions({ fromRevision: 6n })).toEqual([])
    expect(await revisions({ fromRevision: 2n ** 64n - 1n })).toEqual([])
    expect(await revisions({ fromRevision: 'end' })).toEqual([])
  })
})

test.each(['forwards', 'backwards'] as const)('a stream that was never written is not found, %s', async (direction) => {
  const stream = `never-${randomUUID()}`
  const read = readAllOf(client.readStream(stream, { direction, fromRevision: 'end' }))
  await expect(read).rejects.toMatchObject({ type: 'stream-not-found', streamName: stream })
})

test('a read without any event to bring ends at once', async () => {
  const empty = await servedLog(connect)
  expect(await readAllOf(empty.client.readAll())).toEqual([])
  expect(await readAllOf(empty.client.readAll({ direction: 'backwards', fromPosition: 'end' }))).toEqual([])
})

describe('the whole log', () => {
  const category = `all${randomUUID().replaceAll('-', '')}`
  const events = notes(5)
  const positions: bigint[] = []
  beforeAll(async () => {
    for (const event of events) {
      const stream = `${category}-${randomUUID()}`
      const { position } = await client.appendToStream(stream, event, { expectedRevision: 'no_stream' })
      positions.push(position?.commit ?? 0n)
    }
  })
  const at = (index: number) => ({ commit: positions[index] ?? 0n, prepare: positions[index] ?? 0n })
  const ids = async (options: Parameters<typeof client.readAll>[0]) => idsOf(await readAllOf(client.readAll(options)))

  test('reads forwards from a position, which is included', async () => {
    expect(await ids({ fromPosition: at(2) })).toEqual(idsOf(events.slice(2)))
    expect(await ids({ fromPosition: at(1), maxCount: 2 })).toEqual(idsOf(events.slice(1, 3)))
    expect((await ids({ fromPosition: 'start' })).slice(-5)).toEqual(idsOf(events))
    expect(await ids({ fromPosition: 'end' })).toEqual([])
  })

  test('reads backwards from a position, which is excluded', async () => {
    expect(await ids({ direction: 'backwards', fromPosition: at(2), maxCount: 2 })).toEqual(
      idsOf(events.slice(0, 2).toReversed()),
    )
    expect(await ids({ direction: 'backwards', fromPosition: 'end', maxCount: 2 })).toEqual(
      idsOf(events.slice(3).toReversed()),
    )
    expect(await ids({ direction: 'backwards', fromPosition: 'start' })).toEqual([])
  })

  test('gives each event the position that its append was answered with', async () => {
    const stored = await readAllOf(client.readAll({ fromPosition: at(0) }))
    expect(stored.map(({ position }) => position)).toEqual(positions.map((commit) => ({ commit, prepare: commit })))
    expect(positions.every((position, index) => position > (positions[index - 1] ?? 0n))).toBe(true)
  })
})

test('a reader that pauses is waited for, and one that leaves is forgotten', async () => {
  const stream = `long-${randomUUID()}`
  const events = notes(1500)
  await client.appendToStream(stream, events, { expectedRevision: 'no_stream' })
  const read = client.readStream(stream)
  const seen: string[] = []
  for await (const { event } of read) {
    seen.push(event?.id ?? '')
    if (seen.length % 500 === 0) await client.readStream(stream, { maxCount: 1 }).toArray()
  }
  expect(seen).toEqual(idsOf(events))

  const left = client.readStream(stream)
  for await (const { event } of left) if (event?.revision === 3n) break
  await left.cancel()
  expect(log.lastPosition()).toBeGreaterThan(0)
  await expect(client.readStream(stream, { maxCount: 2 }).toArray()).resolves.toHaveLength(2)
})
