import { connect } from 'node:net'
import { readAck } from '@relais/hl7v2/ack'
import { pamBytes, pamMessage } from '@relais/hl7v2/fixtures'
import { mllpClient } from '@relais/hl7v2/mllp/client'
import { encodeFrame } from '@relais/hl7v2/mllp/frames'
import { expect, onTestFinished, test } from 'vitest'
import { loadStaysConfig } from '../config.ts'
import { openStays, senderAt, type Stays } from '../stays.fixture.ts'
import { listenForMessages } from './listener.ts'

async function listening(stays: Stays) {
  const mllp = { ...loadStaysConfig('demonstration', {}).mllp, port: 0, maxBytes: 4096 }
  const listener = await listenForMessages(stays.service, mllp, stays.adapters.log)
  const client = mllpClient({ host: '127.0.0.1', port: listener.port, timeoutMilliseconds: 20_000 })
  onTestFinished(async () => {
    client.close()
    await listener.close(100)
  })
  return { client, port: listener.port }
}

test('messages of one connection are answered in order, each under its control id', async () => {
  const stays = await openStays()
  const { client } = await listening(stays)
  const triggers = ['A05', 'A01', 'A40', 'A02', 'A03']
  const sent = triggers.map((trigger, index) =>
    client.send(pamBytes({ trigger, controlId: `C${index}`, movement: `M${index}` })),
  )
  const acks = (await Promise.all(sent)).map((bytes) => readAck(bytes))
  expect(acks.map((ack) => [ack?.controlId, ack?.code])).toEqual([
    ['C0', 'AA'],
    ['C1', 'AA'],
    ['C2', 'AE'],
    ['C3', 'AA'],
    ['C4', 'AA'],
  ])
})

test('a message larger than the listener takes is answered AR, and the next one is taken in', async () => {
  const stays = await openStays()
  const { client } = await listening(stays)
  const large = pamMessage({ controlId: 'LARGE' }) + `NTE|1||${'x'.repeat(5000)}\r`
  expect(readAck(await client.send(new TextEncoder().encode(large)))).toMatchObject({
    code: 'AR',
    controlId: 'LARGE',
    errors: [{ path: 'MSH', severity: 'E', text: expect.stringContaining('larger') }],
  })
  expect(readAck(await client.send(pamBytes({})))).toMatchObject({ code: 'AA' })
  expect((await stays.facts()).map(({ type }) => type)).toEqual([
    'MessageRefused',
    'PatientAdmitted',
    'IdentityReported',
    'StandingChanged',
  ])
})

test('a frame that is cut is answered AR where it can be, and nothing of it is kept but that it came', async () => {
  const stays = await openStays()
  const { port } = await listening(stays)
  const socket = connect({ host: '127.0.0.1', port })
  const answer: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void answer.push(chunk))
  socket.end(Buffer.concat([Buffer.of(0x0b), pamBytes({ controlId: 'CUT' }).subarray(0, 200)]))
  await new Promise((resolve) => socket.once('close', resolve))
  expect(Buffer.concat(answer).toString()).toMatch(/MSA\|AR\|CUT/)
  const [fact, ...others] = await stays.facts()
  expect([fact?.event?.data, others]).toMatchObject([{ reason: 'frameTruncated', isNamed: true }, []])
})

test('a peer that is no sender is answered AR once, and cut', async () => {
  const stays = await openStays({ senders: [senderAt('10.0.0.1')] })
  const { port } = await listening(stays)
  const socket = connect({ host: '127.0.0.1', port })
  const answer: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void answer.push(chunk))
  const frames = ['FIRST', 'SECOND'].map((controlId) => encodeFrame(pamBytes({ controlId })))
  socket.write(Buffer.concat(frames))
  await new Promise((resolve) => socket.once('close', resolve))
  expect(Buffer.concat(answer).toString()).toMatch(/MSA\|AR\|FIRST\r[^\v]*senderUnknown[^\v]*$/)
  expect(await stays.facts()).toEqual([])
})

test('a message in the body of a request of a web page is not taken in, and the log says so', async () => {
  const stays = await openStays()
  const { port } = await listening(stays)
  const socket = connect({ host: '127.0.0.1', port })
  const answer: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void answer.push(chunk))
  socket.on('error', () => {})
  socket.write(Buffer.concat([Buffer.from('POST / HTTP/1.1\r\n\r\n'), encodeFrame(pamBytes())]))
  await new Promise((resolve) => socket.once('close', resolve))
  expect(answer).toEqual([])
  expect(await stays.facts()).toEqual([])
  expect(stays.lines.join('')).toContain('connection cut, it speaks another protocol')
})
