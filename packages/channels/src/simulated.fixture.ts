import type { Actor } from '@relais/contracts/actor'
import { Actor as ActorSchema } from '@relais/contracts/actor'
import { ChannelName, ServerFrame } from '@relais/contracts/channels'
import { PathwayEntry } from '@relais/contracts/pathway'
import { type Followed, type FollowRequest, type Hub, sharedEntry, type SharedEntry } from './hub.ts'
import type { SessionSocket } from './session.ts'
import type { Timers } from './timers.ts'

/** Beyond this delay, the timers of Node and of browsers fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1

/** Time that passes when it is told to. */
export function manualTimers(start = '2026-11-22T08:00:00.000Z') {
  let clock = Date.parse(start)
  let pending: { at: number; run: () => void }[] = []
  const timers: Timers = {
    after(milliseconds, run) {
      const timer = { at: clock + (milliseconds > LONGEST_DELAY ? 1 : milliseconds), run }
      pending.push(timer)
      return () => {
        pending = pending.filter((other) => other !== timer)
      }
    },
  }
  return {
    timers,
    now: () => new Date(clock).toISOString(),
    pending: () => pending.length,
    pass(milliseconds: number) {
      const until = clock + milliseconds
      for (;;) {
        const next = pending.filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at)[0]
        if (!next) break
        pending = pending.filter((timer) => timer !== next)
        clock = next.at
        next.run()
      }
      clock = until
    },
  }
}

/** A socket that keeps what it is given; `bufferedAmount` is what the test says. */
export function keptSocket() {
  const sent: string[] = []
  const closes: { code: number; reason: string }[] = []
  const socket = {
    bufferedAmount: 0,
    send: (text: string | Uint8Array) => void sent.push(textOf(text)),
    close: (code: number, reason: string) => void closes.push({ code, reason }),
  } satisfies SessionSocket
  return {
    socket,
    sent,
    closes,
    frames: () => sent.map((text) => ServerFrame.parse(JSON.parse(text))),
  }
}

/** A hub whose answers the test gives, one call at a time. */
export function askedHub() {
  const asked: { request: FollowRequest; answer: (answer: Followed | 'forbidden' | 'cursorUnknown') => void }[] = []
  const hub: Hub = {
    follow: (request) => new Promise((resolve) => asked.push({ request, answer: resolve })),
  }
  const call = (index: number) => {
    const found = asked[index]
    if (!found) throw new Error(`follow was called ${asked.length} times`)
    return found
  }
  return { hub, asked, call }
}

export const nurse: Actor = ActorSchema.parse({
  id: 'rpps:10002909371',
  role: 'infirmier',
  organisation: '750100018',
  wards: ['3620'],
  scopes: ['channel:follow'],
})

export const patientChannel = ChannelName.parse('patient/6f9b2f0e-8a1d-4f8e-9b8c-1f0a7d3c5e21')

/** An admission: the `number` tells one from another. */
export function admission(number: number): PathwayEntry {
  return PathwayEntry.parse({
    entryId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    patientId: '6f9b2f0e-8a1d-4f8e-9b8c-1f0a7d3c5e21',
    kind: 'admission',
    movementKind: 'admission',
    happenedAt: '2026-11-22T08:30:00.000Z',
    recordedAt: '2026-11-22T08:31:02.114Z',
    wards: [{ facility: '750100018', code: '3620', label: 'Gériatrie aiguë', responsibility: 'both' }],
    flags: [],
  })
}

export function sharedAdmission(number: number): SharedEntry {
  return sharedEntry({ cursor: `cursor-${number}`, entry: JSON.stringify(admission(number)) })
}

export const textOf = (sent: string | Uint8Array) => (typeof sent === 'string' ? sent : Buffer.from(sent).toString())
