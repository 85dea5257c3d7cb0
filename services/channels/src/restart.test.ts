import { connectChannels } from '@relais/channels/client'
import { ChannelName } from '@relais/contracts/channels'
import { embeddedEventStore } from '@relais/event-store-embedded/adapter'
import { openEmbeddedLog } from '@relais/event-store-embedded/open-log'
import { afterTestFile } from '@relais/testkit/cleanup'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { moved, newStay, stayOf } from './facts.fixture.ts'
import { nurse, openGateway, openWriter } from './gateway.fixture.ts'

test('a client sees each entry exactly once across restarts of the gateway, whatever is recorded meanwhile', async () => {
  const folder = temporaryFolder()
  const log = await openEmbeddedLog({ folder })
  afterTestFile(() => log.close())
  const store = embeddedEventStore(log)
  const record = await openWriter(folder, store)
  let gateway = await openGateway({ folder, store })

  const received: string[] = []
  const states: string[] = []
  const client = connectChannels({
    url: gateway.url,
    token: async () => nurse,
    webSocket: WebSocket,
    random: () => 0,
    onState: (state) => void states.push(state),
  })
  afterTestFile(() => client.close())
  client.subscribe(ChannelName.parse('ward/3620'), { onEntry: ({ entry }) => void received.push(stayOf(entry) ?? '') })
  await waitUntil(() => states.includes('open'), 'the connection')

  const expected: string[] = []
  let isWriting = true
  const writing = (async () => {
    while (isWriting) {
      const stay = newStay()
      await record(moved('PatientAdmitted', stay, { ward: '3620' }))
      expected.push(stay.stayId)
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  for (let restart = 0; restart < 2; restart += 1) {
    const seen = received.length
    await waitUntil(() => received.length > seen + 5, 'entries to come')
    await gateway.close()
    gateway = await openGateway({ folder, store, port: gateway.port })
  }
  const seen = received.length
  await waitUntil(() => received.length > seen + 5, 'entries to come again')
  isWriting = false
  await writing
  await waitUntil(() => received.length >= expected.length, 'the rest')
  expect(received).toEqual(expected)
  expect(states).toEqual(['connecting', 'open', 'reconnecting', 'open', 'reconnecting', 'open'])
})
