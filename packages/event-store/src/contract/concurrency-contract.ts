import { describe, expect, test } from 'vitest'
import type { EventStore, RecordedEvent } from '../port.ts'
import { eventsOf, record, type Recording } from './recording.ts'
import { collect, ids, isIncreasing, newCategory, newEvent, newEvents, newStream, positions } from './samples.ts'
import { written, type OpenStore } from './samples.ts'

type Writing = { stream: string; count: number; onWritten?: (revision: number) => void }

/** Appends `count` single events, one after the other, to a stream of its own. */
async function keepWriting(store: EventStore, { stream, count, onWritten }: Writing): Promise<string[]> {
  const events = newEvents(count)
  for (const [index, event] of events.entries()) {
    await written(store.append(stream, index === 0 ? 'noStream' : index - 1, [event]))
    onWritten?.(index)
  }
  return ids(events)
}

const byStream = (events: readonly RecordedEvent[], stream: string) =>
  ids(events.filter((event) => event.stream === stream))

export function concurrencyContract(store: OpenStore): void {
  describe('under concurrent writers', () => {
    test('of two writers at one revision exactly one wins', async () => {
      const stream = newStream()
      await written(store().append(stream, 'noStream', newEvents(1)))
      const results = await Promise.all([
        store().append(stream, 0, [newEvent()]),
        store().append(stream, 0, [newEvent()]),
      ])
      expect(results.filter(({ appended }) => appended)).toHaveLength(1)
      expect(results.filter(({ appended }) => !appended)).toEqual([{ appended: false, revision: 1 }])
      await expect(collect(store().readStream(stream))).resolves.toHaveLength(2)
    })

    test('of many writers of a new stream exactly one wins, whole', async () => {
      const stream = newStream()
      const attempts = Array.from({ length: 12 }, () => newEvents(3))
      const results = await Promise.all(attempts.map((events) => store().append(stream, 'noStream', events)))
      const winners = attempts.filter((_, index) => results[index]?.appended)
      expect(winners).toHaveLength(1)
      expect(ids(await collect(store().readStream(stream)))).toEqual(ids(winners.flat()))
    })

    test('the same append sent twice at once is written once, and answered alike', async () => {
      const stream = newStream()
      const events = newEvents(2)
      const [one, two] = await Promise.all([1, 2].map(() => store().append(stream, 'noStream', events)))
      expect(one).toMatchObject({ appended: true, revision: 1 })
      expect(two).toEqual(one)
      await expect(collect(store().readStream(stream))).resolves.toHaveLength(2)
    })

    test('a subscriber sees every event once, in order, whatever the writers do meanwhile', async () => {
      const category = newCategory()
      const streams = Array.from({ length: 6 }, () => newStream(category))
      const start = await written(store().append(newStream(category), 'noStream', newEvents(40)))
      const recording = record(store(), { after: start.position, categories: [category] })
      const writing = streams.map((stream) => keepWriting(store(), { stream, count: 20 }))
      const noise = keepWriting(store(), { stream: newStream(), count: 20 })
      await recording.until(({ events }) => events().length >= 120)
      const [appended] = await Promise.all([Promise.all(writing), noise])
      await recording.stop()
      const delivered = recording.events()
      expect(isIncreasing(positions(delivered))).toBe(true)
      expect(streams.map((stream) => byStream(delivered, stream))).toEqual(appended)
    })

    test('subscribers that start at any moment see the same', async () => {
      const category = newCategory()
      const stream = newStream(category)
      const { position } = await written(store().append(newStream(category), 'noStream', newEvents(1)))
      const recordings: Recording[] = []
      const start = (revision: number) => {
        if (revision % 15 === 0) recordings.push(record(store(), { after: position, categories: [category] }))
      }
      const appended = await keepWriting(store(), { stream, count: 60, onWritten: start })
      await Promise.all(recordings.map((recording) => recording.until(({ events }) => events().length >= 60)))
      await Promise.all(recordings.map((recording) => recording.stop()))
      expect(recordings.map(({ seen }) => ids(eventsOf(seen)))).toEqual(recordings.map(() => appended))
    })

    test('a consumer that is late loses nothing', async () => {
      const category = newCategory()
      const stream = newStream(category)
      const gate = Promise.withResolvers<void>()
      const start = await written(store().append(newStream(), 'noStream', newEvents(1)))
      const late = record(store(), { after: start.position, categories: [category], handle: () => gate.promise })
      const batches = Array.from({ length: 10 }, () => newEvents(80))
      for (const [index, batch] of batches.entries()) {
        await written(store().append(stream, index === 0 ? 'noStream' : index * 80 - 1, batch))
      }
      gate.resolve()
      await late.until(({ events }) => events().length >= 800)
      await late.stop()
      expect(ids(late.events())).toEqual(ids(batches.flat()))
    })
  })
}
