import { once } from 'node:events'
import { connect } from 'node:net'
import { SUBPROTOCOL } from '@relais/contracts/channels'
import { waitUntil } from '@relais/testkit/wait-until'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { closeGateways, gateway, refusal, subscriber } from './gateway.fixture.ts'
import { nurse } from './simulated.fixture.ts'

afterEach(closeGateways)

/** A socket that says nothing. */
async function silent(url: string, localAddress = '127.0.0.1') {
  const socket = new WebSocket(url, SUBPROTOCOL, { localAddress })
  await once(socket, 'open')
  return socket
}

test('sockets without a hello are let in up to the limit; then the upgrade is refused with 503', async () => {
  const { url, channels } = await gateway({ limits: { unwelcomedSockets: 2 } })
  const first = await silent(url)
  await silent(url)
  expect(await refusal(url)).toBe(503)
  expect(channels.sessions()).toBe(2)

  first.close()
  await waitUntil(() => channels.sessions() === 1, 'one to be gone')
  await silent(url)
  expect(await refusal(url)).toBe(503)
})

test('whoever was welcomed takes no room away from newcomers, and gives none back by leaving', async () => {
  const { url, channels } = await gateway({ limits: { unwelcomedSockets: 1 } })
  const [one] = [await subscriber(url), await subscriber(url), await silent(url)]
  expect(await refusal(url)).toBe(503)
  one.socket.close()
  await waitUntil(() => channels.sessions() === 2, 'one to be gone')
  expect(await refusal(url)).toBe(503)
})

test('a hello that is not accepted yet is none', async () => {
  const verified = Promise.withResolvers<void>()
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const verifier = { verify: () => verified.promise.then(() => ({ actor: nurse, expiresAt })) }
  const { url } = await gateway({ verifier, limits: { unwelcomedSockets: 1 } })
  const socket = await silent(url)
  socket.send('{"type":"hello","token":"good"}')
  expect(await refusal(url)).toBe(503)
  verified.resolve()
  await once(socket, 'message')
  await silent(url)
})

test('one address fills its own places, and not those of another', async () => {
  const { url } = await gateway({ limits: { unwelcomedSocketsPerAddress: 2 } })
  const first = await silent(url)
  await silent(url)
  expect(await refusal(url)).toBe(503)
  await silent(url, '127.0.0.2')
  first.close()
  await once(first, 'close')
  await waitUntil(() => silent(url).catch(() => undefined), 'a place to be free')
  expect(await refusal(url)).toBe(503)
})

test('whoever is refused and keeps the connection open is cut off', async () => {
  const { url, port, connections } = await gateway({ limits: { unwelcomedSockets: 1 } })
  await silent(url)
  const refused = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  refused.write('GET /channels HTTP/1.1\r\nHost: relais\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n')
  refused.write(`Sec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`)
  const [answer] = await once(refused, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 503 /)
  await waitUntil(async () => (await connections()) === 1, 'the connection to be gone')
  refused.destroy()
})
