import type { EmbeddedLog, LogRecord } from '../log.ts'
import { drained, fail, isOver, type ReadCall, type Serving } from './outgoing.ts'
import { isRefusal, planRead, type ReadPlan } from './read-plan.ts'
import { recordMessage, streamIdentifier } from './records.ts'
import { refusalOf, unavailable } from './refusals.ts'
import { followAll, followStream } from './following.ts'

/** Records fetched at once. A page is read synchronously, so this bounds how long other calls wait. */
const PAGE = 128

/** Answers one Read call: a bounded read, or a subscription that lasts until one side ends it. */
export async function serveRead(call: ReadCall, { log, stopping }: Serving): Promise<void> {
  const plan = planRead(call.request)
  if (isRefusal(plan)) return fail(call, plan)
  try {
    await answer(call, plan, { log, stopping })
    if (stopping.aborted) return fail(call, unavailable())
    if (!call.destroyed) call.end()
  } catch (error) {
    fail(call, refusalOf(error))
  }
}

function answer(call: ReadCall, plan: ReadPlan, reading: Serving): Promise<void> {
  switch (plan.kind) {
    case 'stream':
    case 'nothing':
      return sendStream(call, plan, reading)
    case 'all':
      return sendPages(call, allPages(reading.log, plan), { ...plan, ...reading })
    case 'followStream':
      return followStream(call, plan, reading)
    case 'followAll':
      return followAll(call, plan, reading)
  }
}

async function sendStream(
  call: ReadCall,
  plan: Extract<ReadPlan, { kind: 'stream' | 'nothing' }>,
  reading: Serving,
): Promise<void> {
  const { stream } = plan
  if (stream === undefined) return
  const exists = reading.log.readStream(stream, { direction: 'forwards', limit: 1 }).length > 0
  if (!exists) {
    call.write({ streamNotFound: { streamIdentifier: streamIdentifier(stream) } })
    return
  }
  if (plan.kind === 'stream') await sendPages(call, streamPages(reading.log, plan), { ...plan, ...reading })
}

function* streamPages(log: EmbeddedLog, plan: Extract<ReadPlan, { kind: 'stream' }>): Generator<readonly LogRecord[]> {
  const { stream, direction } = plan
  const step = direction === 'forwards' ? 1 : -1
  let from = plan.from
  while (from === undefined || from >= 0) {
    const page = log.readStream(stream, { direction, from, limit: Math.min(PAGE, plan.count) })
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    from = last.revision + step
  }
}

function* allPages(log: EmbeddedLog, plan: Extract<ReadPlan, { kind: 'all' }>): Generator<readonly LogRecord[]> {
  const { direction, filter } = plan
  const limit = Math.min(PAGE, plan.count)
  let from = plan.from
  for (;;) {
    const { records, scannedTo } = log.readAll({ direction, from, limit, prefixes: filter?.streamPrefixes })
    yield filter ? records.filter((record) => filter.matches(record)) : records
    if (scannedTo === undefined) return
    from = direction === 'forwards' ? scannedTo + 1 : scannedTo
  }
}

async function sendPages(
  call: ReadCall,
  pages: Iterable<readonly LogRecord[]>,
  { count, structuredUuids, stopping }: { count: number; structuredUuids: boolean; stopping: AbortSignal },
): Promise<void> {
  let sent = 0
  for (const page of pages) {
    for (const record of page.slice(0, count - sent)) {
      if (isOver(call, stopping)) return
      sent += 1
      if (!call.write(recordMessage(record, structuredUuids))) await drained(call, stopping)
    }
    if (sent >= count || isOver(call, stopping)) return
    if (page.length === 0) await nextTurn()
  }
}

/** A selective filter may examine much and find nothing: other calls get their turn in between. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
