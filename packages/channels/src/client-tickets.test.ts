import { expect, test } from 'vitest'
import { settled, watch, world } from './client.fixture.ts'
import type { Verified } from './credentials.ts'
import { nurse } from './simulated.fixture.ts'

const MINUTE = 60_000
const SIGN_OF_LIFE = 20_000
const START = Date.parse('2026-11-22T08:00:00.000Z')
const until = (minutes: number) => new Date(START + minutes * MINUTE).toISOString()

/** A client of a page, and a gateway that takes each ticket once, until the time that the test says. */
function page(ends: readonly (number | 'refused')[]) {
  const asked: string[] = []
  const redeemed: string[] = []
  let fails = false
  const redeem = async (ticket: string): Promise<Verified | undefined> => {
    const end = ends[redeemed.push(ticket) - 1] ?? 'refused'
    return end === 'refused' ? undefined : { actor: nurse, expiresAt: until(end), signIn: 'morning' }
  }
  const verify = () => Promise.reject(new Error('nobody has a token'))
  const here = world({ verify, redeem }, undefined, async () => {
    if (fails) throw new Error('offline')
    return `ticket-${asked.push('asked')}`
  })
  /** With the signs of life of an idle connection. */
  const wait = async (minutes: number) => {
    for (let left = Math.round(minutes * MINUTE); left > 0; left -= SIGN_OF_LIFE) {
      here.pass(Math.min(left, SIGN_OF_LIFE))
      await here.flow()
    }
  }
  return { ...here, asked, redeemed, wait, offline: (is: boolean) => void (fails = is) }
}

test.each([
  { minutes: 60, after: 59, why: 'a minute before the end' },
  { minutes: 5, after: 4, why: 'a minute before the end, which is a fifth' },
  { minutes: 2, after: 1.6, why: 'when a fifth is left' },
])('a session of $minutes minutes is renewed $why', async ({ minutes, after }) => {
  const here = page([minutes, minutes * 2])
  await here.flow()
  await here.wait(after - 0.01)
  expect(here.asked).toHaveLength(1)
  await here.wait(0.01)
  expect(here.redeemed).toEqual(['ticket-1', 'ticket-2'])
  expect(here.states).toEqual([['connecting'], ['open']])
})

test('renewed again and again, a client follows without a cut', async () => {
  const here = page([10, 19, 28, 37])
  const { received, ended } = watch(here)
  await here.flow()
  for (let time = 0; time < 3; time += 1) {
    await here.wait(9)
    here.append()
    await here.flow()
  }
  expect(here.states).toEqual([['connecting'], ['open']])
  expect({ received, ended, asked: here.asked.length }).toEqual({ received: [1, 2, 3], ended: [], asked: 4 })
  expect(here.connections).toHaveLength(1)
})

test('tickets of a token that is not renewed itself are not asked for without end; the client comes back and resumes', async () => {
  const here = page([10, 10, 20])
  const { received } = watch(here)
  await here.flow()
  await here.wait(9)
  // The gateway's end of the session, and the client's next look whether the gateway is there.
  expect(here.pending()).toBe(2)
  await here.wait(1)
  here.append()
  here.pass(1000)
  await here.flow()
  expect(here.states).toEqual([['connecting'], ['open'], ['reconnecting', 4401], ['open']])
  expect({ received, asked: here.asked.length }).toEqual({ received: [1], asked: 3 })
  await here.wait(9)
  expect(here.asked).toHaveLength(4)
})

test('without a ticket to renew with, the session ends, and is resumed with the next', async () => {
  const here = page([10, 20])
  const { received } = watch(here)
  await here.flow()
  here.offline(true)
  await here.wait(9)
  expect(here.states).toEqual([['connecting'], ['open']])
  here.offline(false)
  here.append()
  await here.wait(1)
  here.pass(1000)
  await here.flow()
  expect(here.states).toEqual([['connecting'], ['open'], ['reconnecting', 4401], ['open']])
  expect(received).toEqual([1])
})

test('a renewal that is refused is a session that ended: the client comes back with another ticket', async () => {
  const here = page([10, 'refused', 20])
  const { received } = watch(here)
  await here.flow()
  await here.wait(9)
  here.append()
  here.pass(1000)
  await here.flow()
  expect(here.states).toEqual([['connecting'], ['open'], ['reconnecting', 4401], ['open']])
  expect({ received, redeemed: here.redeemed }).toEqual({
    received: [1],
    redeemed: ['ticket-1', 'ticket-2', 'ticket-3'],
  })
})

test('a ticket that comes when its connection is gone renews no other', async () => {
  const here = page([10, 20])
  await here.flow()
  await here.wait(8.9)
  here.pass(0.1 * MINUTE)
  here.cut()
  await settled()
  here.pass(1000)
  await here.flow()
  // The second was for the connection that is gone.
  expect({ asked: here.asked.length, redeemed: here.redeemed }).toEqual({
    asked: 3,
    redeemed: ['ticket-1', 'ticket-3'],
  })
  expect(here.states.at(-1)).toEqual(['open'])
})

test('after a lost network the renewal is that of the new session, also where it ends when the first one would have', async () => {
  const [same, longer] = [page([10, 10, 20]), page([10, 20, 30])]
  for (const here of [same, longer]) {
    await here.flow()
    await here.wait(5)
    here.cut()
    await here.wait(3.9)
    expect(here.asked).toHaveLength(2)
    await here.wait(0.2)
  }
  expect([same.asked.length, longer.asked.length]).toEqual([3, 2])
  expect(same.states.at(-1)).toEqual(['open'])
})

test('whoever has signed out is not brought back', async () => {
  const here = page([10, 20])
  watch(here)
  await here.flow()
  for (const { session } of here.connections) session.signedOut(new Set(['morning']))
  await here.flow()
  await here.wait(60)
  expect(here.states).toEqual([['connecting'], ['open'], ['closed', 4403]])
  expect({ pending: here.pending(), asked: here.asked.length, following: here.following.size }).toEqual({
    pending: 0,
    asked: 1,
    following: 0,
  })
})

test('closed, a client asks for no more tickets', async () => {
  const here = page([10])
  await here.flow()
  here.client.close()
  await here.wait(60)
  expect({ pending: here.pending(), asked: here.asked.length }).toEqual({ pending: 0, asked: 1 })
})

test('with a token, a client does not renew: the gateway is told by a new connection', async () => {
  const here = world({ verify: async () => ({ actor: nurse, expiresAt: until(10) }) })
  await here.flow()
  expect(here.delays).toEqual([])
})
