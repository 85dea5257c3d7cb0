import { status, type ServerDuplexStream } from '@grpc/grpc-js'
import type { EmbeddedLog } from '../log.ts'
import { appended } from './append.ts'
import { batchError, timedOut, wrongVersion, type BatchError } from './batch-errors.ts'
import type { Appended, BatchAppendOptions, BatchAppendRequest, BatchAppendResponse, Uuid } from './messages.ts'
import { fail, type Serving } from './outgoing.ts'
import { addProposal, parseTarget, type Proposals, type Target } from './proposals.ts'
import { isRefusal } from './read-plan.ts'
import { streamIdentifier, streamName } from './records.ts'
import { invalid, refusalOf, unavailable } from './refusals.ts'
import { readUuid } from './uuids.ts'

/** The longest that a Node timer can wait, in milliseconds. */
const LONGEST_TIMER = 2_147_483_647

export type BatchAppendCall = ServerDuplexStream<BatchAppendRequest, BatchAppendResponse>

/** One append of the many that share a call. While it is in the map of open ones it has not been answered. */
type Open = {
  id: string
  correlationId: Uuid
  target: Target
  proposals: Proposals
  /** In milliseconds since 1970. */
  deadline: number
  timer: NodeJS.Timeout | undefined
  /** Its last chunk has come. */
  complete: boolean
}
type Batch = {
  call: BatchAppendCall
  log: EmbeddedLog
  open: Map<string, Open>
  /** Answered before their last chunk came: the rest is to be ignored. */
  refused: Set<string>
  writing: Set<Promise<void>>
}

/** Answers one BatchAppend call: many appends interleaved, each with one response, until one side ends it. */
export function serveBatchAppend(call: BatchAppendCall, { log, stopping }: Serving): void {
  const batch: Batch = { call, log, open: new Map(), refused: new Set(), writing: new Set() }
  const written = () => Promise.all(batch.writing)
  // MUST not end with OK, nor before what is being written is answered: the client waits for each answer for ever.
  const stop = () => void written().then(() => fail(call, unavailable()))
  stopping.addEventListener('abort', stop)
  call.on('data', (request: BatchAppendRequest) => {
    if (stopping.aborted) return
    receive(batch, request)
    if (!call.writableNeedDrain) return
    call.pause()
    call.once('drain', () => call.resume())
  })
  const finish = () => {
    if (!stopping.aborted) call.end()
  }
  call.on('end', () => void written().then(finish))
  call.on('cancelled', () => {
    stopping.removeEventListener('abort', stop)
    for (const { timer } of batch.open.values()) clearTimeout(timer)
    batch.open.clear()
  })
}

function receive(batch: Batch, request: BatchAppendRequest): void {
  const { isFinal } = request
  const id = readUuid(request.correlationId)
  if (id === undefined) return fail(batch.call, invalid('An append needs a correlation id'))
  if (batch.refused.has(id)) {
    if (isFinal) batch.refused.delete(id)
    return
  }
  const append = batch.open.get(id) ?? begin(batch, id, request)
  if (!append || append.complete) return
  append.complete = isFinal
  if (append.deadline <= Date.now()) return refuse(batch, append, timedOut)
  for (const message of request.proposedMessages) {
    const refusal = addProposal(append.proposals, message)
    if (refusal) return refuse(batch, append, batchError(refusal))
  }
  if (!isFinal) return
  const done = commit(batch, append).finally(() => batch.writing.delete(done))
  batch.writing.add(done)
}

function begin(batch: Batch, id: string, { correlationId, options, isFinal }: BatchAppendRequest): Open | undefined {
  const target = options ? parseTarget(options) : invalid('An append names its stream first')
  const echoed = correlationId ?? { string: id }
  if (isRefusal(target)) {
    if (!isFinal) batch.refused.add(id)
    const stream = streamIdentifier(streamName(options?.streamIdentifier) ?? '')
    batch.call.write({ correlationId: echoed, streamIdentifier: stream, error: batchError(target) })
    return undefined
  }
  const append: Open = {
    id,
    correlationId: echoed,
    target,
    proposals: { events: [], size: 0 },
    deadline: deadlineOf(options),
    timer: undefined,
    complete: false,
  }
  const remaining = Math.max(append.deadline - Date.now(), 0)
  if (remaining <= LONGEST_TIMER) append.timer = setTimeout(() => refuse(batch, append, timedOut), remaining)
  batch.open.set(id, append)
  return append
}

async function commit(batch: Batch, append: Open): Promise<void> {
  const { target, proposals } = append
  try {
    const outcome = await batch.log.append(target.stream, target.expected, proposals.events)
    if (outcome.appended) answer(batch, append, { success: appended(outcome, proposals) })
    else answer(batch, append, { error: wrongVersion(outcome, target) })
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal.code === status.UNAVAILABLE) fail(batch.call, refusal)
    else answer(batch, append, { error: batchError(refusal) })
  }
}

function refuse(batch: Batch, append: Open, error: BatchError): void {
  if (!append.complete) batch.refused.add(append.id)
  answer(batch, append, { error })
}

function answer(batch: Batch, append: Open, result: { error: BatchError } | { success: Appended }): void {
  if (!batch.open.delete(append.id)) return
  clearTimeout(append.timer)
  const { correlationId, target } = append
  const expected = target.wireRevision === undefined ? { noStream: {} } : { streamPosition: target.wireRevision }
  batch.call.write({ correlationId, streamIdentifier: streamIdentifier(target.stream), ...result, ...expected })
}

function deadlineOf(options: BatchAppendOptions | null): number {
  if (options?.deadlineAt) return milliseconds(options.deadlineAt)
  return options?.deadlineIn ? Date.now() + milliseconds(options.deadlineIn) : Infinity
}

function milliseconds({ seconds, nanos }: { seconds: string; nanos: number }): number {
  return Number(seconds) * 1000 + nanos / 1_000_000
}
