import { ChannelName } from '@relais/contracts/channels'
import { expect, test } from 'vitest'
import { connectChannels } from './client.ts'
import type { FollowRequest } from './hub.ts'
import { loopback } from './loopback.fixture.ts'
import { openSession } from './session.ts'
import { ready, settled } from './session.fixture.ts'
import { manualTimers, nurse, patientChannel, sharedAdmission } from './simulated.fixture.ts'
import { defaultLimits } from './ws-adapter.ts'

test('an acknowledgment goes to the subscription it names, and to no other', async () => {
  const { receive, subscribe, call, frames, closes } = await ready()
  const acknowledged: string[] = []
  receive({ type: 'ack', id: 'a', cursor: 'c0' })
  subscribe('a')
  call(0).answer({ stop: () => {}, acknowledge: (cursor) => void acknowledged.push(cursor) })
  await settled()
  receive({ type: 'ack', id: 'a', cursor: 'c1' })
  receive({ type: 'ack', id: 'b', cursor: 'c2' })
  receive({ type: 'unsubscribe', id: 'a' })
  receive({ type: 'ack', id: 'a', cursor: 'c3' })
  expect(acknowledged).toEqual(['c1'])
  expect(frames()).toEqual([{ type: 'ended', id: 'a', reason: 'unsubscribed' }])
  expect(closes).toEqual([])
})

/** A client that follows one channel, over a network that the test delivers. */
async function following(channel: string) {
  const time = manualTimers()
  const acknowledged: string[] = []
  const requests: FollowRequest[] = []
  const network = loopback((socket) =>
    openSession({
      ...time,
      socket,
      hub: {
        async follow(request) {
          requests.push(request)
          request.onEntry(sharedAdmission(1))
          request.onCaughtUp('c1')
          return { stop: () => {}, acknowledge: (cursor) => void acknowledged.push(cursor) }
        },
      },
      verifier: { verify: async () => ({ actor: nurse, expiresAt: '2026-11-23T08:00:00.000Z' }) },
      limits: defaultLimits,
      newId: () => '4d4f7a51-6a5c-4f5e-9d0a-52f6f60f9d0e',
      log: { info: () => {}, error: () => {} },
      onWelcomed: () => {},
    }),
  )
  const handled: string[] = []
  const client = connectChannels({
    url: 'ws://127.0.0.1/channels',
    token: async () => 'good',
    webSocket: network.webSocket,
    timers: time.timers,
  })
  client.subscribe(ChannelName.parse(channel), { onEntry: ({ cursor }) => void handled.push(cursor) })
  const turn = async () => {
    await settled()
    network.deliver(100)
    await settled()
  }
  for (let round = 0; round < 4; round += 1) await turn()
  const push = (...numbers: number[]) => {
    for (const number of numbers) requests.at(-1)?.onEntry(sharedAdmission(number))
    return turn()
  }
  return { ...time, acknowledged, handled, push, client }
}

test('a client says what of an inbox has reached it: at once when it has caught up, then a few times a second', async () => {
  const { acknowledged, handled, push, pass } = await following('inbox/rpps:10002909371')
  expect(handled).toEqual(['cursor-1'])
  expect(acknowledged).toEqual(['c1'])
  await push(2, 3, 4)
  expect(acknowledged).toEqual(['c1'])
  pass(200)
  expect(acknowledged).toEqual(['c1', 'cursor-4'])
  await push(5)
  pass(200)
  expect(acknowledged).toEqual(['c1', 'cursor-4', 'cursor-5'])
})

test('a client that is closed acknowledges no more, and says nothing of other channels', async () => {
  const inbox = await following('inbox/rpps:10002909371')
  await inbox.push(2)
  inbox.client.close()
  inbox.pass(1000)
  expect(inbox.acknowledged).toEqual(['c1'])
  const patient = await following(patientChannel)
  await patient.push(2)
  patient.pass(1000)
  expect(patient.acknowledged).toEqual([])
})
