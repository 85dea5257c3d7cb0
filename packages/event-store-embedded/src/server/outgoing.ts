import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js'
import type { EmbeddedLog } from '../log.ts'
import type { ReadRequest, ReadResponse } from './messages.ts'
import type { Refusal } from './refusals.ts'

export type Serving = { log: EmbeddedLog; stopping: AbortSignal }
export type ReadCall = ServerWritableStream<ReadRequest, ReadResponse>

type Outgoing<Request, Response> = ServerWritableStream<Request, Response> | ServerDuplexStream<Request, Response>

/** Whether anybody still wants what this call would send. */
export function isOver<Request, Response>(call: Outgoing<Request, Response>, stopping: AbortSignal): boolean {
  return call.cancelled || call.destroyed || stopping.aborted
}

/** Resolves once the call takes more, or once it is over: a reader that pauses costs a bounded amount of memory. */
export function drained<Request, Response>(call: Outgoing<Request, Response>, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      call.off('drain', done).off('cancelled', done).off('close', done)
      stopping.removeEventListener('abort', done)
      resolve()
    }
    call.on('drain', done).on('cancelled', done).on('close', done)
    stopping.addEventListener('abort', done)
    if (isOver(call, stopping)) done()
  })
}

/** Ends a streaming call with a status other than OK, after what was already written to it. */
export function fail<Request, Response>(call: Outgoing<Request, Response>, refusal: Refusal): void {
  if (!call.cancelled && !call.destroyed) call.emit('error', refusal)
}
