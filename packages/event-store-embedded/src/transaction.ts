import { DatabaseSync } from 'node:sqlite'
import type { AppendOutcome, LogEvent } from './log.ts'

export type Append = { stream: string; expected: 'noStream' | number; created: number; events: readonly LogEvent[] }

/** What one transaction did. `written` counts the events; `lastPosition` is that of the log afterwards. */
export type Committed = { outcomes: AppendOutcome[]; written: number; lastPosition: number }

export type TransactionOptions = { flushDelayMilliseconds: number; maxPages: number | undefined }

/** The one connection that writes. `commit` applies appends in order, in one durable transaction. */
export function openTransactions(file: string, { flushDelayMilliseconds, maxPages }: TransactionOptions) {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA synchronous = FULL')
  if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`)
  const apply = prepareAppend(database)
  const last = database.prepare('SELECT max(position) AS position FROM event')
  const lastPosition = () => Number(last.get()?.position ?? 0)

  function commit(appends: readonly Append[]): Committed {
    database.exec('BEGIN')
    try {
      const before = lastPosition()
      let position = before
      const outcomes = appends.map((append) => {
        const outcome = apply(append, position)
        if (outcome.appended) position = Math.max(position, outcome.position)
        return outcome
      })
      if (position > before) pause(flushDelayMilliseconds)
      database.exec('COMMIT')
      return { outcomes, written: position - before, lastPosition: position }
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
  return { commit, close: () => database.close() }
}

function prepareAppend(database: DatabaseSync) {
  const findStream = database.prepare('SELECT id FROM stream WHERE name = ?')
  const addStream = database.prepare('INSERT INTO stream (name) VALUES (?)')
  const findRevision = database.prepare('SELECT max(revision) AS revision FROM event WHERE stream = ?')
  const findStored = database.prepare(
    'SELECT id, position FROM event WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision',
  )
  const addEvent = database.prepare(
    `INSERT INTO event (position, stream, revision, id, type, json, created, metadata, data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )

  /** The position of the last of `events` when they are what is stored after `revision`, id by id. */
  function repeated(stream: number, revision: number, events: readonly LogEvent[]): number | undefined {
    const stored = findStored.all(stream, revision + 1, revision + events.length)
    const same = events.length > 0 && events.every((event, index) => event.id === stored[index]?.id)
    return same ? Number(stored.at(-1)?.position) : undefined
  }

  function write(stream: number, after: { revision: number; position: number }, append: Append) {
    for (const [index, { id, type, json, metadata, data }] of append.events.entries()) {
      const revision = after.revision + 1 + index
      const position = after.position + 1 + index
      addEvent.run(position, stream, revision, id, type, json ? 1 : 0, append.created, metadata, data)
    }
  }

  return function apply(append: Append, lastPosition: number): AppendOutcome {
    const { stream, events } = append
    const expected = append.expected === 'noStream' ? -1 : append.expected
    const known = findStream.get(stream)?.id
    const current = known === undefined ? -1 : Number(findRevision.get(known)?.revision ?? -1)
    if (expected === current) {
      if (events.length > 0) {
        const id = Number(known ?? addStream.run(stream).lastInsertRowid)
        write(id, { revision: current, position: lastPosition }, append)
      }
      return { appended: true, revision: current + events.length, position: lastPosition + events.length }
    }
    const position = expected < current ? repeated(Number(known), expected, events) : undefined
    if (position === undefined) return { appended: false, revision: current }
    return { appended: true, revision: expected + events.length, position }
  }
}

function pause(milliseconds: number) {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
