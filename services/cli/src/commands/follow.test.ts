import { once } from 'node:events'
import { createServer } from 'node:http'
import { systemTimers } from '@relais/channels/timers'
import { attachChannels } from '@relais/channels/ws-adapter'
import { expect, onTestFinished, test } from 'vitest'
import { contextOf } from '../context.ts'
import { follow } from './follow.ts'

test('a token longer than a gateway takes ends the command, which says so', async () => {
  const server = createServer()
  const channels = attachChannels(server, {
    hub: { follow: async () => 'forbidden' },
    verifier: { verify: () => Promise.reject(new Error('never asked')) },
    timers: systemTimers,
    now: () => new Date().toISOString(),
    newId: () => crypto.randomUUID(),
    log: { info: () => {}, error: () => {} },
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(async () => {
    await channels.close()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const context = contextOf({ folder: '.', url: `http://127.0.0.1:${port}` })
  const token = async () => 'x'.repeat(17_000)
  const following = follow({ ...context, token }, { ward: '3620' }, new AbortController().signal)
  await expect(following).rejects.toThrow('The gateway closed with 1009')
})
