import { expect, test } from 'vitest'
import { settled, watch, world } from './client.fixture.ts'
import { sharedEntry } from './hub.ts'
import { nurse } from './simulated.fixture.ts'

test.each(['forbidden', 'cursorUnknown'] as const)('%s is reported and not tried again', async (reason) => {
  const here = world()
  here.refuse(reason)
  const { ended } = watch(here)
  await here.flow()
  here.cut()
  here.pass(1000)
  await here.flow()
  expect(ended).toEqual([reason])
  expect(here.asked).toHaveLength(1)
})

test('a stopped subscription is heard of no more, and is released over there', async () => {
  const here = world()
  const { received, ended, subscription } = watch(here)
  await here.flow()
  subscription.stop()
  here.append()
  await here.flow()
  expect({ received, ended, following: here.following.size }).toEqual({ received: [], ended: [], following: 0 })
})

test('an expired session comes back with a new token', async () => {
  let verified = 0
  const expiresAt = () => (verified++ === 0 ? '2026-11-22T08:00:10.000Z' : '2026-11-23T08:00:00.000Z')
  const here = world({ verify: async () => ({ actor: nurse, expiresAt: expiresAt() }) })
  const { received } = watch(here)
  await here.flow()
  here.pass(10_000)
  await here.flow()
  here.append()
  here.pass(1000)
  await here.flow()
  expect(here.states).toEqual([['connecting'], ['open'], ['reconnecting', 4401], ['open']])
  expect(received).toEqual([1])
})

test('a token refused twice in a row closes the client for good', async () => {
  const refused = Object.assign(new Error('no'), { code: 'tokenInvalid' })
  const here = world({ verify: () => Promise.reject(refused) })
  await here.flow()
  here.pass(1000)
  await here.flow()
  expect(here.states).toEqual([['connecting'], ['reconnecting', 4401], ['closed', 4401]])
  expect(here.pending()).toBe(0)
})

test('what the gateway calls our fault is not repeated', async () => {
  const here = world()
  for (let number = 0; number < 3; number += 1) watch(here)
  await here.flow()
  here.pass(60_000)
  await here.flow()
  expect(here.states).toEqual([['connecting'], ['open'], ['closed', 4429]])
})

test('a frame that cannot be read closes the client: skipping it might lose an entry', async () => {
  const here = world()
  watch(here)
  await here.flow()
  const [request] = here.following
  request?.onEntry(sharedEntry({ cursor: 'c1', entry: '{"kind":"teleported"}' }))
  await here.flow()
  expect(here.states.at(-1)).toEqual(['closed', 4400])
})

test('closed before the welcome arrives, a client stays closed', async () => {
  const here = world()
  await settled()
  here.deliver(0)
  await settled()
  here.client.close()
  await here.flow()
  expect(here.states).toEqual([['connecting'], ['closed', 1000]])
  expect(here.pending()).toBe(0)
})

test('closing is final', async () => {
  const here = world()
  const { received } = watch(here)
  await here.flow()
  here.append()
  here.client.close()
  here.client.close()
  here.append()
  watch(here)
  here.pass(60_000)
  await here.flow()
  expect(here.states).toEqual([['connecting'], ['open'], ['closed', 1000]])
  expect({ received, pending: here.pending(), connections: here.connections.length }).toEqual({
    received: [],
    pending: 0,
    connections: 1,
  })
})
