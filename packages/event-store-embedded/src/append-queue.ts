import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { AppendTooLarge, LogFull, StoreUnavailable } from '@relais/event-store/port'
import type { AppendOutcome, LogRecord, LogStatistics } from './log.ts'
import { pendingAppends } from './pending-appends.ts'
import { recordsOf } from './tail.ts'
import type { Append } from './transaction.ts'
import { pack, type WriterData, type WriterReply, type WriterRequest } from './writer-messages.ts'

type QueueOptions = WriterData & { maxAppendBytes: number; onCommitted: OnCommitted }
/** What was made durable, in order, and the last position of the log. */
type OnCommitted = (records: readonly LogRecord[], position: number) => void

/** The caller's side of the writer thread: appends of one turn of the event loop leave in one message. */
export async function startAppendQueue({ maxAppendBytes, onCommitted, ...writerData }: QueueOptions) {
  const worker = new Worker(new URL('./writer.ts', import.meta.url), { workerData: writerData })
  await once(worker, 'message')
  const pending = pendingAppends()
  const statistics: LogStatistics = { flushes: 0, appends: 0, events: 0 }
  const exited = settleReplies(worker, { pending, statistics, onCommitted })
  const closing = new AbortController()
  const post = (request: WriterRequest, transfer: ArrayBuffer[] = []) => worker.postMessage(request, transfer)
  void exited.then((lost) => closing.abort(lost))

  let sending: NodeJS.Immediate | undefined
  function send() {
    clearImmediate(sending)
    sending = undefined
    const appends = pending.take()
    if (appends.length === 0) return
    const request = pack(appends)
    post(request, [request.bytes])
  }
  return {
    statistics,
    closing: closing.signal,
    append(append: Append): Promise<AppendOutcome> {
      if (closing.signal.aborted) return Promise.reject(closed(closing.signal.reason))
      const size = appendBytes(append.events)
      if (size > maxAppendBytes) return Promise.reject(tooLarge(size, maxAppendBytes))
      sending ??= setImmediate(send)
      return pending.add(append)
    },
    async close() {
      if (!closing.signal.aborted) {
        closing.abort(closed())
        send()
        post({ type: 'close' })
      }
      await exited
    },
  }
}

type ReplyOptions = {
  pending: ReturnType<typeof pendingAppends>
  statistics: LogStatistics
  onCommitted: OnCommitted
}

/** Settles what waits as the writer answers. Resolves, with the reason, once the writer has ended. */
function settleReplies(worker: Worker, { pending, statistics, onCommitted }: ReplyOptions): Promise<StoreUnavailable> {
  worker.on('message', (reply: WriterReply) => {
    if (reply.type === 'full') pending.refuse(reply.count, new LogFull(`The log has no room: ${reply.message}`))
    if (reply.type === 'failed') pending.refuse(reply.count, new StoreUnavailable(`The log failed: ${reply.message}`))
    if (reply.type !== 'committed') return
    statistics.appends += reply.outcomes.length
    statistics.events += reply.written
    if (reply.written > 0) statistics.flushes += 1
    const answered = pending.answer(reply.outcomes)
    const before = reply.lastPosition - reply.written
    if (reply.written > 0) onCommitted(recordsOf(answered, reply.outcomes, before), reply.lastPosition)
  })
  return new Promise((resolve) => {
    let reason = closed()
    worker.once('error', (cause) => {
      reason = new StoreUnavailable('The writer of the log was lost.', { cause })
    })
    worker.once('exit', () => {
      pending.refuseAll(reason)
      resolve(reason)
    })
  })
}

const closed = (cause?: unknown) => new StoreUnavailable('The log is closed.', { cause })
const tooLarge = (size: number, limit: number) =>
  new AppendTooLarge(`An append of ${size} bytes exceeds the limit of ${limit}.`)

/** The size of an append as EventStoreDB counts it: data, metadata, and twice the length of each type. */
export function appendBytes(events: Append['events']): number {
  return events.reduce((sum, event) => sum + event.data.length + event.metadata.length + 2 * event.type.length, 0)
}
