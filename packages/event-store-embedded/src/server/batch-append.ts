import { status, type ServerDuplexStream } from '@grpc/grpc-js'
import { StoreUnavailable } from '@relais/event-store/port'
import type { AppendOutcome, EmbeddedLog } from '../log.ts'
import { appended } from './append.ts'
import { detailsOf, timedOut, wrongVersion, type BatchError } from './batch-errors.ts'
import type { BatchAppendOptions, BatchAppendRequest, BatchAppendResponse } from './messages.ts'
import { drained, fail, isOver } from './outgoing.ts'
import { addProposal, parseTarget, type Proposals, type Target } from './proposals.ts'
import { isRefusal } from './read-plan.ts'
import { streamIdentifier } from './records.ts'
import { invalid, refusalOf, unavailable, type Refusal } from './refusals.ts'
import { readUuid } from './uuids.ts'

export type BatchAppendCall = ServerDuplexStream<BatchAppendRequest, BatchAppendResponse>

/** One append of the many that share a call. It leaves `open` when it is answered, and is answered once. */
type Open = { id: string; target: Target; proposals: Proposals; expiry: NodeJS.Timeout | undefined }

/** Answers one BatchAppend call: many appends interleaved, each with one response, until one side ends it. */
export async function serveBatchAppend(
  call: BatchAppendCall,
  { log, stopping }: { log: EmbeddedLog; stopping: AbortSignal },
): Promise<void> {
  const batch = openBatch(call, log)
  const stop = () => void batch.settled().then(() => fail(call, unavailable()))
  stopping.addEventListener('abort', stop)
  try {
    for await (const request of requestsOf(call)) {
      if (isOver(call, stopping)) break
      batch.receive(request)
      if (call.writableNeedDrain) await drained(call, stopping)
    }
    await batch.settled()
    if (!isOver(call, stopping)) call.end()
  } catch {
    // The client is gone: what it has committed is written, and nobody waits for the answers.
  } finally {
    stopping.removeEventListener('abort', stop)
    batch.forget()
  }
}

function requestsOf(call: BatchAppendCall): AsyncIterable<BatchAppendRequest> {
  return call
}
