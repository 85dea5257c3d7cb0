import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ChannelsClient, connectChannels } from '@relais/channels/client'
import { systemTimers } from '@relais/channels/timers'
import type { ChannelName } from '@relais/contracts/channels'
import { type ChannelEntry, isPathwayEntry, type StateEntry } from '@relais/contracts/channel-entries'
import { startRelais } from '@relais/testkit/relais'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { z } from 'zod'
import { ask, findPatient } from './people.fixture.ts'

const LONGEST_OUTAGE_SECONDS = 60

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const Running = z.object({ http: z.string(), mllp: z.object({ host: z.string(), port: z.int() }) })

export type MortalPlatform = ReturnType<typeof mortalPlatform>

/** A folder on which the platform runs, dies and runs again, on other ports each time. */
export function mortalPlatform() {
  const folder = temporaryFolder()
  const running = () => Running.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')))
  return {
    folder,
    /** Where it listens, or did when it last ran. */
    running,
    where: () => ({ folder, url: running().http }),
    start: () => startRelais({ folder, env: { NODE_COMPILE_CACHE: join(folder, 'compiled') } }),
    /** Tries again until it works, as whoever is cut off by a crash does. */
    insist: <Done>(attempt: () => Promise<Done | undefined>, what: string) =>
      waitUntil(() => attempt().catch(() => undefined), what, LONGEST_OUTAGE_SECONDS),
  }
}

type Received = { entry: ChannelEntry; state?: StateEntry[] | undefined }

/** Somebody who follows a channel with the client library and keeps the cursor of what was handled. */
export async function followerOf({ running }: MortalPlatform, token: string, channel: ChannelName) {
  const received: Received[] = []
  const pathways = () => received.map(({ entry }) => entry).filter(isPathwayEntry)
  let cursor: string | undefined
  let client: ChannelsClient | undefined
  let hasCaughtUp = false
  /** The library comes back by itself; opening again is what a page that is loaded again does. */
  function open() {
    client?.close()
    client = connectChannels({ ...impatient(running), token: async () => token })
    client.subscribe(channel, {
      after: cursor,
      onEntry: ({ cursor: reached, ...rest }) => {
        received.push(rest)
        cursor = reached
      },
      onCaughtUp: (reached) => {
        cursor = reached
        hasCaughtUp = true
      },
    })
  }
  open()
  await waitUntil(() => hasCaughtUp, `${channel} to be followed`)
  return {
    received,
    /** Of the entries of pathways; what people are told comes beside them. */
    ids: () => pathways().map(({ entryId }) => entryId),
    has: (count: number) => waitUntil(() => pathways().length >= count, `${channel} to have ${count} entries`),
    reopen: open,
    close: () => client?.close(),
  }
}

/** Goes to where the platform is now, and soon. */
function impatient(running: MortalPlatform['running']) {
  const soon = (milliseconds: number) => (milliseconds < 60_000 ? Math.min(milliseconds, 100) : milliseconds)
  return {
    url: 'ws://wherever-it-is',
    webSocket: class extends WebSocket {
      constructor(_: string, protocol: string) {
        super(`${running().http.replace('http', 'ws')}/channels`, protocol)
      }
    },
    silenceMilliseconds: 3_600_000,
    timers: {
      ...systemTimers,
      after: (milliseconds: number, work: () => void) => systemTimers.after(soon(milliseconds), work),
    },
  }
}

/** Somebody of a ward who declares members of care circles and takes them out again. */
export function circleKeeper({ where, insist }: MortalPlatform, token: string) {
  const isDone = (asked: Parameters<typeof ask>[2]) =>
    insist(async () => (await ask(where(), token, asked)).status === 204, 'a change of a circle')
  return {
    find: (ipp: string) => insist(() => findPatient(where(), token, ipp), `patient ${ipp} to be known`),
    add: (patientId: string, memberId: string, role: string) =>
      isDone({ method: 'POST', path: `/patients/${patientId}/circle`, body: { memberId, role } }),
    remove: (patientId: string, memberId: string, role: string) =>
      isDone({ method: 'DELETE', path: `/patients/${patientId}/circle/${encodeURIComponent(memberId)}/${role}` }),
  }
}
