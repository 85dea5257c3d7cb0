import fc from 'fast-check'
import type { EndedReason, ServerFrame } from '@relais/contracts/channels'
import { expect, test } from 'vitest'
import { connectChannels, type ClientState } from './client.ts'
import { type FollowRequest, type Hub, sharedEntry } from './hub.ts'
import { loopback } from './loopback.fixture.ts'
import { openSession, type Verifier } from './session.ts'
import { admission, manualTimers, nurse, patientChannel } from './simulated.fixture.ts'
import { defaultLimits } from './ws-adapter.ts'

const SILENCE = 25_000
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A log of admissions, numbered from 1, and whoever follows it. */
function admissions() {
  let count = 0
  const following = new Set<FollowRequest>()
  const asked: (string | undefined)[] = []
  let refusal: 'forbidden' | 'cursorUnknown' | undefined
  const share = (number: number) => sharedEntry({ cursor: `c${number}`, entry: JSON.stringify(admission(number)) })
  const hub: Hub = {
    async follow(request) {
      asked.push(request.after)
      await settled()
      if (refusal) return refusal
      for (let number = Number(request.after?.slice(1) ?? 0) + 1; number <= count; number += 1)
        request.onEntry(share(number))
      request.onCaughtUp(`c${count}`)
      following.add(request)
      return { stop: () => void following.delete(request) }
    },
  }
  return {
    hub,
    asked,
    following,
    count: () => count,
    refuse: (reason: 'forbidden' | 'cursorUnknown') => {
      refusal = reason
    },
    append() {
      count += 1
      for (const request of following) request.onEntry(share(count))
    },
  }
}

function world(verifier?: Verifier, hub?: Hub) {
  const time = manualTimers()
  const log = admissions()
  const good = { actor: nurse, expiresAt: '2026-11-23T08:00:00.000Z' }
  const network = loopback((socket) =>
    openSession({
      ...time,
      socket,
      hub: hub ?? log.hub,
      verifier: verifier ?? { verify: async () => good },
      limits: { ...defaultLimits, subscriptions: 2 },
      newId: () => '4d4f7a51-6a5c-4f5e-9d0a-52f6f60f9d0e',
      log: { info: () => {}, error: () => {} },
      onWelcomed: () => {},
    }),
  )
  const states: [ClientState, number?][] = []
  const tokens: string[] = []
  const delays: number[] = []
  const client = connectChannels({
    url: 'ws://127.0.0.1/channels',
    token: async () => `token-${tokens.push('given')}`,
    webSocket: network.webSocket,
    random: () => 0.5,
    timers: {
      after(milliseconds, run) {
        if (milliseconds !== SILENCE) delays.push(milliseconds)
        return time.timers.after(milliseconds, run)
      },
    },
    silenceMilliseconds: SILENCE,
    onState: (name, code) => void states.push(code === undefined ? [name] : [name, code]),
  })
  /** Lets everything that can happen without time passing happen. */
  const flow = async () => {
    for (let turn = 0; turn < 8; turn += 1) {
      await settled()
      network.deliver(1000)
    }
  }
  return { ...time, ...network, ...log, client, states, tokens, delays, flow }
}

type World = ReturnType<typeof world>

function watch({ client }: World, after?: string) {
  const received: number[] = []
  const ended: EndedReason[] = []
  const caughtUp: (string | undefined)[] = []
  const subscription = client.subscribe(patientChannel, {
    after,
    onEntry: ({ entry }) => void received.push(Number(entry.entryId.slice(-12))),
    onCaughtUp: (cursor) => void caughtUp.push(cursor),
    onEnded: (reason) => void ended.push(reason),
  })
  return { received, ended, caughtUp, subscription }
}

test('a client connects, says when it is open, and follows what was asked before that', async () => {
  const here = world()
  const { received, caughtUp, subscription } = watch(here)
  here.append()
  await here.flow()
  here.append()
  await here.flow()
  expect(here.states).toEqual([['connecting'], ['open']])
  expect(received).toEqual([1, 2])
  expect(caughtUp).toEqual(['c1'])
  expect(subscription.cursor).toBe('c2')
})

test('a cursor given at first is where it starts', async () => {
  const here = world()
  here.append()
  here.append()
  const { received } = watch(here, 'c1')
  await here.flow()
  expect(received).toEqual([2])
})

test('a lost connection is taken up again from the last cursor, with a new token', async () => {
  const here = world()
  const { received } = watch(here)
  here.append()
  await here.flow()
  here.cut()
  here.append()
  expect(here.states.at(-1)).toEqual(['reconnecting', 1006])
  here.pass(1000)
  await here.flow()
  expect(here.states.at(-1)).toEqual(['open'])
  expect(here.asked).toEqual([undefined, 'c1'])
  expect(here.tokens).toHaveLength(2)
  expect(received).toEqual([1, 2])
})

test('a channel where nothing happened is resumed from the cursor of its caughtUp', async () => {
  const here = world()
  watch(here)
  await here.flow()
  here.cut()
  here.pass(1000)
  await here.flow()
  expect(here.asked).toEqual([undefined, 'c0'])
})

test('cut anywhere, any number of times, each entry comes exactly once and in order', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          { weight: 3, arbitrary: fc.constant('append' as const) },
          { weight: 2, arbitrary: fc.constant('cut' as const) },
          { weight: 2, arbitrary: fc.constant('pass' as const) },
          { weight: 2, arbitrary: fc.constant('settle' as const) },
          { weight: 4, arbitrary: fc.nat(4) },
        ),
        { maxLength: 60 },
      ),
      async (steps) => {
        const here = world()
        const { received } = watch(here)
        for (const step of steps) {
          if (typeof step === 'number') here.deliver(step)
          else if (step === 'append') here.append()
          else if (step === 'cut') here.cut()
          else if (step === 'pass') here.pass(1000)
          else await settled()
        }
        here.append()
        for (let settling = 0; settling < 3; settling += 1) {
          here.pass(40_000)
          await here.flow()
        }
        expect(received).toEqual(Array.from({ length: here.count() }, (_, index) => index + 1))
        expect(here.following.size).toBe(1)
        here.client.close()
        expect(here.pending()).toBe(0)
      },
    ),
    { numRuns: 150 },
  ))

test('an entry that a gateway sends twice is handled once', async () => {
  const here = world()
  const { received } = watch(here)
  await here.flow()
  const [request] = here.following
  const entry = sharedEntry({ cursor: 'c1', entry: JSON.stringify(admission(1)) })
  request?.onEntry(entry)
  request?.onEntry(entry)
  await here.flow()
  expect(received).toEqual([1])
})

test('an entry whose handler throws is not passed over: it comes again, before those after it', async () => {
  const here = world()
  const received: string[] = []
  let isBroken = true
  const subscription = here.client.subscribe(patientChannel, {
    onEntry({ cursor }) {
      if (cursor === 'c2' && isBroken) throw new Error('no room left')
      received.push(cursor)
    },
  })
  await here.flow()
  here.append()
  here.append()
  here.append()
  await expect(here.flow()).rejects.toThrow('no room left')
  expect(subscription.cursor).toBe('c1')
  isBroken = false
  await here.flow()
  here.pass(1000)
  await here.flow()
  expect(here.asked).toEqual([undefined, 'c1'])
  expect(received).toEqual(['c1', 'c2', 'c3'])
})

test('the state that comes with joining a circle reaches the client', async () => {
  const here = world()
  const states: unknown[] = []
  here.client.subscribe('circle/rpps:1', { onEntry: ({ state }) => void states.push(state) })
  await here.flow()
  const [request] = here.following
  const state = JSON.stringify([admission(1), admission(2)])
  request?.onEntry(sharedEntry({ cursor: 'c3', entry: JSON.stringify(admission(3)), state }))
  await here.flow()
  expect(states).toEqual([[admission(1), admission(2)]])
})

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

test('a gateway that does not come back is tried less and less often, with a spread', async () => {
  const delays: number[] = []
  const time = manualTimers()
  connectChannels({
    url: 'ws://127.0.0.1/channels',
    token: () => Promise.reject(new Error('offline')),
    random: () => 0.5,
    timers: {
      after: (milliseconds, run) => {
        delays.push(milliseconds)
        return time.timers.after(milliseconds, run)
      },
    },
  })
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await settled()
    time.pass(30_000)
  }
  expect(delays).toEqual([187.5, 375, 750, 1500, 3000, 6000, 12_000, 22_500, 22_500, 22_500])
})

/** A gateway that welcomes everybody and ends every session once something is followed, after what `before` does. */
function failingHub(before: (request: FollowRequest) => void = () => {}): Hub {
  return {
    async follow(request) {
      before(request)
      throw new Error('the view is gone')
    },
  }
}

const sendNext = ({ after, onEntry }: FollowRequest) => {
  const number = Number(after?.slice(1) ?? 0) + 1
  onEntry(sharedEntry({ cursor: `c${number}`, entry: JSON.stringify(admission(number)) }))
}

test.each([
  { what: 'welcomes and then fails', before: undefined, delays: [187.5, 375, 750, 1500] },
  { what: 'fails after an entry each time', before: sendNext, delays: [187.5, 187.5, 187.5, 187.5] },
])('how long a client waits for a gateway that $what', async ({ before, delays }) => {
  const here = world(undefined, failingHub(before))
  watch(here)
  for (const _ of delays) {
    await here.flow()
    here.pass(30_000)
  }
  expect(here.delays).toEqual(delays)
})

test('a client that had caught up comes back soon, however often it is cut', async () => {
  const here = world()
  watch(here)
  for (let cuts = 0; cuts < 4; cuts += 1) {
    await here.flow()
    here.cut()
    here.pass(1000)
  }
  expect(here.delays).toEqual([187.5, 187.5, 187.5, 187.5])
})

test('an entry that cannot be handled is asked for less and less often', async () => {
  const here = world()
  here.append()
  here.client.subscribe(patientChannel, {
    onEntry() {
      throw new Error('no room left')
    },
  })
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await expect(here.flow()).rejects.toThrow('no room left')
    await here.flow()
    here.pass(30_000)
  }
  expect(here.delays).toEqual([187.5, 375, 750, 1500])
})

test('a silent gateway is asked, and given up when it stays silent', async () => {
  const here = world()
  await here.flow()
  here.pass(25_000)
  here.pass(25_000)
  const pongs = here.connections[0]?.waiting.map((text): ServerFrame => JSON.parse(text))
  expect(pongs).toEqual([{ type: 'pong' }])
  expect(here.states.at(-1)).toEqual(['open'])
  here.pass(25_000)
  expect(here.states.at(-1)).toEqual(['reconnecting', 1006])
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
