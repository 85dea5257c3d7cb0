import { CloseCode } from '@relais/contracts/channels'
import { expect, test } from 'vitest'
import { goodToken, opened, ready, settled } from './session.fixture.ts'
import type { Verifier } from './credentials.ts'
import { admission, nurse, patientChannel, sharedAdmission } from './simulated.fixture.ts'

class Refused extends Error {
  readonly code = 'tokenInvalid'
}

async function followed() {
  const world = await ready()
  world.subscribe('a')
  let stops = 0
  world.call(0).answer({ stop: () => void (stops += 1) })
  await settled()
  return { ...world, request: world.call(0).request, stops: () => stops }
}

test('a good token is welcomed, with the time it is good until', async () => {
  const { receive, frames } = opened()
  receive({ type: 'hello', token: 'good' })
  await settled()
  expect(frames()).toEqual([
    {
      type: 'welcome',
      sessionId: '4d4f7a51-6a5c-4f5e-9d0a-52f6f60f9d0e',
      expiresAt: '2026-11-22T09:00:00.000Z',
      expiresInSeconds: 3600,
    },
  ])
})

test('a refused token closes with 4401', async () => {
  const { receive, closes, failures } = opened({ verifier: { verify: () => Promise.reject(new Refused()) } })
  receive({ type: 'hello', token: 'bad' })
  await settled()
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'token or ticket refused' }])
  expect(failures).toEqual([])
})

test('a token without the scope closes with 4401', async () => {
  const verifier: Verifier = { verify: async () => ({ ...goodToken, actor: { ...nurse, scopes: ['pathway:read'] } }) }
  const { receive, closes } = opened({ verifier })
  receive({ type: 'hello', token: 'good' })
  await settled()
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'scope channel:follow is missing' }])
})

test('a fault while verifying closes with 4500 and is logged once', async () => {
  const { receive, closes, failures } = opened({ verifier: { verify: () => Promise.reject(new Error('no keys')) } })
  receive({ type: 'hello', token: 'good' })
  await settled()
  expect(closes).toEqual([{ code: CloseCode.internal, reason: 'internal fault' }])
  expect(failures).toHaveLength(1)
})

test.each([
  { type: 'ping' },
  { type: 'unsubscribe', id: 'a' },
  { type: 'subscribe', id: 'a', channel: patientChannel },
])('$type before hello closes with 4401', (frame) => {
  const { receive, closes } = opened()
  receive(frame)
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'say hello first' }])
})

test('a subscription that does not wait for the welcome closes with 4401, and the late verdict changes nothing', async () => {
  const { receive, closes, sent, asked } = opened()
  receive({ type: 'hello', token: 'good' })
  receive({ type: 'subscribe', id: 'a', channel: patientChannel })
  await settled()
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'say hello first' }])
  expect(sent).toEqual([])
  expect(asked).toEqual([])
})

test('a second hello closes with 4400', async () => {
  const { receive, closes } = await ready()
  receive({ type: 'hello', token: 'good' })
  expect(closes).toEqual([{ code: CloseCode.unreadable, reason: 'hello was said' }])
})

test('no hello in time closes with 4408, and not a millisecond earlier', () => {
  const { pass, closes } = opened()
  pass(9999)
  expect(closes).toEqual([])
  pass(1)
  expect(closes).toEqual([{ code: CloseCode.helloTimeout, reason: 'no accepted hello in time' }])
})

test('a verification that hangs counts as no hello', () => {
  const { receive, pass, closes } = opened({ verifier: { verify: () => new Promise(() => {}) } })
  receive({ type: 'hello', token: 'good' })
  pass(10_000)
  expect(closes).toEqual([{ code: CloseCode.helloTimeout, reason: 'no accepted hello in time' }])
})

test('the session ends when its token expires, and not before', async () => {
  const { pass, closes } = await ready()
  pass(3_599_999)
  expect(closes).toEqual([])
  pass(1)
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'token expired' }])
})

test('a token good for a hundred days does not expire at once', async () => {
  const expiresAt = '2027-03-02T08:00:00.000Z'
  const { pass, closes } = await ready({ verifier: { verify: async () => ({ ...goodToken, expiresAt }) } })
  pass(99 * 86_400_000)
  expect(closes).toEqual([])
  pass(86_400_000)
  expect(closes).toEqual([{ code: CloseCode.unauthorised, reason: 'token expired' }])
})

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['an unknown type', '{"type":"publish"}'],
  ['an unknown field', '{"type":"ping","x":1}'],
  ['a channel of another kind', '{"type":"subscribe","id":"a","channel":"everyone/1"}'],
  ['an empty id', `{"type":"subscribe","id":"","channel":"${patientChannel}"}`],
  ['an id of 65 characters', `{"type":"unsubscribe","id":"${'x'.repeat(65)}"}`],
  ['a cursor of 101 characters', `{"type":"subscribe","id":"a","channel":"ward/1","after":"${'x'.repeat(101)}"}`],
])('%s is unreadable and closes with 4400', async (_, text) => {
  const { session, closes } = await ready()
  session.receive(text)
  expect(closes).toEqual([{ code: CloseCode.unreadable, reason: 'unreadable frame' }])
})

test('a binary message is unreadable and closes with 4400', async () => {
  const { session, closes } = await ready()
  session.receive(undefined)
  expect(closes).toEqual([{ code: CloseCode.unreadable, reason: 'unreadable frame' }])
})

test('ping is answered with pong', async () => {
  const { receive, frames } = await ready()
  receive({ type: 'ping' })
  expect(frames()).toEqual([{ type: 'pong' }])
})

test('the hub is asked for the actor of the token, the channel and the cursor', async () => {
  const { receive, call } = await ready()
  receive({ type: 'subscribe', id: 'a', channel: 'ward/3620', after: 'c1' })
  expect(call(0).request).toMatchObject({ actor: nurse, channel: 'ward/3620', after: 'c1' })
})

test('entries, the end of the past and the end of the access reach the client in order', async () => {
  const { request, frames, stops } = await followed()
  request.onEntry(sharedAdmission(1))
  request.onCaughtUp('cursor-1')
  request.onEntry(sharedAdmission(2))
  request.onEnded('accessEnded')
  request.onEntry(sharedAdmission(3))
  expect(frames()).toEqual([
    { type: 'entry', id: 'a', cursor: 'cursor-1', entry: admission(1) },
    { type: 'caughtUp', id: 'a', cursor: 'cursor-1' },
    { type: 'entry', id: 'a', cursor: 'cursor-2', entry: admission(2) },
    { type: 'ended', id: 'a', reason: 'accessEnded' },
  ])
  expect(stops()).toBe(1)
})

test.each(['forbidden', 'cursorUnknown'] as const)('%s ends the subscription and frees its id', async (reason) => {
  const { subscribe, call, frames, closes, asked } = await ready()
  subscribe('a')
  call(0).answer(reason)
  await settled()
  expect(frames()).toEqual([{ type: 'ended', id: 'a', reason }])
  subscribe('a')
  expect(asked).toHaveLength(2)
  expect(closes).toEqual([])
})

test('an id in use closes with 4409, also while the first is still being decided', async () => {
  const { subscribe, closes } = await ready()
  subscribe('a')
  subscribe('a')
  expect(closes).toEqual([{ code: CloseCode.duplicateSubscription, reason: 'subscription id in use' }])
})

test('one subscription more than the limit closes with 4429', async () => {
  const { subscribe, closes } = await ready()
  subscribe('a')
  subscribe('b')
  expect(closes).toEqual([])
  subscribe('c')
  expect(closes).toEqual([{ code: CloseCode.tooManySubscriptions, reason: 'too many subscriptions' }])
})

test('unsubscribing stops what was followed and says so; an unknown id is ignored', async () => {
  const { receive, request, frames, stops } = await followed()
  receive({ type: 'unsubscribe', id: 'other' })
  receive({ type: 'unsubscribe', id: 'a' })
  receive({ type: 'unsubscribe', id: 'a' })
  request.onEntry(sharedAdmission(1))
  expect(frames()).toEqual([{ type: 'ended', id: 'a', reason: 'unsubscribed' }])
  expect(stops()).toBe(1)
})

test('entries that arrive while the decision is awaited belong to the subscription', async () => {
  const { subscribe, call, frames } = await ready()
  subscribe('a')
  call(0).request.onEntry(sharedAdmission(1))
  call(0).answer({ stop: () => {} })
  await settled()
  expect(frames()).toEqual([{ type: 'entry', id: 'a', cursor: 'cursor-1', entry: admission(1) }])
})

test('unsubscribed while the decision is awaited: what comes of it is stopped', async () => {
  const { subscribe, receive, call, frames } = await ready()
  subscribe('a')
  receive({ type: 'unsubscribe', id: 'a' })
  let stops = 0
  call(0).answer({ stop: () => void (stops += 1) })
  await settled()
  expect(stops).toBe(1)
  expect(frames()).toEqual([{ type: 'ended', id: 'a', reason: 'unsubscribed' }])
})

test('unsubscribed and subscribed again under the same id during the await: only the second one is served', async () => {
  const { subscribe, receive, call, frames } = await ready()
  subscribe('a')
  receive({ type: 'unsubscribe', id: 'a' })
  subscribe('a')
  const stopped: string[] = []
  call(1).answer({ stop: () => void stopped.push('second') })
  call(0).answer({ stop: () => void stopped.push('first') })
  await settled()
  call(0).request.onEntry(sharedAdmission(1))
  call(0).request.onEnded('accessEnded')
  call(1).request.onEntry(sharedAdmission(2))
  expect(stopped).toEqual(['first'])
  expect(frames()).toEqual([
    { type: 'ended', id: 'a', reason: 'unsubscribed' },
    { type: 'entry', id: 'a', cursor: 'cursor-2', entry: admission(2) },
  ])
})

test('a late refusal of the first does not end the second subscription of the same id', async () => {
  const { subscribe, receive, call, frames } = await ready()
  subscribe('a')
  receive({ type: 'unsubscribe', id: 'a' })
  subscribe('a')
  call(0).answer('forbidden')
  await settled()
  expect(frames()).toEqual([{ type: 'ended', id: 'a', reason: 'unsubscribed' }])
})

test('closed while the decision is awaited: what comes of it is stopped and nothing is sent', async () => {
  const { subscribe, session, call, sent } = await ready()
  subscribe('a')
  session.closed()
  let stops = 0
  call(0).answer({ stop: () => void (stops += 1) })
  await settled()
  expect(stops).toBe(1)
  expect(sent).toEqual([])
})

test('a closed session owns nothing and ignores everything', async () => {
  const { session, receive, request, pending, sent, closes, stops } = await followed()
  session.closed()
  receive({ type: 'ping' })
  request.onEntry(sharedAdmission(1))
  request.onCaughtUp('cursor-1')
  request.onFailed(new Error('late'))
  session.end(1001, 'late')
  expect({ pending: pending(), sent, closes, stops: stops() }).toEqual({ pending: 0, sent: [], closes: [], stops: 1 })
})

test('a fault while following closes with 4500 and releases every subscription', async () => {
  const { request, closes, failures, stops } = await followed()
  request.onFailed(new Error('the view is gone'))
  expect(closes).toEqual([{ code: CloseCode.internal, reason: 'internal fault' }])
  expect(failures).toHaveLength(1)
  expect(stops()).toBe(1)
})

test('a socket whose buffer passes its limit is cut with 4413, and not at the limit', async () => {
  const { socket, request, closes } = await followed()
  socket.bufferedAmount = 1000
  request.onEntry(sharedAdmission(1))
  expect(closes).toEqual([])
  socket.bufferedAmount = 1001
  request.onEntry(sharedAdmission(2))
  expect(closes).toEqual([{ code: CloseCode.slowConsumer, reason: 'reads too slowly' }])
})

test('a replay waits above half the limit and goes on once the socket is read', async () => {
  const { socket, request, pass, pending } = await followed()
  socket.bufferedAmount = 500
  expect(request.room()).toBeUndefined()
  socket.bufferedAmount = 501
  let goneOn = false
  const waiting = request.room()?.then(() => (goneOn = true))
  pass(100)
  await settled()
  expect(goneOn).toBe(false)
  socket.bufferedAmount = 0
  pass(20)
  await waiting
  expect(goneOn).toBe(true)
  expect(pending()).toBe(1)
})

test('a replay does not wait for ever: 4413, and whoever waited is let go', async () => {
  const { socket, request, pass, closes } = await followed()
  socket.bufferedAmount = 501
  const waiting = request.room()
  pass(200)
  await waiting
  expect(closes).toEqual([{ code: CloseCode.slowConsumer, reason: 'does not read' }])
})

test('a socket that throws ends its own session and not the fan-out that wrote to it', async () => {
  const { socket, request, closes } = await followed()
  socket.send = () => {
    throw new Error('gone')
  }
  request.onEntry(sharedAdmission(1))
  expect(closes).toEqual([{ code: CloseCode.internal, reason: 'internal fault' }])
})
