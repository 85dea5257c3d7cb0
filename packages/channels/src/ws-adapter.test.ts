import { once } from 'node:events'
import { connect } from 'node:net'
import { SUBPROTOCOL } from '@relais/contracts/channels'
import { waitUntil } from '@relais/testkit/wait-until'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type ClientOptions, connectChannels } from './client.ts'
import { closeGateways, gateway, refusal, subscriber } from './gateway.fixture.ts'
import { sharedEntry } from './hub.ts'
import { admission, manualTimers, nurse, sharedAdmission, patientChannel } from './simulated.fixture.ts'

afterEach(closeGateways)

test('an entry reaches every subscriber, with accents, and written once', async () => {
  const { url, following } = await gateway()
  const [one, other] = [await subscriber(url), await subscriber(url)]
  const entry = sharedAdmission(1)
  for (const request of following) request.onEntry(entry)
  await waitUntil(() => one.frames.length === 3 && other.frames.length === 3, 'the entries')
  expect(JSON.parse(one.frames[2] ?? '')).toEqual({
    type: 'entry',
    id: 'a',
    cursor: 'cursor-1',
    entry: admission(1),
  })
  expect(other.frames[2]).toBe(one.frames[2])
})

const elsewhere = { origin: 'https://elsewhere.example' }
test.each([
  { what: 'another path', path: '/other', protocols: [SUBPROTOCOL], headers: {}, status: 404 },
  { what: 'no subprotocol', path: '/channels', protocols: [], headers: {}, status: 400 },
  { what: 'another subprotocol', path: '/channels', protocols: ['graphql-ws'], headers: {}, status: 400 },
  { what: 'another origin', path: '/channels', protocols: [SUBPROTOCOL], headers: elsewhere, status: 403 },
])('the upgrade is refused for $what', async ({ path, protocols, headers, status }) => {
  const { port } = await gateway({ origins: ['https://relais.example'] })
  expect(await refusal(`ws://127.0.0.1:${port}${path}`, protocols, headers)).toBe(status)
})

test('a page of a known origin is let in, and so is a program that sends none', async () => {
  const { url, channels } = await gateway({ origins: ['https://relais.example'] })
  const page = new WebSocket(url, SUBPROTOCOL, { headers: { origin: 'https://relais.example' } })
  await once(page, 'open')
  await subscriber(url)
  expect(channels.sessions()).toBe(2)
  expect(page.protocol).toBe(SUBPROTOCOL)
})

test('pages are served beside the channels', async () => {
  const { port } = await gateway()
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('page')
})

test('a message over the limit closes with 1009 and releases what was followed', async () => {
  const { url, following } = await gateway()
  const { socket, closed } = await subscriber(url)
  socket.send('x'.repeat(16_385))
  expect(await closed).toBe(1009)
  await waitUntil(() => following.size === 0, 'the release')
})

test('a message at the limit is read, and a binary one is not', async () => {
  const { url } = await gateway()
  const { socket, frames, closed } = await subscriber(url)
  socket.send('{"type":"ping"}'.padEnd(16_384))
  await waitUntil(() => frames.length === 3, 'the pong')
  socket.send(Buffer.from('{"type":"ping"}'))
  expect(await closed).toBe(4400)
})

test('no hello closes with 4408', async () => {
  const { url } = await gateway({ limits: { helloMilliseconds: 20 } })
  const socket = new WebSocket(url, SUBPROTOCOL)
  const [code] = await once(socket, 'close')
  expect(code).toBe(4408)
})

test('an expired token closes with 4401', async () => {
  const expiresAt = new Date(Date.now() + 300).toISOString()
  const { url } = await gateway({ verifier: { verify: async () => ({ actor: nurse, expiresAt }) } })
  const { closed } = await subscriber(url)
  expect(await closed).toBe(4401)
})

test('a socket that never reads is cut, and the others receive everything', async () => {
  const { url, following, channels } = await gateway({ limits: { bufferedBytes: 262_144, closeMilliseconds: 50 } })
  const [deaf, reading] = [await subscriber(url), await subscriber(url)]
  deaf.socket.pause()
  const entry = sharedEntry({
    cursor: 'c1',
    entry: JSON.stringify({ ...admission(1), room: 'x'.repeat(10_000) }),
  })
  let pushed = 0
  await waitUntil(() => {
    for (let burst = 0; burst < 10; burst += 1) {
      for (const request of following) request.onEntry(entry)
      pushed += 1
    }
    return following.size === 1
  }, 'the slow one to be let go')
  await waitUntil(() => channels.sessions() === 1, 'its socket to be gone')
  await waitUntil(() => reading.frames.length === pushed + 2, 'the other one to have everything')
  expect(reading.socket.readyState).toBe(WebSocket.OPEN)
})

test('a slow reader that reads on learns the reason: 4413', async () => {
  const { url, following } = await gateway({ limits: { bufferedBytes: 262_144 } })
  const { socket, closed } = await subscriber(url)
  socket.pause()
  const entry = sharedEntry({ cursor: 'c1', entry: JSON.stringify({ ...admission(1), room: 'x'.repeat(10_000) }) })
  await waitUntil(() => {
    for (let burst = 0; burst < 10; burst += 1) for (const request of following) request.onEntry(entry)
    return following.size === 0
  }, 'the cut')
  socket.resume()
  expect(await closed).toBe(4413)
})

test('a peer that answers no ping is cut; one that does stays', async () => {
  const { timers, pass } = manualTimers()
  const { url, channels, port } = await gateway({ timers, limits: { helloMilliseconds: 1e9 } })
  const { socket, frames } = await subscriber(url)
  const silent = connect(port, '127.0.0.1')
  silent.on('error', () => {})
  const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==']
  const version = ['Sec-WebSocket-Version: 13', `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`, '', '']
  silent.write(['GET /channels HTTP/1.1', `Host: 127.0.0.1:${port}`, ...upgrade, ...version].join('\r\n'))
  await waitUntil(() => channels.sessions() === 2, 'both sessions')

  const pinged = once(socket, 'ping')
  pass(30_000)
  await pinged
  // Read after the answer to the heartbeat, which is sent first.
  socket.send('{"type":"ping"}')
  await waitUntil(() => frames.length === 3, 'the pong')
  pass(30_000)
  await once(silent.resume(), 'close')
  await waitUntil(() => channels.sessions() === 1, 'the silent one to be gone')
  expect(socket.readyState).toBe(WebSocket.OPEN)
})

test('stopping says 1001 to each, refuses newcomers, and resolves once all are gone', async () => {
  const { url, channels, following } = await gateway({ limits: { closeMilliseconds: 300 } })
  const [one, deaf] = [await subscriber(url), await subscriber(url)]
  deaf.socket.pause()
  const stopping = channels.close()
  expect(await refusal(url, [SUBPROTOCOL])).toBe(503)
  expect(await one.closed).toBe(1001)
  await stopping
  expect(channels.sessions()).toBe(0)
  expect(following.size).toBe(0)
})

const webSockets: { whose: string; options: Pick<ClientOptions, 'webSocket'> }[] = [
  { whose: 'of Node itself', options: {} },
  { whose: 'of ws', options: { webSocket: WebSocket } },
]
test.each(webSockets)('the client works with the WebSocket $whose', async ({ options }) => {
  const { url, following } = await gateway()
  const received: string[] = []
  const client = connectChannels({ url, token: async () => 'good', ...options })
  client.subscribe(patientChannel, { onEntry: ({ cursor }) => void received.push(cursor) })
  await waitUntil(() => following.size === 1, 'the subscription')
  for (const request of following) request.onEntry(sharedAdmission(1))
  await waitUntil(() => received.length === 1, 'the entry')
  client.close()
  expect(received).toEqual(['cursor-1'])
})
