import { describe, expect, test } from 'vitest'
import { collect, ids, newEvent, newEvents, newStream, written, type OpenStore } from './samples.ts'

const KIBIBYTE = 1024

export function appendContract(store: OpenStore): void {
  describe('appending', () => {
    test('the first events of a stream are written at noStream, from revision 0 on', async () => {
      const stream = newStream()
      const result = await store().append(stream, 'noStream', newEvents(2))
      expect(result).toMatchObject({ appended: true, revision: 1 })
      const revisions = (await collect(store().readStream(stream))).map(({ revision }) => revision)
      expect(revisions).toEqual([0, 1])
    })

    test('later events are written at the revision that was read', async () => {
      const stream = newStream()
      const { revision } = await written(store().append(stream, 'noStream', newEvents(2)))
      await expect(store().append(stream, revision, newEvents(3))).resolves.toMatchObject({
        appended: true,
        revision: 4,
      })
    })

    test('noStream is refused once the stream exists', async () => {
      const stream = newStream()
      await written(store().append(stream, 'noStream', newEvents(2)))
      await expect(store().append(stream, 'noStream', newEvents(1))).resolves.toEqual({ appended: false, revision: 1 })
    })

    test('a revision that the stream has passed is refused, with the one it is at', async () => {
      const stream = newStream()
      await written(store().append(stream, 'noStream', newEvents(3)))
      await expect(store().append(stream, 1, newEvents(1))).resolves.toEqual({ appended: false, revision: 2 })
    })

    test('a revision that the stream has not reached is refused', async () => {
      const stream = newStream()
      await written(store().append(stream, 'noStream', newEvents(1)))
      await expect(store().append(stream, 1, newEvents(1))).resolves.toEqual({ appended: false, revision: 0 })
      await expect(collect(store().readStream(stream))).resolves.toHaveLength(1)
    })

    test('a revision of a stream that was never written is refused', async () => {
      const refused = { appended: false, revision: 'noStream' }
      await expect(store().append(newStream(), 0, newEvents(1))).resolves.toEqual(refused)
    })

    test('an append that is refused writes none of its events', async () => {
      const stream = newStream()
      const first = newEvents(2)
      await written(store().append(stream, 'noStream', first))
      await store().append(stream, 0, newEvents(3))
      expect(ids(await collect(store().readStream(stream)))).toEqual(ids(first))
    })

    test('the position answered is that of the last event, as it is read back', async () => {
      const stream = newStream()
      const { position } = await written(store().append(stream, 'noStream', newEvents(3)))
      const stored = await collect(store().readStream(stream))
      expect(stored.at(-1)?.position).toBe(position)
      expect(position).toBeGreaterThan(0)
    })

    test('the same id may be used in two streams', async () => {
      const event = newEvent()
      await written(store().append(newStream(), 'noStream', [event]))
      await expect(store().append(newStream(), 'noStream', [event])).resolves.toMatchObject({ appended: true })
    })

    test('an append of nearly 1 MiB is written', async () => {
      const stream = newStream()
      const text = 'x'.repeat(1000 * KIBIBYTE)
      await written(store().append(stream, 'noStream', [newEvent({ text })]))
      const [stored] = await collect(store().readStream(stream))
      expect(stored?.data).toEqual({ text })
    })

    test('an append of more than 1 MiB is refused as too large, and writes nothing', async () => {
      const stream = newStream()
      const half = { text: 'x'.repeat(520 * KIBIBYTE) }
      const large = store().append(stream, 'noStream', [newEvent(half), newEvent(half)])
      await expect(large).rejects.toMatchObject({ code: 'appendTooLarge' })
      await expect(collect(store().readStream(stream))).resolves.toEqual([])
      await expect(store().append(stream, 'noStream', newEvents(1))).resolves.toMatchObject({ appended: true })
    })
  })
  retryContract(store)
}

function retryContract(store: OpenStore): void {
  describe('repeating an append', () => {
    test('is answered as the first time, and writes nothing more', async () => {
      const stream = newStream()
      const events = newEvents(3)
      const first = await store().append(stream, 'noStream', events)
      await expect(store().append(stream, 'noStream', events)).resolves.toEqual(first)
      await expect(collect(store().readStream(stream))).resolves.toHaveLength(3)
    })

    test('is answered as the first time also when the stream has grown since', async () => {
      const stream = newStream()
      await written(store().append(stream, 'noStream', newEvents(2)))
      const events = newEvents(2)
      const first = await store().append(stream, 1, events)
      await written(store().append(stream, 3, newEvents(4)))
      await expect(store().append(stream, 1, events)).resolves.toEqual(first)
      await expect(collect(store().readStream(stream))).resolves.toHaveLength(8)
    })

    test('at another revision is refused', async () => {
      const stream = newStream()
      const events = newEvents(1)
      await written(store().append(stream, 'noStream', newEvents(2)))
      await written(store().append(stream, 1, events))
      await expect(store().append(stream, 0, events)).resolves.toEqual({ appended: false, revision: 2 })
    })

    test('with other ids among its own is refused', async () => {
      const stream = newStream()
      const [first, second] = [newEvent(), newEvent()]
      await written(store().append(stream, 'noStream', [first, second]))
      const refused = { appended: false, revision: 1 }
      await expect(store().append(stream, 'noStream', [first, newEvent()])).resolves.toEqual(refused)
      await expect(store().append(stream, 'noStream', [newEvent(), second])).resolves.toEqual(refused)
    })

    test('with more events than were written is refused', async () => {
      const stream = newStream()
      const events = newEvents(2)
      await written(store().append(stream, 'noStream', events))
      const longer = store().append(stream, 'noStream', [...events, newEvent()])
      await expect(longer).resolves.toEqual({ appended: false, revision: 1 })
      await expect(collect(store().readStream(stream))).resolves.toHaveLength(2)
    })
  })
}
