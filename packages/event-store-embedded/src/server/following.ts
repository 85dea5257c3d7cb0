import { randomUUID } from 'node:crypto'
import type { EmbeddedLog } from '../log.ts'
import type { ReadResponse } from './messages.ts'
import { drained, isOver, type ReadCall, type Serving } from './outgoing.ts'
import type { ReadPlan } from './read-plan.ts'
import { recordMessage, wirePosition } from './records.ts'

const PAGE = 128

type Page = { messages: ReadResponse[]; exhausted: boolean }
/** Hands out what comes next in the log, page by page; `settle` is what to say when history is exhausted. */
type Source = { next(): Page; settle(): ReadResponse[] }

export function followStream(
  call: ReadCall,
  plan: Extract<ReadPlan, { kind: 'followStream' }>,
  reading: Serving,
): Promise<void> {
  const { log } = reading
  const { stream, structuredUuids } = plan
  let after = plan.after === 'end' ? lastRevision(log, stream) : plan.after
  const next = () => {
    const records = log.readStream(stream, { direction: 'forwards', from: after + 1, limit: PAGE })
    after = records.at(-1)?.revision ?? after
    return {
      messages: records.map((record) => recordMessage(record, structuredUuids)),
      exhausted: records.length === 0,
    }
  }
  return follow(call, { next, settle: () => [] }, reading)
}

export function followAll(
  call: ReadCall,
  plan: Extract<ReadPlan, { kind: 'followAll' }>,
  reading: Serving,
): Promise<void> {
  const { log } = reading
  const start = plan.after === 'end' ? log.lastPosition() : plan.after
  return follow(call, allSource(log, start, plan), reading)
}

function allSource(log: EmbeddedLog, start: number, plan: Extract<ReadPlan, { kind: 'followAll' }>): Source {
  const { filter, structuredUuids } = plan
  let examined = start
  const checkpoints = filter ? checkpointer(start, filter.checkpointInterval) : undefined
  const next = () => {
    const page = log.readAll({
      direction: 'forwards',
      from: examined + 1,
      limit: PAGE,
      prefixes: filter?.streamPrefixes,
    })
    const messages: ReadResponse[] = []
    for (const record of page.records) {
      if (checkpoints) messages.push(...checkpoints.upTo(record.position - 1))
      if (!filter || filter.matches(record)) messages.push(recordMessage(record, structuredUuids))
    }
    examined = page.scannedTo ?? examined
    if (checkpoints) messages.push(...checkpoints.upTo(examined))
    return { messages, exhausted: page.scannedTo === undefined }
  }
  return { next, settle: () => checkpoints?.at(examined) ?? [] }
}

/** Positions are counted, not events: one position, one event, except where the log was never written (gaps). */
function checkpointer(start: number, interval: number) {
  let last = start
  const emit = (position: number): ReadResponse => {
    last = position
    return { checkpoint: wirePosition(position) }
  }
  return {
    *upTo(position: number): Generator<ReadResponse> {
      while (last + interval <= position) yield emit(last + interval)
    },
    at: (position: number): ReadResponse[] => (position > last ? [emit(position)] : []),
  }
}

/**
 * Reads on from the log whenever something was committed: what a consumer has not taken yet waits in the log, not in
 * memory, so a slow one neither loses events nor is dropped, and says `caughtUp` once.
 */
async function follow(call: ReadCall, source: Source, { log, stopping }: Serving): Promise<void> {
  const bell = doorbell()
  const unhook = log.onCommitted(bell.ring)
  call.on('cancelled', bell.ring).on('close', bell.ring)
  stopping.addEventListener('abort', bell.ring)
  try {
    call.write({ confirmation: { subscriptionId: randomUUID() } })
    for (let live = false; !isOver(call, stopping);) {
      const { messages, exhausted } = source.next()
      if (exhausted && !live) messages.push(...source.settle(), { caughtUp: {} })
      live ||= exhausted
      for (const message of messages) {
        if (!call.write(message)) await drained(call, stopping)
        if (isOver(call, stopping)) return
      }
      if (exhausted) await bell.rung()
    }
  } finally {
    unhook()
    stopping.removeEventListener('abort', bell.ring)
  }
}

/** Remembers a ring nobody waited for, so that a commit between a read and the wait is not missed. */
function doorbell() {
  let waiting = Promise.withResolvers<void>()
  return {
    ring: () => waiting.resolve(),
    async rung() {
      await waiting.promise
      waiting = Promise.withResolvers<void>()
    },
  }
}

function lastRevision(log: EmbeddedLog, stream: string): number {
  return log.readStream(stream, { direction: 'backwards', limit: 1 })[0]?.revision ?? -1
}
