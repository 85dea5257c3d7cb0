import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import { Hl7Message } from '@medplum/core'
import { Hl7Client } from '@medplum/hl7'
import { afterEach, expect, test } from 'vitest'
import { acknowledge, readAck } from '../ack.ts'
import { pamBytes, pamMessage } from '../fixtures.ts'
import { readHeader } from '../header.ts'
import { mllpClient, MllpUnavailable } from './client.ts'
import { encodeFrame, frameDecoder } from './frames.ts'
import type { MllpLog, MllpLogFields } from './log.ts'
import { listenMllp, type MllpListener, type MllpListenerOptions, type Peer } from './listener.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

const accept = (frame: Uint8Array) =>
  acknowledge({
    header: readHeader(frame),
    code: 'AA',
    problems: [],
    warnings: [],
    now: '2026-11-02T10:00:00.000Z',
    controlId: 'ack-1',
  })

async function listening(options: Partial<MllpListenerOptions> = {}): Promise<MllpListener> {
  const listener = await listenMllp({
    host: '127.0.0.1',
    port: 0,
    idleMilliseconds: 20_000,
    handle: (frame) => Promise.resolve(accept(frame)),
    onBadFrame: () => undefined,
    ...options,
  })
  cleanUps.push(() => listener.close(0))
  return listener
}

function client(port: number, timeoutMilliseconds = 20_000) {
  const peer = mllpClient({ host: '127.0.0.1', port, timeoutMilliseconds })
  cleanUps.push(() => peer.close())
  return peer
}

async function rawSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  cleanUps.push(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** A cut connection may be reset as well. */
function closed(socket: Socket): Promise<void> {
  socket.on('error', () => {})
  socket.resume()
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

/** Resolves with the first `count` answers. */
function answers(socket: Socket, count: number): Promise<string[]> {
  const decoder = frameDecoder({ maxBytes: 10_000 })
  const received: string[] = []
  return new Promise((resolve) =>
    socket.on('data', (chunk: Buffer) => {
      for (const frame of decoder.push(chunk)) if ('bytes' in frame) received.push(Buffer.from(frame.bytes).toString())
      if (received.length >= count) resolve(received)
    }),
  )
}

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open: () => open(), opened }
}

function said() {
  const lines: [string, MllpLogFields][] = []
  const log: MllpLog = { warn: (fields, line) => void lines.push([line, fields]) }
  return { log, all: () => lines }
}

const refusedOnce = { count: 1, host: '127.0.0.1' }
const text = (content: string) => new TextEncoder().encode(content)
const echo = (frame: Uint8Array) => Promise.resolve(frame)

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
  cleanUps.push(() => peer.close())
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

test('a bad frame may be answered, and does not cost the good one after it', async () => {
  const { port } = await listening({
    maxBytes: 10,
    handle: echo,
    onBadFrame: (problem, _, frame) => text(`${problem} ${frame.bytesSeen}`),
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
    onBadFrame: (problem) => {
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
  cleanUps.push(() => socket.destroy())
  const received = answers(socket, 1)
  socket.end(encodeFrame(text('last words')))
  await once(socket, 'finish')
  // By the time another peer has its answer, the listener has seen this side closed.
  await client(port).send(text('1'))
  first.open()
  expect(await received).toEqual(['last words'])
  await once(socket, 'end')
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
  cleanUps.push(() => taken.close())
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

const certificateTool = 'openssl'
const hasCertificateTool = (() => {
  try {
    return execFileSync(certificateTool, ['version']).length > 0
  } catch {
    return false
  }
})()
if (!hasCertificateTool)
  process.stdout.write('skipped: MLLP over TLS, because there is no openssl command to make certificates\n')

test.skipIf(!hasCertificateTool)('over TLS a peer is known by its certificate, and a stranger is refused', async () => {
  const [server, known, stranger] = [certificate('server'), certificate('sender'), certificate('stranger')]
  const seen: Peer[] = []
  const asked: Peer[] = []
  const lines = said()
  const { port } = await listening({
    tls: { ...server, requestCert: true, ca: [known.cert] },
    admits: (peer) => asked.push(peer) > 0,
    log: lines.log,
    handle: (frame, peer) => {
      seen.push(peer)
      return Promise.resolve(frame)
    },
  })
  const tls = { ca: [server.cert], servername: 'localhost' }
  const open = (own: object) => {
    const peer = mllpClient({ host: '127.0.0.1', port, tls: { ...tls, ...own }, timeoutMilliseconds: 20_000 })
    cleanUps.push(() => peer.close())
    return peer
  }
  expect(await open(known).send(text('hello'))).toEqual(text('hello'))
  const certificateFingerprint = new X509Certificate(known.cert).fingerprint256.replaceAll(':', '').toLowerCase()
  expect(seen).toEqual([{ address: '127.0.0.1', certificateFingerprint }])
  expect(asked).toEqual(seen)
  await expect(open(stranger).send(text('hello'))).rejects.toBeInstanceOf(MllpUnavailable)
  await expect(open({}).send(text('hello'))).rejects.toBeInstanceOf(MllpUnavailable)
  expect(asked).toEqual(seen)
  expect(lines.all()).toEqual([['TLS handshake failed', { count: 1, error: expect.any(Error) }]])
})

test.skipIf(!hasCertificateTool)('over TLS too, an address gets back the places that it gives up', async () => {
  const server = certificate('server')
  const { port } = await listening({ tls: server, maxPerAddress: 1, handle: echo })
  const tls = { ca: [server.cert], servername: 'localhost' }
  for (const round of ['1', '2', '3']) {
    const once = async () => {
      const peer = mllpClient({ host: '127.0.0.1', port, tls, timeoutMilliseconds: 20_000 })
      return peer
        .send(text(round))
        .catch(() => undefined)
        .finally(() => peer.close())
    }
    await expect.poll(once).toEqual(text(round))
  }
})

function certificate(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'relais-mllp-'))
  cleanUps.push(() => rmSync(folder, { recursive: true }))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost']
  execFileSync(
    certificateTool,
    ['req', '-x509', ...curve, ...names, '-days', '2', '-keyout', keyFile, '-out', certFile],
    {
      stdio: 'ignore',
    },
  )
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
}
