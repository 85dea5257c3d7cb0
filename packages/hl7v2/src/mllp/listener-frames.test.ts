import { expect, test } from 'vitest'
import { encodeFrame } from './frames.ts'
import { answers, closed, echo, listening, rawSocket, said, text } from './listener.fixture.ts'

test('a bad frame may be answered, and does not cost the good one after it', async () => {
  const { port } = await listening({
    maxBytes: 10,
    handle: echo,
    onBadFrame: ({ problem, bytesSeen }) => text(`${problem} ${bytesSeen}`),
  })
  const socket = await rawSocket(port)
  const received = answers(socket, 4)
  socket.write(
    Buffer.concat([
      encodeFrame(text('good')),
      Buffer.from('??'),
      encodeFrame(text('far too long')),
      encodeFrame(text('also good')),
    ]),
  )
  expect(await received).toEqual(['good', 'garbage 2', 'tooLarge 12', 'also good'])
})

test('a peer that sends bad frames only is cut after ten, and told of in two lines', async () => {
  const lines = said()
  const bad: string[] = []
  const { port } = await listening({
    log: lines.log,
    onBadFrame: ({ problem }) => {
      bad.push(problem)
      return undefined
    },
  })
  const socket = await rawSocket(port)
  socket.write('\vx'.repeat(100_000))
  await closed(socket)
  expect(bad).toEqual(Array.from({ length: 10 }, () => 'truncated'))
  await expect.poll(lines.all).toEqual([
    ['bad frame', { code: 'truncated', host: '127.0.0.1' }],
    ['connection cut after too many bad frames', { count: 10, host: '127.0.0.1' }],
  ])
})

test('a good frame makes up for nine bad ones, and bad frames are counted over a connection', async () => {
  const lines = said()
  const { port } = await listening({ handle: echo, log: lines.log })
  const socket = await rawSocket(port)
  const received = answers(socket, 3)
  const round = `${'\vx'.repeat(9)}\vgood\x1C\r`
  socket.write(round.repeat(3))
  expect(await received).toEqual(['good', 'good', 'good'])
  socket.destroy()
  await expect.poll(lines.all).toEqual([
    ['bad frame', { code: 'truncated', host: '127.0.0.1' }],
    ['bad frames on one connection', { count: 27, host: '127.0.0.1' }],
  ])
})

test('others have a turn after each frame of a chunk', async () => {
  const order: string[] = []
  const { port } = await listening({
    onBadFrame: () => {
      order.push('bad frame')
      setImmediate(() => order.push('turn'))
      return undefined
    },
    handle: echo,
  })
  const socket = await rawSocket(port)
  const received = answers(socket, 1)
  socket.write('\vx\vx\vx\vend\x1C\r')
  await received
  expect(order).toEqual(['bad frame', 'turn', 'bad frame', 'turn', 'bad frame', 'turn'])
})

test.each([
  ['POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', '\vMSH\x1C\r'],
  ['\r\n\r\n', 'GET / \vMSH\x1C\r'],
  ['?', '\vMSH\x1C\r'],
])('a connection that begins with another protocol is cut, whatever it frames later: %j', async (...chunks) => {
  const lines = said()
  const seen: Uint8Array[] = []
  const { port } = await listening({
    log: lines.log,
    handle: (frame) => {
      seen.push(frame)
      return Promise.resolve(frame)
    },
  })
  const socket = await rawSocket(port)
  for (const chunk of chunks) socket.write(chunk)
  await closed(socket)
  expect(seen).toEqual([])
  expect(lines.all()).toEqual([['connection cut, it speaks another protocol', { count: 1, host: '127.0.0.1' }]])
})

test('line ends before the first frame are let pass', async () => {
  const { port } = await listening({ handle: echo })
  const socket = await rawSocket(port)
  const received = answers(socket, 1)
  socket.write('\r\n\n\vhello\x1C\r')
  expect(await received).toEqual(['hello'])
})
