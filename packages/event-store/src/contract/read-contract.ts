import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../port.ts'
import { collect, ids, isIncreasing, newEvent, newEvents, newStream, positions, written } from './samples.ts'
import type { OpenStore } from './samples.ts'

const texts: JsonObject = {
  accents: 'Loïc Été-Ménard, œdème, ß, Ω',
  emoji: '👩🏽‍⚕️ 🇫🇷',
  directions: 'مرحبا שלום',
  combining: 'e\u0301',
  controls: '\u0000\u0001\t\r\n\u001b\u007f\u2028\ufeff',
  quotes: '"\\/\u0027<>&',
  empty: '',
}
const numbers: JsonObject = {
  zero: 0,
  negative: -1,
  fraction: 36.6,
  tiny: 5e-324,
  huge: 1.7976931348623157e308,
  largestInteger: Number.MAX_SAFE_INTEGER,
}
const shapes: JsonObject = { yes: true, nothing: null, list: [1, 'two', [null], {}], nested: { deeper: { key: '' } } }

export function readContract(store: OpenStore): void {
  describe('reading a stream', () => {
    test('a stream that was never written yields nothing', async () => {
      await expect(collect(store().readStream(newStream()))).resolves.toEqual([])
      await expect(collect(store().readStream(newStream(), { direction: 'backwards' }))).resolves.toEqual([])
    })

    test('an event reads as it was written, at its place', async () => {
      const stream = newStream()
      const event = newEvent({ texts, numbers, shapes })
      const { position } = await written(store().append(stream, 'noStream', [event]))
      await expect(collect(store().readStream(stream))).resolves.toEqual([{ ...event, stream, revision: 0, position }])
    })

    test('metadata, names and types keep every character', async () => {
      const stream = `${newStream()}-été👩🏽‍⚕️`
      const event = { ...newEvent(), type: 'Noté.v1', metadata: { texts, numbers } }
      await written(store().append(stream, 'noStream', [event]))
      await expect(collect(store().readStream(stream))).resolves.toMatchObject([{ ...event, stream }])
    })

    test('events come in order from the start, or from the end backwards', async () => {
      const stream = newStream()
      const events = newEvents(5)
      await written(store().append(stream, 'noStream', events))
      expect(ids(await collect(store().readStream(stream)))).toEqual(ids(events))
      const backwards = await collect(store().readStream(stream, { direction: 'backwards' }))
      expect(ids(backwards)).toEqual(ids(events).toReversed())
    })

    test('a start and a limit choose a part of it, the start included in both directions', async () => {
      const stream = newStream()
      await written(store().append(stream, 'noStream', newEvents(6)))
      const revisions = async (options: Parameters<ReturnType<OpenStore>['readStream']>[1]) =>
        (await collect(store().readStream(stream, options))).map(({ revision }) => revision)
      expect(await revisions({ from: 2, limit: 3 })).toEqual([2, 3, 4])
      expect(await revisions({ from: 4 })).toEqual([4, 5])
      expect(await revisions({ from: 6 })).toEqual([])
      expect(await revisions({ direction: 'backwards', limit: 2 })).toEqual([5, 4])
      expect(await revisions({ direction: 'backwards', from: 3, limit: 2 })).toEqual([3, 2])
      expect(await revisions({ direction: 'backwards', from: 1 })).toEqual([1, 0])
    })

    test('a long stream is read whole', async () => {
      const stream = newStream()
      const events = newEvents(700)
      await written(store().append(stream, 'noStream', events))
      expect(ids(await collect(store().readStream(stream)))).toEqual(ids(events))
      const backwards = await collect(store().readStream(stream, { direction: 'backwards' }))
      expect(ids(backwards)).toEqual(ids(events).toReversed())
    })
  })
  readAllContract(store)
}

function readAllContract(store: OpenStore): void {
  /** Three single events of different streams, and where they are. */
  async function threeStreams() {
    const events = newEvents(3)
    const streams = events.map(() => newStream())
    const places: number[] = []
    for (const [index, event] of events.entries()) {
      const { position } = await written(store().append(streams[index] ?? '', 'noStream', [event]))
      places.push(position)
    }
    return { events, streams: new Set(streams), first: places[0] ?? 0, last: places[2] ?? 0 }
  }

  describe('reading all streams', () => {
    test('events of all streams come in the order of their positions', async () => {
      const { events, streams, first } = await threeStreams()
      const all = await collect(store().readAll({ from: first }))
      expect(ids(all.filter(({ stream }) => streams.has(stream)))).toEqual(ids(events))
      expect(isIncreasing(positions(all))).toBe(true)
    })

    test('forwards from a position includes it', async () => {
      const { events, first } = await threeStreams()
      const [start] = await collect(store().readAll({ from: first, limit: 1 }))
      expect(start).toMatchObject({ id: events[0]?.id, position: first })
    })

    test('backwards from a position leaves it out', async () => {
      const { events, streams, first, last } = await threeStreams()
      const before: string[] = []
      for await (const { id, stream, position } of store().readAll({ direction: 'backwards', from: last })) {
        if (position < first) break
        if (streams.has(stream)) before.push(id)
      }
      expect(before).toEqual([events[1]?.id, events[0]?.id])
    })

    test('backwards without a position starts at the newest event', async () => {
      const { streams, first, last } = await threeStreams()
      const seen: number[] = []
      for await (const { stream, position } of store().readAll({ direction: 'backwards' })) {
        if (position < first) break
        if (streams.has(stream)) seen.push(position)
      }
      expect(seen[0]).toBe(last)
      expect(seen).toHaveLength(3)
    })

    test('a limit ends both directions', async () => {
      const { first, last } = await threeStreams()
      await expect(collect(store().readAll({ from: first, limit: 2 }))).resolves.toHaveLength(2)
      const backwards = store().readAll({ direction: 'backwards', from: last, limit: 1 })
      await expect(collect(backwards)).resolves.toHaveLength(1)
    })

    test('streams whose name starts with $ are left out, though they can be read by name', async () => {
      const hidden = `$contract-${randomUUID()}`
      const { position } = await written(store().append(newStream(), 'noStream', newEvents(1)))
      await written(store().append(hidden, 'noStream', newEvents(2)))
      const shown = await written(store().append(newStream(), 'noStream', newEvents(1)))
      const all = await collect(store().readAll({ from: position }))
      expect(positions(all)).toContain(shown.position)
      expect(all.filter(({ stream }) => stream.startsWith('$'))).toEqual([])
      await expect(collect(store().readStream(hidden))).resolves.toHaveLength(2)
    })

    test('an event is visible to every read as soon as its append resolves', async () => {
      const stream = newStream()
      for (let revision = -1; revision < 20; revision += 1) {
        const event = newEvent()
        const { position } = await written(store().append(stream, revision < 0 ? 'noStream' : revision, [event]))
        const [newest] = await collect(store().readStream(stream, { direction: 'backwards', limit: 1 }))
        const [placed] = await collect(store().readAll({ from: position, limit: 1 }))
        expect([newest?.id, placed?.id]).toEqual([event.id, event.id])
      }
    })
  })
}
