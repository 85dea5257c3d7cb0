import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settled, watch, world } from './client.fixture.ts'
import { sharedEntry } from './hub.ts'
import { admission, patientChannel } from './simulated.fixture.ts'

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
