import { randomUUID } from 'node:crypto'
import {
  EventStoreDBClient,
  binaryEvent,
  jsonEvent,
  type AppendExpectedRevision,
  type AppendToStreamOptions,
} from '@eventstore/db-client'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'
import { appendCalls, idsOf, notes, readAllOf, servedLog } from '../../test/served-log.ts'

const connect = (connectionString: string) => EventStoreDBClient.connectionString(connectionString)
const { client, log } = await servedLog(connect)
const newStream = () => `note-${randomUUID()}`

/** What an append answers, as one word and its revisions. */
async function outcome(stream: string, events: ReturnType<typeof notes>, options: AppendToStreamOptions) {
  try {
    const { nextExpectedRevision, position } = await client.appendToStream(stream, events, options)
    return { written: nextExpectedRevision, position: position?.commit }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return {
      refused: 'type' in error ? error.type : error.name,
      ...('actualVersion' in error && { at: error.actualVersion }),
    }
  }
}

describe.each(appendCalls)('through $call', ({ options }) => {
  const append = (stream: string, expectedRevision: AppendExpectedRevision, events = notes(1)) =>
    outcome(stream, events, { ...options, expectedRevision })

  test('what is appended reads back as it was', async () => {
    const stream = `note-${randomUUID()}-été 👩🏽‍⚕️`
    const text = '\u0000\u0001\t\r\n"\\é\u2028👩🏽‍⚕️'
    const events = [
      jsonEvent({ type: 'Noté', data: { text, nested: [1, null, { a: true }] }, metadata: { $correlationId: text } }),
      jsonEvent({ type: 'Noted', data: 'just text' }),
      binaryEvent({ type: 'Scanned', data: Buffer.from([0, 255, 128]), metadata: Uint8Array.from([254, 0]) }),
      binaryEvent({ type: 'Empty', data: new Uint8Array() }),
    ]
    const { position } = await client.appendToStream(stream, events, { ...options, expectedRevision: 'no_stream' })
    const stored = await readAllOf(client.readStream(stream))
    expect(idsOf(stored)).toEqual(idsOf(events))
    expect(stored.map(({ type, isJson }) => [type, isJson])).toEqual([
      ['Noté', true],
      ['Noted', true],
      ['Scanned', false],
      ['Empty', false],
    ])
    expect(stored[0]).toMatchObject({
      streamId: stream,
      revision: 0n,
      data: events[0]?.data,
      metadata: events[0]?.metadata,
    })
    expect(stored[1]).toMatchObject({ data: 'just text', metadata: undefined })
    expect([...Buffer.from(Object(stored[2]?.data))]).toEqual([0, 255, 128])
    expect([...Buffer.from(Object(stored[2]?.metadata))]).toEqual([254, 0])
    expect(stored.at(-1)?.position).toEqual(position)
    expect(Math.abs(Date.now() - Number(stored[0]?.created))).toBeLessThan(60_000)
  })

  test('a stream that was never written takes events at "no stream" only', async () => {
    const stream = newStream()
    await expect(append(stream, 0n)).resolves.toEqual({ refused: 'wrong-expected-version', at: 'no_stream' })
    await expect(append(stream, 'no_stream')).resolves.toMatchObject({ written: 0n })
  })

  test('a stream that was written takes events at its last revision only', async () => {
    const stream = newStream()
    await append(stream, 'no_stream', notes(2))
    const refused = { refused: 'wrong-expected-version', at: 1n }
    await expect(append(stream, 'no_stream')).resolves.toEqual(refused)
    await expect(append(stream, 0n)).resolves.toEqual(refused)
    await expect(append(stream, 2n)).resolves.toEqual(refused)
    await expect(append(stream, 2n ** 64n - 1n)).resolves.toEqual(refused)
    await expect(append(stream, 1n)).resolves.toMatchObject({ written: 2n })
  })

  test.each(['any', 'stream_exists'] as const)(
    '"%s" is refused, saying that revisions must be exact',
    async (expected) => {
      const stream = newStream()
      const blind = client.appendToStream(stream, notes(1), { ...options, expectedRevision: expected })
      await expect(blind).rejects.toThrow('Only exact revisions are served')
      expect(log.readStream(stream, { direction: 'forwards', limit: 1 })).toEqual([])
    },
  )

  test('stream metadata and nameless streams are refused', async () => {
    const options2 = { ...options, expectedRevision: 'no_stream' as const }
    await expect(client.appendToStream('$$note-1', notes(1), options2)).rejects.toThrow('metadata is not served')
    await expect(client.appendToStream('', notes(1), options2)).rejects.toThrow('needs a name')
  })

  test('an append of more than 1 MiB is refused with the limit, and the next one is served', async () => {
    const stream = newStream()
    const large = (megabytes: number) => [
      jsonEvent({ type: 'Noted', data: { text: 'x'.repeat(megabytes * 1_048_576) } }),
    ]
    const tooLarge = { type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 }
    const first = { ...options, expectedRevision: 'no_stream' as const }
    await expect(client.appendToStream(stream, large(1), first)).rejects.toMatchObject(tooLarge)
    await expect(client.appendToStream(stream, large(4), first)).rejects.toMatchObject(tooLarge)
    const half = jsonEvent({ type: 'Noted', data: { text: 'x'.repeat(600_000) } })
    await expect(client.appendToStream(stream, [half, half], first)).rejects.toMatchObject(tooLarge)
    await expect(append(stream, 'no_stream')).resolves.toMatchObject({ written: 0n })
  })

  test('types and metadata count towards the 1 MiB', async () => {
    const metadata = { text: 'x'.repeat(600_000) }
    const heavy = jsonEvent({ type: 'T'.repeat(250_000), data: {}, metadata })
    const first = { ...options, expectedRevision: 'no_stream' as const }
    await expect(client.appendToStream(newStream(), heavy, first)).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
    })
  })

  test('an event without a type is refused', async () => {
    const stream = newStream()
    const nameless = client.appendToStream(stream, jsonEvent({ type: '', data: {} }), {
      ...options,
      expectedRevision: 'no_stream',
    })
    await expect(nameless).rejects.toThrow('needs a type')
    expect(log.readStream(stream, { direction: 'forwards', limit: 1 })).toEqual([])
  })

  test('a repeated append is answered as the first time, also when the stream has grown', async () => {
    const stream = newStream()
    const [first, second, third] = [notes(2), notes(3), notes(2)]
    const written = await append(stream, 'no_stream', first)
    const next = await append(stream, 1n, second)
    await append(stream, 4n, third)
    await expect(append(stream, 'no_stream', first)).resolves.toEqual(written)
    await expect(append(stream, 1n, second)).resolves.toEqual(next)
    const stored = await readAllOf(client.readStream(stream))
    expect(idsOf(stored)).toEqual(idsOf([...first, ...second, ...third]))
  })

  test('a repeated append that differs is refused', async () => {
    const stream = newStream()
    const [first = notes(1)[0], second = notes(1)[0]] = notes(2)
    if (!first || !second) throw new Error('two events are needed')
    const refused = { refused: 'wrong-expected-version', at: 1n }
    await append(stream, 'no_stream', [first, second])
    await expect(append(stream, 'no_stream', [...notes(1), second])).resolves.toEqual(refused)
    await expect(append(stream, 'no_stream', [first, ...notes(1)])).resolves.toEqual(refused)
    await expect(append(stream, 'no_stream', [first, second, ...notes(1)])).resolves.toEqual(refused)
    await expect(append(stream, 0n, [first])).resolves.toEqual(refused)
    await expect(append(stream, 'no_stream', [first])).resolves.toMatchObject({ written: 0n })
  })

  test('nothing can be appended to a full disk, and the client learns why', async () => {
    const full = await servedLog(connect, { maxPages: 40 })
    const filling = async () => {
      for (;;) {
        const event = jsonEvent({ type: 'Noted', data: { text: 'x'.repeat(20_000) } })
        await full.client.appendToStream(newStream(), event, { ...options, expectedRevision: 'no_stream' })
      }
    }
    await expect(filling()).rejects.toThrow('log-full')
  })
})

test('five thousand events in chunks of one kibibyte are one append', async () => {
  const stream = newStream()
  const events = notes(5000)
  await client.appendToStream(stream, events, { expectedRevision: 'no_stream', batchAppendSize: 1024 })
  expect(idsOf(await readAllOf(client.readStream(stream)))).toEqual(idsOf(events))
})

test('a thousand appends in one turn are applied in the order in which they were sent', async () => {
  const stream = newStream()
  const events = notes(1000)
  await Promise.all(
    events.map((event, index) =>
      client.appendToStream(stream, event, { expectedRevision: index === 0 ? 'no_stream' : BigInt(index - 1) }),
    ),
  )
  expect(idsOf(await readAllOf(client.readStream(stream)))).toEqual(idsOf(events))
})

test.each(appendCalls)('a repeated $call is recognised by a server that was started again', async ({ options }) => {
  const folder = temporaryFolder()
  const before = await servedLog(connect, { folder })
  const [stream, events] = [newStream(), notes(2)]
  const expected = { ...options, expectedRevision: 'no_stream' as const }
  const first = await before.client.appendToStream(stream, events, expected)
  await before.server.close()
  await before.log.close()
  const after = await servedLog(connect, { folder })
  await expect(after.client.appendToStream(stream, events, expected)).resolves.toEqual(first)
  expect(after.log.readStream(stream, { direction: 'forwards', limit: 9 })).toHaveLength(2)
})

test('a batched append whose deadline has passed writes nothing, and the stream goes on', async () => {
  const stream = newStream()
  const late = { expectedRevision: 'no_stream' as const, deadline: 1, batchAppendSize: 1024 }
  const expired = await Promise.allSettled([1, 2, 3].map(() => client.appendToStream(stream, notes(3000), late)))
  expect(expired.map((result) => result.status === 'rejected' && result.reason.type)).toEqual(
    Array(3).fill('deadline-exceeded'),
  )
  expect(log.readStream(stream, { direction: 'forwards', limit: 1 })).toEqual([])
  await expect(outcome(stream, notes(1), { expectedRevision: 'no_stream' })).resolves.toMatchObject({ written: 0n })
})
