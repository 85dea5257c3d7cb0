import type { LogRecord } from '../log.ts'
import type { ReadResponse, StreamIdentifier, WirePosition } from './messages.ts'
import { writeUuid } from './uuids.ts'

/** A record with its position: both halves are equal, as for every ordinary event of EventStoreDB. */
export function recordMessage(record: LogRecord, structuredUuids: boolean): ReadResponse {
  return {
    event: {
      event: {
        id: writeUuid(record.id, structuredUuids),
        streamIdentifier: streamIdentifier(record.stream),
        streamRevision: record.revision,
        commitPosition: record.position,
        preparePosition: record.position,
        metadata: {
          type: record.type,
          'content-type': record.json ? 'application/json' : 'application/octet-stream',
          created: `${Math.trunc(record.created)}0000`,
        },
        customMetadata: record.metadata,
        data: record.data,
      },
      commitPosition: record.position,
    },
  }
}

export function streamIdentifier(stream: string): StreamIdentifier {
  return { streamName: Buffer.from(stream, 'utf8') }
}

/** The name, or `undefined` where none was given: the empty name is not one. */
export function streamName(identifier: StreamIdentifier | null | undefined): string | undefined {
  const name = identifier ? Buffer.from(identifier.streamName).toString('utf8') : ''
  return name === '' ? undefined : name
}

export function wirePosition(position: number): WirePosition {
  return { commitPosition: position, preparePosition: position }
}
