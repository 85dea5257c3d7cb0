import { expect, test } from 'vitest'
import { isCaughtUp, record } from './contract/recording.ts'
import { newCategory, newEvents, newStream } from './contract/samples.ts'
import { inMemoryEventStore } from './in-memory.ts'

const caughtUps = (seen: readonly { type: string }[]) => seen.filter(({ type }) => type === 'caughtUp').length

test('caughtUp comes once for a consumer that keeps up', async () => {
  const store = inMemoryEventStore()
  const category = newCategory()
  const recording = record(store, { categories: [category] })
  await recording.until(isCaughtUp)
  for (let index = 0; index < 5; index += 1) {
    await store.append(newStream(category), 'noStream', newEvents(1))
    await recording.until(({ events }) => events().length > index)
  }
  await recording.stop()
  expect(caughtUps(recording.seen)).toBe(1)
})

test('caughtUp comes again for a consumer that fell behind by more than a page', async () => {
  const store = inMemoryEventStore()
  const category = newCategory()
  const recording = record(store, { categories: [category] })
  await recording.until(isCaughtUp)
  await store.append(newStream(category), 'noStream', newEvents(1000))
  await recording.until(({ seen }) => caughtUps(seen) === 2)
  await recording.stop()
  expect(recording.events()).toHaveLength(1000)
})

test('a checkpoint tells at once that nothing concerned the subscriber', async () => {
  const store = inMemoryEventStore()
  const recording = record(store, { categories: [newCategory()] })
  await recording.until(isCaughtUp)
  const result = await store.append(newStream(), 'noStream', newEvents(2))
  await recording.until(({ seen }) => seen.some(({ type }) => type === 'checkpoint'))
  await recording.stop()
  expect(recording.seen.at(-1)).toEqual({ type: 'checkpoint', position: result.appended && result.position })
})

test('subscriptions of a store that closes end with storeUnavailable', async () => {
  const store = inMemoryEventStore()
  const recordings = Array.from({ length: 20 }, () => record(store, { categories: [newCategory()] }))
  await Promise.all(recordings.map((recording) => recording.until(isCaughtUp)))
  await store.close()
  for (const recording of recordings)
    await expect(recording.until(() => false)).rejects.toMatchObject({ code: 'storeUnavailable' })
})

test('a closed store answers nothing', async () => {
  const store = inMemoryEventStore()
  await store.close()
  const unavailable = { code: 'storeUnavailable' }
  await expect(store.append(newStream(), 'noStream', newEvents(1))).rejects.toMatchObject(unavailable)
  await expect(store.readAll()[Symbol.asyncIterator]().next()).rejects.toMatchObject(unavailable)
  await expect(record(store, { categories: [] }).stop()).rejects.toMatchObject(unavailable)
})
