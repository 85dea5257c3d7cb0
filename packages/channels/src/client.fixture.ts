import type { EndedReason } from '@relais/contracts/channels'
import { connectChannels, type ClientState } from './client.ts'
import { type FollowRequest, type Hub, sharedEntry } from './hub.ts'
import { loopback } from './loopback.fixture.ts'
import type { Verifier } from './credentials.ts'
import { openSession } from './session.ts'
import { admission, manualTimers, nurse, patientChannel } from './simulated.fixture.ts'
import { defaultLimits } from './ws-adapter.ts'

const SILENCE = 25_000
/** Everything that was under way has happened. */
export const settled = () => new Promise((resolve) => setImmediate(resolve))

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

/** A client and a gateway in one process, where time passes and frames arrive when a test says so. */
export function world(verifier?: Verifier, hub?: Hub, ticket?: () => Promise<string>) {
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
    ...(ticket ? { ticket } : { token: async () => `token-${tokens.push('given')}` }),
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

/** Follows the channel of a patient: what came of it, by number. */
export function watch({ client }: World, after?: string) {
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
