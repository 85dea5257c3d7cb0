import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { Hl7Message } from '@medplum/core'
import { Hl7Client } from '@medplum/hl7'
import { expect, test } from 'vitest'
import { readAck } from '../ack.ts'
import { pamBytes, pamMessage } from '../fixtures.ts'
import { MllpUnavailable } from './client.ts'
import { encodeFrame } from './frames.ts'
import {
  accept,
  afterwards,
  answers,
  client,
  echo,
  gate,
  listening,
  rawSocket,
  said,
  text,
} from './listener.fixture.ts'
import type { Peer } from './listener.ts'

test('a message is answered to the peer that sent it', async () => {
  const seen: Peer[] = []
  const { port } = await listening({
    handle: (frame, peer) => {
      seen.push(peer)
      return Promise.resolve(accept(frame))
    },
  })
  const answer = await client(port).send(pamBytes({ controlId: 'C1' }))
  expect(readAck(answer)).toEqual({ code: 'AA', controlId: 'C1', errors: [] })
  expect(seen).toEqual([{ address: '127.0.0.1' }])
})

test('another implementation of MLLP is understood', async () => {
  const { port } = await listening()
  const peer = new Hl7Client({ host: '127.0.0.1', port })
  afterwards(() => peer.close())
  const answer = await peer.sendAndWait(Hl7Message.parse(pamMessage({ controlId: 'C2', charset: '' })))
  expect(answer.getSegment('MSA')?.toString()).toBe('MSA|AA|C2')
})

test('messages sent without waiting are handled one by one and answered in order', async () => {
  const handled: string[] = []
  const entered = gate()
  const first = gate()
  const { port } = await listening({
    handle: async (frame) => {
      const name = Buffer.from(frame).toString()
      entered.open()
      if (name === 'm0') await first.opened
      handled.push(name)
      return frame
    },
  })
  const peer = client(port)
  const sent = [peer.send(text('m0'))]
  await entered.opened
  sent.push(peer.send(text('m1')), peer.send(text('m2')))
  expect(await client(port).send(text('other'))).toEqual(text('other'))
  first.open()
  expect((await Promise.all(sent)).map((answer) => Buffer.from(answer).toString())).toEqual(['m0', 'm1', 'm2'])
  expect(handled).toEqual(['other', 'm0', 'm1', 'm2'])
})

test('a peer that sends faster than its messages are handled is slowed down, and loses nothing', async () => {
  const first = gate()
  let handled = 0
  const { port } = await listening({
    handle: async (frame) => {
      if (frame.length === 1) return frame
      await first.opened
      handled += 1
      return text(String(handled))
    },
  })
  const socket = await rawSocket(port)
  const frame = Buffer.from(encodeFrame(text('x'.repeat(60_000))))
  let accepted = 0
  const flood = async () => {
    for (; accepted < 400; accepted += 1) await new Promise<unknown>((resolve) => socket.write(frame, resolve))
  }
  const flooded = flood()
  // Fifty messages of another peer during which nothing more was taken: then nothing more is going to be.
  const other = client(port)
  let held = -1
  for (let quiet = 0; quiet < 50; quiet += 1) {
    await other.send(text('1'))
    if (accepted === held) continue
    held = accepted
    quiet = 0
  }
  expect(held).toBeLessThan(400)
  const received = answers(socket, 400)
  first.open()
  await flooded
  expect((await received).at(-1)).toBe('400')
})

test('when handling fails the connection is cut without an answer, and others go on', async () => {
  const lines = said()
  const error = new Error('disk full')
  const { port } = await listening({
    handle: (frame) => (frame.length === 1 ? Promise.reject(error) : Promise.resolve(frame)),
    log: lines.log,
  })
  await expect(client(port).send(text('1'))).rejects.toBeInstanceOf(MllpUnavailable)
  expect(await client(port).send(text('22'))).toEqual(text('22'))
  expect(lines.all()).toEqual([['message not answered, connection cut', { error, host: '127.0.0.1' }]])
})

test('a sender that closes its side after sending still gets its answer', async () => {
  const first = gate()
  const { port } = await listening({
    handle: async (frame) => {
      if (frame.length > 1) await first.opened
      return frame
    },
  })
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  afterwards(() => socket.destroy())
  const received = answers(socket, 1)
  socket.end(encodeFrame(text('last words')))
  await once(socket, 'finish')
  // By the time another peer has its answer, the listener has seen this side closed.
  await client(port).send(text('1'))
  first.open()
  expect(await received).toEqual(['last words'])
  await once(socket, 'end')
})

test('closing answers what was received and accepts nobody', async () => {
  const entered = gate()
  const first = gate()
  const listener = await listening({
    handle: async (frame) => {
      entered.open()
      await first.opened
      return frame
    },
  })
  const peer = client(listener.port)
  const sent = [peer.send(text('in work')), peer.send(text('waiting'))]
  await entered.opened
  const closed = listener.close(20_000)
  first.open()
  expect((await Promise.all(sent)).map((answer) => Buffer.from(answer).toString())).toEqual(['in work', 'waiting'])
  await closed
  await expect(client(listener.port).send(text('late'))).rejects.toBeInstanceOf(MllpUnavailable)
})

test('closing does not wait for ever for what does not end', async () => {
  const entered = gate()
  const listener = await listening({
    handle: () => {
      entered.open()
      return new Promise(() => {})
    },
  })
  const outcome = client(listener.port)
    .send(text('stuck'))
    .catch((error: unknown) => error)
  await entered.opened
  await listener.close(10)
  expect(await outcome).toBeInstanceOf(MllpUnavailable)
})

test('a port in use is an error, or another one is taken where that is allowed', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  afterwards(() => taken.close())
  const address = taken.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await expect(listening({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  const listener = await listening({ port, fallbackToFreePort: true, handle: echo })
  expect(listener.port).not.toBe(port)
  expect(await client(listener.port).send(text('hello'))).toEqual(text('hello'))
})

test('without an answer in time the client gives up, and connects anew for the next message', async () => {
  const { port } = await listening({
    handle: (frame) => (frame.length === 1 ? new Promise(() => {}) : Promise.resolve(frame)),
  })
  const peer = client(port, 50)
  await expect(peer.send(text('1'))).rejects.toMatchObject({ code: 'mllpUnavailable' })
  expect(await peer.send(text('22'))).toEqual(text('22'))
})
