import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { setTimeout as wait } from 'node:timers/promises'
import { type Hub, sharedEntry } from '@relais/channels/hub'
import { systemTimers } from '@relais/channels/timers'
import { attachChannels } from '@relais/channels/ws-adapter'
import { Actor } from '@relais/contracts/actor'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Context, contextOf } from '../context.ts'
import type { Output } from '../output.ts'
import { follow, type FollowOptions } from './follow.ts'

/** How long the command waits by itself, in milliseconds. Nobody waits here. */
const pauses: number[] = []
vi.mock('node:timers/promises', async (load) => {
  const timers = await load<{ setTimeout: typeof wait }>()
  const setTimeout: typeof wait = (delay, value, options) => {
    if (options?.signal) pauses.push(delay ?? 0)
    return timers.setTimeout(options?.signal ? 0 : delay, value, options)
  }
  return { ...timers, setTimeout }
})

const verifier = {
  verify: async () => ({
    actor: Actor.parse({ id: 'ch-essai:1', role: 'infirmier', wards: [], scopes: ['channel:follow'] }),
    expiresAt: '2126-11-22T08:00:00.000Z',
  }),
}

/** A gateway on a free port, and no more of a platform. */
async function gateway(hub: Hub) {
  const server = createServer()
  const channels = attachChannels(server, {
    hub,
    verifier,
    timers: systemTimers,
    now: () => new Date().toISOString(),
    newId: () => crypto.randomUUID(),
    log: { info: () => {}, error: () => {} },
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = async () => {
    await channels.close()
    server.close()
  }
  onTestFinished(close)
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, close }
}

/** The data folder of a start that listens there. */
function runningAt(url: string, folder = temporaryFolder()): string {
  const running = { pid: process.pid, http: url, mllp: { host: '127.0.0.1', port: 1 } }
  writeFileSync(join(folder, 'run.json'), JSON.stringify(running))
  return folder
}

/** `relais follow --json`, until the test ends. */
function following(context: Context, options: FollowOptions) {
  const cursors: unknown[] = []
  const notices: string[] = []
  const stopping = new AbortController()
  const out: Output = {
    json: true,
    result: (value) => void cursors.push('cursor' in value && value.cursor),
    notice: (text) => void notices.push(text),
  }
  const ended = follow({ ...context, out }, options, stopping.signal)
  onTestFinished(async () => {
    stopping.abort()
    await ended
  })
  return { cursors, notices }
}

const entry = JSON.stringify({
  entryId: '0b7c6d1e-3a1f-4c8e-8b59-6f1f3f0a9c11',
  patientId: '6f9b2f0e-8a1d-4f8e-9b8c-1f0a7d3c5e21',
  kind: 'admission',
  movementKind: 'admission',
  happenedAt: '2026-11-22T08:30:00.000Z',
  recordedAt: '2026-11-22T08:31:02.114Z',
  wards: [],
  flags: [],
})

test('a token longer than a gateway takes ends the command, which says so', async () => {
  const { url } = await gateway({ follow: async () => 'forbidden' })
  const context = contextOf({ folder: '.', url, token: 'x'.repeat(17_000) })
  const followed = follow(context, { ward: '3620' }, new AbortController().signal)
  await expect(followed).rejects.toThrow('The gateway closed with 1009')
})

test('a start that came back at another address is found there, and followed from the last cursor on', async () => {
  const asked: (string | undefined)[] = []
  const hub = (cursor: string): Hub => ({
    async follow({ after, onEntry, onCaughtUp }) {
      asked.push(after)
      onEntry(sharedEntry({ cursor, entry }))
      onCaughtUp(cursor)
      return { stop: () => {} }
    },
  })
  const before = await gateway(hub('c1'))
  const folder = runningAt(before.url)
  const { cursors, notices } = following(contextOf({ folder, token: 'any' }), { ward: '3620' })
  await waitUntil(() => notices.length > 0, 'the channel to be followed')
  const afterwards = await gateway(hub('c2'))
  runningAt(afterwards.url, folder)
  await before.close()
  await waitUntil(() => cursors.length > 1, 'what came after the restart')
  expect({ cursors, asked }).toEqual({ cursors: ['c1', 'c2'], asked: [undefined, 'c1'] })
  expect(notices).toEqual(['following ward/3620', 'connection lost, reconnecting', 'following ward/3620'])
})

test('access that does not come is asked for less and less often, through a restart, and said once', async () => {
  let lookups = 0
  const platform = createServer((_, answer) => {
    lookups += 1
    answer.writeHead(404).end()
  })
  await once(platform.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void platform.close())
  const address = platform.address()
  const folder = runningAt(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
  pauses.length = 0
  const { notices } = following(contextOf({ folder, token: 'any' }), { ipp: 'CH-ESSAI:900001' })
  await waitUntil(() => lookups > 1, 'a second question')
  rmSync(join(folder, 'run.json'))
  const asked = pauses.length
  await waitUntil(() => pauses.length > asked + 8, 'questions that nothing answers')
  for (const [index, pause] of pauses.entries()) {
    const whole = Math.min(30_000, 500 * 2 ** index)
    expect(pause / whole).toBeGreaterThanOrEqual(0.5)
    expect(pause / whole).toBeLessThan(1)
  }
  expect(notices).toEqual(['no access yet; waiting, Ctrl-C stops'])
})

test('a ward without access waits through a restart too', async () => {
  const refusing = await gateway({ follow: async () => 'forbidden' })
  const folder = runningAt(refusing.url)
  const { cursors, notices } = following(contextOf({ folder, token: 'any' }), { ward: '3620' })
  await waitUntil(() => notices.length > 0, 'the refusal to be said')
  rmSync(join(folder, 'run.json'))
  await waitUntil(() => notices.length > 1, 'the restart to be noticed')
  const allowing = await gateway({
    async follow({ onEntry }) {
      onEntry(sharedEntry({ cursor: 'c1', entry }))
      return { stop: () => {} }
    },
  })
  runningAt(allowing.url, folder)
  await waitUntil(() => cursors.length > 0, 'what came after the restart')
  expect(notices).toEqual(['no access yet; waiting, Ctrl-C stops', 'connection lost, reconnecting'])
})
