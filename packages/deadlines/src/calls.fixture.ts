import { createSecretKey } from 'node:crypto'
import { manualTimers } from '@relais/channels/simulated.fixture'
import type { EventMetadata } from '@relais/contracts/actor'
import { event, Instant } from '@relais/contracts/primitives'
import type { Database } from '@relais/database/database'
import { accept, type Decider, type Decision, reject } from '@relais/decider/decider'
import { commandHandler } from '@relais/event-store/command-handler'
import type { EventStore } from '@relais/event-store/port'
import { codecSet, eventCodec } from '@relais/events/codec'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { Projection } from '@relais/projections/projection'
import { startProjection } from '@relais/projections/runner'
import { logger } from '@relais/telemetry/logger'
import { z } from 'zod'
import {
  clearDeadline,
  type Deadline,
  deadlineIdOf,
  type DeadlineTables,
  deadlineTables,
  eventIdsOf,
  type Fire,
  setDeadline,
} from './deadline.ts'
import { addHours } from './local-date.ts'
import { type DeadlineOptions, startDeadlines } from './scheduler.ts'

/** After so many calls that nobody made, no other is planned. */
const MISSED_CALLS_LIMIT = 3

const subject = { callId: z.string(), patientId: z.string() }
const CallEvent = z.discriminatedUnion('type', [
  event('CallPlanned', { ...subject, dueAt: Instant }),
  event('CallMade', subject),
  event('CallMissed', { ...subject, dueAt: Instant, nextDueAt: Instant.optional() }),
])
export type CallEvent = z.infer<typeof CallEvent>

export const callEvents = {
  category: 'call',
  routing: ['callId', 'patientId'],
  sealedBy: 'patientId',
  schema: CallEvent,
  versions: { CallPlanned: 1, CallMade: 1, CallMissed: 1 },
  upcasts: {},
}

export type CallCommand =
  | { type: 'PlanCall'; callId: string; dueAt: string }
  | { type: 'RecordCall'; callId: string }
  | { type: 'MissCall'; callId: string; dueAt: string }
type CallRejection = { code: 'callNotPlanned' } | { code: 'callOver' }
type CallState = { status: 'none' } | { status: 'planned' | 'over'; dueAt: string; missed: readonly string[] }

/** Somebody who left hospital is to be called by then; a call that nobody made is to be made a day later. */
const calls: Decider<CallCommand, CallEvent, CallState, CallRejection> = {
  initialState: { status: 'none' },
  evolve(state, { type, data }) {
    const missed = state.status === 'none' ? [] : state.missed
    switch (type) {
      case 'CallPlanned':
        return { status: 'planned', dueAt: data.dueAt, missed }
      case 'CallMade':
        return { status: 'over', dueAt: '', missed }
      case 'CallMissed': {
        const { dueAt, nextDueAt } = data
        return {
          status: nextDueAt === undefined ? 'over' : 'planned',
          dueAt: nextDueAt ?? '',
          missed: [...missed, dueAt],
        }
      }
    }
  },
  decide(command, state): Decision<CallEvent, CallRejection> {
    const about = { callId: command.callId, patientId: `patient of ${command.callId}` }
    if (command.type === 'PlanCall') {
      const { dueAt } = command
      if (state.status === 'over') return reject({ code: 'callOver' })
      const isRepeat = state.status === 'planned' && state.dueAt === dueAt
      return isRepeat ? accept() : accept({ type: 'CallPlanned', data: { ...about, dueAt } })
    }
    if (state.status === 'none') return reject({ code: 'callNotPlanned' })
    if (command.type === 'RecordCall')
      return state.status === 'over' ? accept() : accept({ type: 'CallMade', data: about })
    const { dueAt } = command
    if (state.status === 'over' || state.dueAt !== dueAt) return accept()
    const isLast = state.missed.length + 1 >= MISSED_CALLS_LIMIT
    const next = isLast ? {} : { nextDueAt: addHours(dueAt, 24) }
    return accept({ type: 'CallMissed', data: { ...about, dueAt, ...next } })
  },
}

export type CallTables = DeadlineTables

export const callDeadlines: Projection<CallEvent> = {
  name: 'call-deadlines-1',
  tables: deadlineTables,
  rows({ event: fact, stream }) {
    if (fact === undefined) return []
    const deadlineId = callDeadlineId(fact.data.callId)
    const dueAt =
      fact.type === 'CallPlanned' ? fact.data.dueAt : fact.type === 'CallMissed' ? fact.data.nextDueAt : undefined
    if (dueAt === undefined) return [clearDeadline(deadlineId)]
    return [setDeadline({ deadlineId, kind: 'missCall', subject: stream, dueAt, detail: { callId: fact.data.callId } })]
  },
}

export const callDeadlineId = (callId: string) => deadlineIdOf('missCall', `call-${callId}`)

export const START = '2026-11-23T08:00:00.000Z'
export const EPOCH = '00000000-0000-4000-8000-000000000001'
/** The same in every process, as that of the vault is. */
const key = createSecretKey(Buffer.alloc(32, 7))
const metadata = (id: string): Omit<EventMetadata, 'recordedAt'> => ({
  $correlationId: id,
  actor: { id: 'relais:deadlines', role: 'system' },
})

/** The commands about calls on a log. */
export function callCommands(store: EventStore, now: () => string) {
  const codec = eventCodec<CallEvent>(callEvents, { sealingKey: () => key, openingKey: () => key })
  const handle = commandHandler(calls, { store, codec, now, newId: () => derivedUuid(now(), String((count += 1))) })
  let count = 0
  const send = async (command: CallCommand, eventId?: (index: number) => string) => {
    const id = derivedUuid('command', command.callId)
    const result = await handle(command.callId, command, { metadata: metadata(id), ...(eventId ? { eventId } : {}) })
    return { position: result.accepted ? result.position : undefined }
  }
  const planned = async (callId: string, dueAt: string) =>
    (await send({ type: 'PlanCall', callId, dueAt })).position ?? 0
  const made = async (callId: string) => (await send({ type: 'RecordCall', callId })).position ?? 0
  const miss: Fire = ({ dueAt, detail, ...deadline }) =>
    send({ type: 'MissCall', callId: z.string().parse(detail['callId']), dueAt }, eventIdsOf({ ...deadline, dueAt }))
  return { codec, planned, made, miss }
}

/** What the log says of calls, oldest first: `missed a 2026-11-23T09:00`. */
export async function toldBy(store: EventStore, { codec }: ReturnType<typeof callCommands>): Promise<string[]> {
  const told: string[] = []
  for await (const recorded of store.readAll()) {
    const fact = (await codec.decode(recorded))?.event
    if (fact?.type === 'CallMissed') told.push(`missed ${fact.data.callId} ${fact.data.dueAt.slice(0, 16)}`)
  }
  return told
}

/** Time that passes, or jumps, when it is told to. */
export function virtualTime() {
  const time = manualTimers(addHours(START, -1))
  const listeners = new Set<() => void>()
  let ahead = 0
  const now = () => new Date(Date.parse(time.now()) + ahead).toISOString()
  return {
    timers: time.timers,
    pass: time.pass,
    pending: time.pending,
    /** Of the hour of the start. */
    after: (hours: number) => addHours(START, hours),
    jump(hours: number) {
      ahead += hours * 3_600_000
      if (hours > 0) for (const listener of listeners) listener()
    },
    /** As a machine that finds out what time it is. */
    jumpSilently: (hours: number) => void (ahead += hours * 3_600_000),
    clock: {
      now,
      onAdvanced(listener: () => void) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
  }
}

type Composed = {
  store: EventStore
  database: Database<CallTables>
  time: Pick<DeadlineOptions, 'clock' | 'timers'>
  options?: Partial<DeadlineOptions>
}

/** A projection and its deadlines, as a service composes them. `fired` is what was begun, in order. */
export function callCentre({ store, database, time, options = {} }: Composed) {
  const { now } = time.clock
  const lines: Record<string, unknown>[] = []
  const log = logger({ level: 'info', destination: { write: (line) => void lines.push(JSON.parse(line)) } })
  const commands = callCommands(store, now)
  const fired: Deadline[] = []
  const view = startProjection({
    projection: callDeadlines,
    codecs: codecSet([commands.codec]),
    store,
    database,
    epoch: EPOCH,
    log,
    now,
    onCommitted: () => deadlines.wake(),
    onOvertaken: () => deadlines.wake(),
  })
  const { fire = commands.miss, ...others } = options
  const recorded: Fire = (deadline) => {
    fired.push(deadline)
    return fire(deadline)
  }
  const deadlines = startDeadlines({ name: 'calls', database, view, ...time, log, fire: recorded, ...others })
  return {
    ...commands,
    view,
    deadlines,
    fired,
    lines,
    firedCalls: () => fired.map(({ detail }) => detail['callId']),
    async stop() {
      await deadlines.stop()
      await view.stop()
    },
  }
}
