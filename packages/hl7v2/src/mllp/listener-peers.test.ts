import { once } from 'node:events'
import { expect, test } from 'vitest'
import { encodeFrame } from './frames.ts'
import { answers, client, closed, echo, listening, rawSocket, refusedOnce, said, text } from './listener.fixture.ts'

test('an unknown peer is answered once, then cut', async () => {
  const seen: string[] = []
  const { port } = await listening({
    admits: () => false,
    handle: (frame) => {
      seen.push(Buffer.from(frame).toString())
      return Promise.resolve(text('who are you?'))
    },
  })
  const socket = await rawSocket(port)
  const received = answers(socket, 1)
  socket.write('\vfirst\x1C\r\vsecond\x1C\r')
  expect(await received).toEqual(['who are you?'])
  await closed(socket)
  expect(seen).toEqual(['first'])
})

test('an unknown peer that says nothing is cut, a known one is not', async () => {
  let isKnown = true
  const { port } = await listening({ admits: () => isKnown, patienceMilliseconds: 20, handle: echo })
  const known = client(port)
  await known.send(text('a'))
  isKnown = false
  const socket = await rawSocket(port)
  await closed(socket)
  expect(await known.send(text('b'))).toEqual(text('b'))
})

test('unknown peers have few places, and never those of the known', async () => {
  const lines = said()
  let isKnown = false
  const { port } = await listening({ admits: () => isKnown, maxUnknown: 1, handle: echo, log: lines.log })
  await rawSocket(port)
  const second = await rawSocket(port)
  await closed(second)
  expect(lines.all()).toEqual([['too many connections of unknown MLLP peers, one refused', refusedOnce]])
  isKnown = true
  expect(await client(port).send(text('a'))).toEqual(text('a'))
})

test('one address has only so many places, and gets back those that it gives up', async () => {
  const lines = said()
  const { port } = await listening({ maxPerAddress: 2, handle: echo, log: lines.log })
  const [first] = [await rawSocket(port), await rawSocket(port)]
  const third = await rawSocket(port)
  await closed(third)
  expect(lines.all()).toEqual([['too many MLLP connections of one peer, one refused', refusedOnce]])
  first.destroy()
  const again = () =>
    client(port)
      .send(text('a'))
      .catch(() => undefined)
  await expect.poll(again).toEqual(text('a'))
})

test('a peer that does not read its answers is cut', async () => {
  const { port } = await listening({ patienceMilliseconds: 20, handle: () => Promise.resolve(new Uint8Array(2 ** 25)) })
  const socket = await rawSocket(port)
  socket.pause()
  socket.write(encodeFrame(text('a')))
  const isCut = async () => {
    const asked = await new Promise<Error | null | undefined>((resolve) => socket.write('\r', resolve))
    return asked instanceof Error
  }
  socket.on('error', () => {})
  await expect.poll(isCut, { timeout: 20_000 }).toBe(true)
})

test('a connection on which nothing comes is closed', async () => {
  const { port } = await listening({ idleMilliseconds: 20 })
  const socket = await rawSocket(port)
  socket.resume()
  expect(await once(socket, 'close')).toEqual([false])
})

test('more connections than allowed are refused', async () => {
  const lines = said()
  const { port } = await listening({ maxConnections: 1, handle: echo, log: lines.log })
  const first = client(port)
  await first.send(text('a'))
  await expect(client(port).send(text('b'))).rejects.toMatchObject({ code: 'mllpUnavailable' })
  expect(await first.send(text('c'))).toEqual(text('c'))
  expect(lines.all()).toEqual([['too many MLLP connections, one refused', refusedOnce]])
})
