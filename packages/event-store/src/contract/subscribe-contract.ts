import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { eventsOf, isCaughtUp, record } from './recording.ts'
import { ids, isIncreasing, newCategory, newEvents, newStream, written, type OpenStore } from './samples.ts'

export function subscribeContract(store: OpenStore): void {
  describe('subscribing', () => {
    test('history comes first, then caughtUp, then what is written since', async () => {
      const category = newCategory()
      const stream = newStream(category)
      const [history, live] = [newEvents(3), newEvents(2)]
      await written(store().append(stream, 'noStream', history))
      const recording = record(store(), { categories: [category] })
      await recording.until(isCaughtUp)
      const caughtUpAt = recording.seen.findIndex(({ type }) => type === 'caughtUp')
      expect(ids(eventsOf(recording.seen.slice(0, caughtUpAt)))).toEqual(ids(history))

      await written(store().append(stream, 2, live))
      await recording.until(({ events }) => events().length >= 5)
      await recording.stop()
      expect(ids(recording.events())).toEqual(ids([...history, ...live]))
    })

    test('an event comes as it is read from its stream', async () => {
      const category = newCategory()
      const stream = newStream(category)
      const events = newEvents(2)
      const { position } = await written(store().append(stream, 'noStream', events))
      const recording = record(store(), { categories: [category] })
      await recording.until(isCaughtUp)
      await recording.stop()
      expect(recording.events()).toMatchObject(events.map((event, revision) => ({ ...event, stream, revision })))
      expect(recording.events().at(-1)?.position).toBe(position)
    })

    test('it starts after the last position handled', async () => {
      const category = newCategory()
      const stream = newStream(category)
      const later = newEvents(2)
      const { position } = await written(store().append(stream, 'noStream', newEvents(3)))
      await written(store().append(stream, 2, later))
      const recording = record(store(), { after: position, categories: [category] })
      await recording.until(isCaughtUp)
      await recording.stop()
      expect(ids(recording.events())).toEqual(ids(later))
    })

    test('it catches up also where there was nothing to read', async () => {
      const { position } = await written(store().append(newStream(), 'noStream', newEvents(1)))
      const nothing = record(store(), { categories: [newCategory()] })
      const nothingNew = record(store(), { after: position, categories: [newCategory()] })
      await Promise.all([nothing.until(isCaughtUp), nothingNew.until(isCaughtUp)])
      await Promise.all([nothing.stop(), nothingNew.stop()])
      expect([...nothing.events(), ...nothingNew.events()]).toEqual([])
    })

    test('only the categories asked for are delivered', async () => {
      const [wanted, other] = [newCategory(), newCategory()]
      const events = newEvents(4)
      const streams = [newStream(wanted), newStream(other), newStream(`${wanted}x`), wanted]
      const from = await written(store().append(newStream(), 'noStream', newEvents(1)))
      for (const [index, event] of events.entries()) {
        await written(store().append(streams[index] ?? '', 'noStream', [event]))
      }
      const one = record(store(), { after: from.position, categories: [wanted] })
      const both = record(store(), { after: from.position, categories: [wanted, other] })
      await Promise.all([one.until(isCaughtUp), both.until(isCaughtUp)])
      await Promise.all([one.stop(), both.stop()])
      expect(ids(one.events())).toEqual(ids(events.slice(0, 1)))
      expect(ids(both.events())).toEqual(ids(events.slice(0, 2)))
    })

    test('streams whose name starts with $ are left out', async () => {
      const category = newCategory()
      const { position } = await written(store().append(newStream(), 'noStream', newEvents(1)))
      await written(store().append(newStream(category), 'noStream', newEvents(1)))
      await written(store().append(`$${category}-${randomUUID()}`, 'noStream', newEvents(1)))
      const recording = record(store(), { after: position, categories: [category, `$${category}`] })
      await recording.until(isCaughtUp)
      await recording.stop()
      expect(recording.events()).toHaveLength(1)
    })

    test('checkpoints go forward only, and resuming from one misses nothing', async () => {
      const category = newCategory()
      const recording = record(store(), { categories: [category] })
      await recording.until(isCaughtUp)
      await written(store().append(newStream(), 'noStream', newEvents(300)))
      const events = newEvents(1)
      await written(store().append(newStream(category), 'noStream', events))
      await recording.until((now) => now.events().length > 0)
      await recording.stop()
      const marks = recording.seen.flatMap((seen) => (seen.type === 'checkpoint' ? [seen.position] : []))
      expect(isIncreasing(marks)).toBe(true)

      const before = marks.filter((mark) => mark < (recording.events()[0]?.position ?? 0)).at(-1)
      const resumed = record(store(), { after: before, categories: [category] })
      await resumed.until(isCaughtUp)
      await resumed.stop()
      expect(ids(resumed.events())).toEqual(ids(events))
    })
  })
  abortContract(store)
}

function abortContract(store: OpenStore): void {
  describe('aborting a subscription', () => {
    test('ends it while it waits', async () => {
      const recording = record(store(), { categories: [newCategory()] })
      await recording.until(isCaughtUp)
      await expect(recording.stop()).resolves.toBeUndefined()
    })

    test('ends it before it has begun', async () => {
      const recording = record(store(), { categories: [newCategory()] })
      await expect(recording.stop()).resolves.toBeUndefined()
    })

    test('ends it in the middle of history, leaving the store usable', async () => {
      const category = newCategory()
      const stream = newStream(category)
      await written(store().append(stream, 'noStream', newEvents(600)))
      const recording = record(store(), { categories: [category] })
      await recording.until(({ events }) => events().length > 0)
      await recording.stop()
      await expect(store().append(stream, 599, newEvents(1))).resolves.toMatchObject({ appended: true })
    })

    test('leaves the other subscriptions alone', async () => {
      const category = newCategory()
      const [ended, kept] = [record(store(), { categories: [category] }), record(store(), { categories: [category] })]
      await Promise.all([ended.until(isCaughtUp), kept.until(isCaughtUp)])
      await ended.stop()
      await written(store().append(newStream(category), 'noStream', newEvents(1)))
      await kept.until(({ events }) => events().length === 1)
      await kept.stop()
      expect(ended.events()).toEqual([])
    })
  })
}
