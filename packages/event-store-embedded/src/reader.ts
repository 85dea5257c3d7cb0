import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { LogPage, LogRecord, StreamPage } from './log.ts'
import { reading } from './sqlite-errors.ts'

/** Positions examined by one page of the whole log, so that a rare category does not hold the event loop. */
const SCAN_WINDOW = 4096
/** Bytes after which a page ends, whatever its limit. */
const PAGE_BYTES = 4 * 1_048_576

const columns = 'position, name AS stream, revision, event.id AS id, type, json, data, metadata, created'
const order = { forwards: 'ASC', backwards: 'DESC' } as const
const fromRevision = { forwards: 'revision >= ?', backwards: 'revision <= ?' } as const

type Row = Omit<LogRecord, 'json'> & { json: number }

/** Reads `file` on a connection of its own, which never writes. */
export function openReader(file: string) {
  const database = new DatabaseSync(file, { readOnly: true })
  const statements = new Map<string, StatementSync>()

  function page(sql: string, values: SQLInputValue[], limit: number): { records: LogRecord[]; cut: boolean } {
    return reading(file, () => {
      const statement = statements.get(sql) ?? database.prepare(sql)
      statements.set(sql, statement)
      return collect(statement.iterate(...values), limit)
    })
  }

  function readStream(stream: string, { direction, from, limit }: StreamPage): LogRecord[] {
    const start = from ?? (direction === 'forwards' ? 0 : Number.MAX_SAFE_INTEGER)
    const sql = `SELECT ${columns} FROM stream JOIN event ON event.stream = stream.id
      WHERE name = ? AND ${fromRevision[direction]} ORDER BY revision ${order[direction]}`
    return page(sql, [stream, start], limit).records
  }

  /** As `EmbeddedLog.readAll`, looking at nothing beyond `last`. */
  function readAll({ direction, from, limit, prefixes }: LogPage, last: number) {
    const [low, high] = direction === 'forwards' ? windowFrom(from ?? 1, last) : windowBefore(from, last)
    if (low > high || limit < 1) return { records: [], scannedTo: undefined }
    const end = direction === 'forwards' ? high : low
    if (prefixes?.length === 0) return { records: [], scannedTo: end }
    const ranges = prefixes?.flatMap((prefix) => [prefix, `${prefix}\u{10FFFF}`]) ?? []
    const sql = `SELECT ${columns} FROM event CROSS JOIN stream ON event.stream = stream.id
      WHERE position BETWEEN ? AND ? ${prefixes ? matching(prefixes.length) : ''} ORDER BY position ${order[direction]}`
    const { records, cut } = page(sql, [low, high, ...ranges], limit)
    return { records, scannedTo: cut ? records.at(-1)?.position : end }
  }

  function lastPosition(): number {
    const row = reading(file, () => database.prepare('SELECT max(position) AS position FROM event').get())
    return Number(row?.position ?? 0)
  }

  return { readStream, readAll, lastPosition, close: () => void (database.isOpen && database.close()) }
}

/** The same page, from records that are at hand. */
export function pageOf(records: readonly LogRecord[], { limit, prefixes }: LogPage, last: number) {
  const found: LogRecord[] = []
  if (records.length === 0 || limit < 1) return { records: found, scannedTo: undefined }
  for (const record of records) {
    if (!matches(record, prefixes)) continue
    found.push(record)
    if (found.length >= limit) return { records: found, scannedTo: record.position }
  }
  return { records: found, scannedTo: last }
}

function matches({ stream }: LogRecord, prefixes: LogPage['prefixes']): boolean {
  return prefixes === undefined || prefixes.some((prefix) => stream.startsWith(prefix))
}

function windowFrom(from: number, last: number): [number, number] {
  const low = Math.max(from, 1)
  return [low, Math.min(last, low + SCAN_WINDOW - 1)]
}

function windowBefore(from: number | undefined, last: number): [number, number] {
  const high = from === undefined ? last : Math.min(from - 1, last)
  return [Math.max(high - SCAN_WINDOW + 1, 1), high]
}

const matching = (count: number) => `AND (${Array(count).fill('(name >= ? AND name < ?)').join(' OR ')})`

function collect(rows: Iterable<unknown>, limit: number): { records: LogRecord[]; cut: boolean } {
  const records: LogRecord[] = []
  if (limit < 1) return { records, cut: true }
  let bytes = 0
  for (const row of rows) {
    // The columns of every statement here are those of Row.
    const record = row as Row
    records.push({ ...record, json: record.json === 1 })
    bytes += record.data.byteLength + record.metadata.byteLength
    if (records.length >= limit || bytes >= PAGE_BYTES) return { records, cut: true }
  }
  return { records, cut: false }
}
