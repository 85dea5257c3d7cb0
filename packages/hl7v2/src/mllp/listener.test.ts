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
  expect(await received).toEqual(['good', 'tooLarge 12', 'also good'])
})

test('a connection on which nothing comes is closed', async () => {
  const { port } = await listening({ idleMilliseconds: 20 })
  const socket = await rawSocket(port)
  socket.resume()
  expect(await once(socket, 'close')).toEqual([false])
})

test('when handling fails the connection is cut without an answer, and others go on', async () => {
  const warnings: string[] = []
  const { port } = await listening({
    handle: (frame) => (frame.length === 1 ? Promise.reject(new Error('disk full')) : Promise.resolve(frame)),
    log: { warn: (_, message) => warnings.push(message) },
  })
  await expect(client(port).send(text('1'))).rejects.toBeInstanceOf(MllpUnavailable)
  expect(await client(port).send(text('22'))).toEqual(text('22'))
  expect(warnings).toEqual(['message not answered, connection cut'])
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
  const { port } = await listening({ maxConnections: 1, handle: echo })
  const first = client(port)
  await first.send(text('a'))
  await expect(client(port).send(text('b'))).rejects.toMatchObject({ code: 'mllpUnavailable' })
  expect(await first.send(text('c'))).toEqual(text('c'))
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
  const { port } = await listening({
    tls: { ...server, requestCert: true, ca: [known.cert] },
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
  await expect(open(stranger).send(text('hello'))).rejects.toBeInstanceOf(MllpUnavailable)
  await expect(open({}).send(text('hello'))).rejects.toBeInstanceOf(MllpUnavailable)
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
