import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { newEvent, streamName } from './events.ts'
import { type Throughput, throughput } from './writers.ts'

/** Settings of a bare loop: so many events in one transaction, each flush slower by so much. */
export type BareLoad = { group: number; seconds: number; flushDelayMilliseconds: number }

/** As fast as SQLite inserts events durably, in this thread, with nothing checked and nobody to answer. */
export function insertBare({ group, seconds, flushDelayMilliseconds }: BareLoad): Throughput {
  using database = new DatabaseSync(join(temporaryFolder(), 'bare.sqlite'))
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE event (position INTEGER PRIMARY KEY, stream TEXT, id TEXT, type TEXT, metadata TEXT, data TEXT) STRICT`)
  const insert = database.prepare('INSERT INTO event (stream, id, type, metadata, data) VALUES (?, ?, ?, ?, ?)')
  const cell = new Int32Array(new SharedArrayBuffer(4))
  const latencies: number[] = []
  const startedAt = performance.now()
  while (performance.now() < startedAt + seconds * 1000) {
    const begunAt = performance.now()
    database.exec('BEGIN')
    for (let count = 0; count < group; count += 1) {
      const { id, type, metadata, data } = newEvent()
      insert.run(streamName(), id, type, JSON.stringify(metadata), JSON.stringify(data))
    }
    if (flushDelayMilliseconds > 0) Atomics.wait(cell, 0, 0, flushDelayMilliseconds)
    database.exec('COMMIT')
    const latency = performance.now() - begunAt
    for (let count = 0; count < group; count += 1) latencies.push(latency)
  }
  return throughput(latencies, startedAt)
}
