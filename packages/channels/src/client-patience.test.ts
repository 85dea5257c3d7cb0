import type { ServerFrame } from '@relais/contracts/channels'
import { expect, test } from 'vitest'
import { settled, watch, world } from './client.fixture.ts'
import { connectChannels } from './client.ts'
import { type FollowRequest, type Hub, sharedEntry } from './hub.ts'
import { admission, manualTimers, patientChannel } from './simulated.fixture.ts'

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
