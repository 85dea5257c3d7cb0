import type { LogEvent } from './log.ts'
import type { Append, Committed, TransactionOptions } from './transaction.ts'

export type WriterData = { file: string } & TransactionOptions

type PackedEvent = Omit<LogEvent, 'data' | 'metadata'> & { dataBytes: number; metadataBytes: number }
type PackedAppend = Omit<Append, 'events'> & { events: PackedEvent[] }

/** To the writer. The bytes of all events travel in one transferred buffer, metadata before data, in order. */
export type WriterRequest = { type: 'append'; appends: PackedAppend[]; bytes: ArrayBuffer } | { type: 'close' }

/** From the writer. `count` appends, the oldest unanswered ones, have this answer. */
export type WriterReply =
  | { type: 'ready' }
  | ({ type: 'committed' } & Committed)
  | { type: 'full'; count: number; message: string }
  | { type: 'failed'; count: number; message: string }

export function pack(appends: readonly Append[]): WriterRequest & { type: 'append' } {
  const sizes = appends.flatMap(({ events }) => events.map(({ data, metadata }) => data.length + metadata.length))
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0))
  let offset = 0
  const add = (part: Uint8Array) => {
    bytes.set(part, offset)
    offset += part.length
    return part.length
  }
  const packed = appends.map(({ events, ...append }) => ({
    ...append,
    events: events.map(({ data, metadata, ...event }) => ({
      ...event,
      metadataBytes: add(metadata),
      dataBytes: add(data),
    })),
  }))
  return { type: 'append', appends: packed, bytes: bytes.buffer }
}

export function unpack({ appends, bytes }: WriterRequest & { type: 'append' }): Append[] {
  let offset = 0
  const take = (length: number) => {
    offset += length
    return new Uint8Array(bytes, offset - length, length)
  }
  return appends.map(({ events, ...append }) => ({
    ...append,
    events: events.map(({ metadataBytes, dataBytes, ...event }) => ({
      ...event,
      metadata: take(metadataBytes),
      data: take(dataBytes),
    })),
  }))
}
