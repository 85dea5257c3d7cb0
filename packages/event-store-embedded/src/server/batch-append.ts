import { status, type ServerDuplexStream } from '@grpc/grpc-js'
import type { EmbeddedLog } from '../log.ts'
import { appended } from './append.ts'
import { batchError, timedOut, wrongVersion, type BatchError } from './batch-errors.ts'
import type { Appended, BatchAppendOptions, BatchAppendRequest, BatchAppendResponse, Uuid } from './messages.ts'
import { fail } from './outgoing.ts'
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
}

/** Answers one BatchAppend call: many appends interleaved, each with one response, until one side ends it. */
export function serveBatchAppend(
  call: BatchAppendCall,
  { log, stopping }: { log: EmbeddedLog; stopping: AbortSignal },
): void {
  const batch = openBatch(call, log)
  // MUST not end with OK, nor before what is being written is answered: the client waits for each answer for ever.
  const stop = () => void batch.written().then(() => fail(call, unavailable()))
  stopping.addEventListener('abort', stop)
  call.on('data', (request: BatchAppendRequest) => {
    if (stopping.aborted) return
    batch.receive(request)
    if (call.writableNeedDrain) call.pause().once('drain', () => call.resume())
  })
  call.on('end', () => void batch.written().then(() => (stopping.aborted ? undefined : call.end())))
  call.on('cancelled', () => {
    stopping.removeEventListener('abort', stop)
    batch.forget()
  })
}

function openBatch(call: BatchAppendCall, log: EmbeddedLog) {
  const open = new Map<string, Open>()
  /** Answered before their last chunk came: the rest is to be ignored. */
  const refused = new Set<string>()
  const writing = new Set<Promise<void>>()

  function answer(append: Open, result: { error: BatchError } | { success: Appended }) {
    if (!open.delete(append.id)) return
    clearTimeout(append.timer)
    const { correlationId, target } = append
    const expected = target.wireRevision === undefined ? { noStream: {} } : { streamPosition: target.wireRevision }
    call.write({ correlationId, streamIdentifier: streamIdentifier(target.stream), ...result, ...expected })
  }

  function refuse(append: Open, error: BatchError, isFinal: boolean) {
    if (!isFinal) refused.add(append.id)
    answer(append, { error })
  }

  function begin(id: string, request: BatchAppendRequest): Open | undefined {
    const correlationId = request.correlationId ?? { string: id }
    const target = request.options ? parseTarget(request.options) : invalid('An append names its stream first')
    if (isRefusal(target)) {
      if (!request.isFinal) refused.add(id)
      const stream = streamName(request.options?.streamIdentifier) ?? ''
      call.write({ correlationId, streamIdentifier: streamIdentifier(stream), error: batchError(target) })
      return undefined
    }
    const deadline = deadlineOf(request.options)
    const append: Open = { id, correlationId, target, proposals: { events: [], size: 0 }, deadline, timer: undefined }
    open.set(id, append)
    if (deadline - Date.now() <= LONGEST_TIMER)
      append.timer = setTimeout(() => refuse(append, timedOut, false), deadline - Date.now())
    return append
  }

  async function commit(append: Open) {
    const { target, proposals } = append
    try {
      const outcome = await log.append(target.stream, target.expected, proposals.events)
      if (outcome.appended) answer(append, { success: appended(outcome, proposals) })
      else answer(append, { error: wrongVersion(outcome, target) })
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal.code === status.UNAVAILABLE) fail(call, refusal)
      else answer(append, { error: batchError(refusal) })
    }
  }

  function receive(request: BatchAppendRequest) {
    const { isFinal } = request
    const id = readUuid(request.correlationId)
    if (id === undefined) return fail(call, invalid('An append needs a correlation id'))
    if (refused.has(id)) return void (isFinal && refused.delete(id))
    const append = open.get(id) ?? begin(id, request)
    if (!append) return undefined
    if (append.deadline <= Date.now()) return refuse(append, timedOut, isFinal)
    for (const message of request.proposedMessages) {
      const refusal = addProposal(append.proposals, message)
      if (refusal) return refuse(append, batchError(refusal), isFinal)
    }
    if (!isFinal) return undefined
    const done = commit(append).finally(() => writing.delete(done))
    writing.add(done)
  }

  return {
    receive,
    /** Resolves once every append whose last chunk has come is answered. */
    written: () => Promise.all(writing),
    forget() {
      for (const { timer } of open.values()) clearTimeout(timer)
      open.clear()
    },
  }
}

function deadlineOf(options: BatchAppendOptions | null): number {
  if (options?.deadlineAt) return milliseconds(options.deadlineAt)
  return options?.deadlineIn ? Date.now() + milliseconds(options.deadlineIn) : Infinity
}

function milliseconds({ seconds, nanos }: { seconds: string; nanos: number }): number {
  return Number(seconds) * 1000 + nanos / 1_000_000
}
