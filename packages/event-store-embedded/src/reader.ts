import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { HistoryPage, LogPage, LogRecord, LogText, Scanned, StreamPage } from './log.ts'
import { reading } from './sqlite-errors.ts'

/** Positions examined by one page of the whole log, so that a rare category does not hold the event loop. */
const SCAN_WINDOW = 4096
/** Bytes after which a page ends, whatever its limit. */
const PAGE_BYTES = 4 * 1_048_576

const columns = 'position, name AS stream, revision, event.id AS id, type, json, data, metadata, created'
const order = { forwards: 'ASC', backwards: 'DESC' } as const
const fromRevision = { forwards: 'revision >= ?', backwards: 'revision <= ?' } as const

type Row = Omit<LogRecord, 'json'> & { json: number }

/** Bytes cost a buffer each, and rows as arrays half of what objects do: history is read by the million. */
const textColumns =
  'position, name, revision, event.id, type, json, cast(data AS TEXT), cast(metadata AS TEXT), created'
type TextRow = [
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  json: number,
  data: string,
  metadata: string,
  created: number,
]

/** Reads `file` on a connection of its own, which never writes. */
export function openReader(file: string) {
  const database = new DatabaseSync(file, { readOnly: true })
  const statements = new Map<string, StatementSync>()

  function prepare(sql: string, asArrays: boolean): StatementSync {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    statement.setReturnArrays(asArrays)
    return statement
  }

  function page(sql: string, values: SQLInputValue[], limit: number): Page<LogRecord> {
    return reading(file, () => collect(prepare(sql, false).iterate(...values), limit, toRecord))
  }

  function readStream(stream: string, { direction, from, limit }: StreamPage): LogRecord[] {
    const start = from ?? (direction === 'forwards' ? 0 : Number.MAX_SAFE_INTEGER)
    const sql = `SELECT ${columns} FROM stream JOIN event ON event.stream = stream.id
      WHERE name = ? AND ${fromRevision[direction]} ORDER BY revision ${order[direction]}`
    return page(sql, [stream, start], limit).records
  }

  /** As `EmbeddedLog.readAll`, looking at nothing beyond `last`. */
  function readAll({ direction, from, limit, prefixes }: LogPage, last: number): Scanned<LogRecord> {
    const [low, high] = direction === 'forwards' ? windowFrom(from ?? 1, last) : windowBefore(from, last)
    if (low > high || limit < 1) return { records: [], scannedTo: undefined }
    const end = direction === 'forwards' ? high : low
    if (prefixes?.length === 0) return { records: [], scannedTo: end }
    const sql = scanning(columns, { direction, prefixes })
    return scanned(page(sql, [low, high, ...rangesOf(prefixes)], limit), end)
  }

  /** As `EmbeddedLog.readHistory`. */
  function readTexts({ from, limit, prefixes }: HistoryPage, last: number): Scanned<LogText> {
    const [low, high] = windowFrom(from, last)
    if (low > high || limit < 1) return { records: [], scannedTo: undefined }
    if (prefixes.length === 0) return { records: [], scannedTo: high }
    const sql = scanning(textColumns, { direction: 'forwards', prefixes })
    const values = [low, high, ...rangesOf(prefixes)]
    return scanned(
      reading(file, () => collect(prepare(sql, true).iterate(...values), limit, toText)),
      high,
    )
  }

  function lastPosition(): number {
    const row = reading(file, () => database.prepare('SELECT max(position) AS position FROM event').get())
    return Number(row?.position ?? 0)
  }

  return { readStream, readAll, readTexts, lastPosition, close: () => void (database.isOpen && database.close()) }
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

function scanning(selected: string, { direction, prefixes }: Pick<LogPage, 'direction' | 'prefixes'>): string {
  const matching = prefixes && `AND (${prefixes.map(() => '(name >= ? AND name < ?)').join(' OR ')})`
  return `SELECT ${selected} FROM event CROSS JOIN stream ON event.stream = stream.id
    WHERE position BETWEEN ? AND ? ${matching ?? ''} ORDER BY position ${order[direction]}`
}

const rangesOf = (prefixes: LogPage['prefixes']) => prefixes?.flatMap((prefix) => [prefix, `${prefix}\u{10FFFF}`]) ?? []

type Page<Record> = { records: Record[]; cut: boolean }

function scanned<Record extends { position: number }>({ records, cut }: Page<Record>, end: number): Scanned<Record> {
  return { records, scannedTo: cut ? records.at(-1)?.position : end }
}

/** The columns of the statements here are those of Row. */
const toRecord = (row: unknown): LogRecord => ({ ...(row as Row), json: (row as Row).json === 1 })

function toText(row: unknown): LogText {
  // Those of `textColumns`.
  const [position, stream, revision, id, type, json, data, metadata, created] = row as TextRow
  return { position, stream, revision, id, type, json: json === 1, data, metadata, created }
}

function collect<Record extends LogRecord | LogText>(
  rows: Iterable<unknown>,
  limit: number,
  recordOf: (row: unknown) => Record,
): Page<Record> {
  const records: Record[] = []
  if (limit < 1) return { records, cut: true }
  let bytes = 0
  for (const row of rows) {
    const record = recordOf(row)
    records.push(record)
    bytes += record.data.length + record.metadata.length
    if (records.length >= limit || bytes >= PAGE_BYTES) return { records, cut: true }
  }
  return { records, cut: false }
}
