import { CloseCode } from '@relais/contracts/channels'
import { expect, test } from 'vitest'
import { limits, opened, ready, settled } from './session.fixture.ts'
import { defaultLimits } from './ws-adapter.ts'

const tooMany = (reason: string) => [{ code: CloseCode.tooManySubscriptions, reason }]

/** Somebody who may unsubscribe before it is decided. */
async function impatient() {
  const world = await ready()
  const leave = (id: string) => {
    world.subscribe(id)
    world.receive({ type: 'unsubscribe', id })
  }
  return { ...world, leave }
}

test('decisions that nobody waits for any more count until they end: one too many closes with 4429', async () => {
  const { leave, closes, asked } = await impatient()
  for (const id of ['a', 'b', 'c']) leave(id)
  expect(closes).toEqual([])
  leave('d')
  expect(closes).toEqual(tooMany('too many subscriptions being decided'))
  expect(asked).toHaveLength(3)
})

test.each([
  { how: 'granted', answer: { stop: () => {} } },
  { how: 'refused', answer: 'forbidden' as const },
])('a decision that was $how leaves room for another', async ({ answer }) => {
  const { leave, call, closes, asked } = await impatient()
  for (const id of ['a', 'b', 'c']) leave(id)
  call(1).answer(answer)
  await settled()
  leave('d')
  expect(closes).toEqual([])
  leave('e')
  expect(closes).toEqual(tooMany('too many subscriptions being decided'))
  expect(asked).toHaveLength(4)
})

test('subscriptions that are followed are being decided no more', async () => {
  const { subscribe, leave, call, closes, asked } = await impatient()
  subscribe('a')
  call(0).answer({ stop: () => {} })
  await settled()
  for (const id of ['b', 'c', 'd']) leave(id)
  expect(closes).toEqual([])
  expect(asked).toHaveLength(4)
})

test('as many frames as may come at once are read; the next closes with 4429 and is not', async () => {
  const { receive, sent, closes } = await ready()
  for (let frames = 1; frames < limits.framesAtOnce; frames += 1) receive({ type: 'ping' })
  expect({ pongs: sent.length, closes }).toEqual({ pongs: limits.framesAtOnce - 1, closes: [] })
  receive({ type: 'ping' })
  expect({ pongs: sent.length, closes }).toEqual({ pongs: limits.framesAtOnce - 1, closes: tooMany('too many frames') })
})

test('frames that cannot be read count as well', () => {
  const { session, closes } = opened({ limits: { ...limits, framesAtOnce: 0 } })
  session.receive('{')
  expect(closes).toEqual(tooMany('too many frames'))
})

test('time brings frames back, at the rate of the limit and no faster', async () => {
  const { receive, pass, closes } = await ready()
  for (let frames = 1; frames < limits.framesAtOnce; frames += 1) receive({ type: 'ping' })
  for (let halves = 0; halves < 50; halves += 1) {
    pass(500)
    receive({ type: 'ping' })
  }
  expect(closes).toEqual([])
  pass(499)
  receive({ type: 'ping' })
  expect(closes).toEqual(tooMany('too many frames'))
})

test('a long silence saves up no more than may come at once', async () => {
  const { receive, pass, closes } = await ready()
  pass(3_000_000)
  for (let frames = 0; frames < limits.framesAtOnce; frames += 1) receive({ type: 'ping' })
  expect(closes).toEqual([])
  receive({ type: 'ping' })
  expect(closes).toEqual(tooMany('too many frames'))
})

test('a clock that is set back takes no frame away and brings none back', async () => {
  let clock = '2026-11-22T08:00:00.000Z'
  const { receive, closes } = await ready({ now: () => clock })
  clock = '2026-11-22T07:00:00.000Z'
  for (let frames = 1; frames < limits.framesAtOnce; frames += 1) receive({ type: 'ping' })
  expect(closes).toEqual([])
  receive({ type: 'ping' })
  expect(closes).toEqual(tooMany('too many frames'))
})

test('whoever takes up all channels at once, and changes all of them twice, keeps the session and is answered', async () => {
  const { receive, subscribe, call, asked, frames, closes } = await ready({ limits: defaultLimits })
  const ids = Array.from({ length: defaultLimits.subscriptions }, (_, index) => String(index))
  const takeUp = () => ids.forEach(subscribe)
  const letGo = () => ids.forEach((id) => receive({ type: 'unsubscribe', id }))
  takeUp()
  letGo()
  takeUp()
  for (let index = 0; index < asked.length; index += 1) call(index).answer({ stop: () => {} })
  await settled()
  letGo()
  takeUp()
  receive({ type: 'ping' })
  expect(closes).toEqual([])
  expect(asked).toHaveLength(300)
  expect(frames().at(-1)).toEqual({ type: 'pong' })
})

test('the gateway is told of the welcome, once, and of none for a token that is refused', async () => {
  const refused = Object.assign(new Error('no'), { code: 'tokenInvalid' })
  const strangers = await ready({ verifier: { verify: () => Promise.reject(refused) } })
  expect(strangers.welcomes()).toBe(0)
  const known = opened()
  known.receive({ type: 'hello', token: 'good' })
  expect(known.welcomes()).toBe(0)
  await settled()
  expect(known.welcomes()).toBe(1)
})
