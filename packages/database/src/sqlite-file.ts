import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import type { QueryResult } from 'kysely'
import { DatabaseFull, DatabaseUnavailable, UnreadableDatabase } from './errors.ts'

export type SqliteOptions = {
  file: string
  /** Holds views only: commits may be lost in a power cut, and a damaged file may be thrown away. */
  rebuildable: boolean
  secureDelete: boolean
  /** By a thread of its own: commits do so only when that one does not keep up. */
  isCheckpointed: boolean
}

/** One connection to a file, with its prepared statements. Everything on it is synchronous. */
export type SqliteFile = {
  run<Row>(sql: string, parameters: readonly unknown[]): QueryResult<Row>
  isTransaction(): boolean
  close(): void
}

/** Pages in the write-ahead log after which a commit moves them into the file. */
const PAGES_BY_COMMITS = 4000
const PAGES_AT_LAST = 32_000
const KEPT_STATEMENTS = 300
const READER_PATIENCE_MILLISECONDS = 5000

// https://www.sqlite.org/rescode.html
const SQLITE = { busy: 5, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 }

/**
 * The connection that writes. It never blocks on a lock, since whoever holds it may live in this very thread: a lock
 * answers DatabaseUnavailable at once, and the caller waits without holding the thread.
 */
export function openWriter(options: SqliteOptions): SqliteFile {
  return openFile(options, () => {
    mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 })
    closeSync(openSync(options.file, 'a', 0o600))
    const database = new DatabaseSync(options.file, { timeout: READER_PATIENCE_MILLISECONDS })
    database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = ${options.rebuildable ? 'normal' : 'full'};
      pragma secure_delete = ${options.secureDelete ? 'on' : 'off'};
      pragma foreign_keys = on;
      pragma cache_size = -32768;
      pragma wal_autocheckpoint = ${options.isCheckpointed ? PAGES_AT_LAST : PAGES_BY_COMMITS};
      select count(*) from sqlite_schema;
      pragma busy_timeout = 0;`)
    return database
  })
}

/** A connection that reads only. Outside a transaction, each statement sees what is committed when it starts. */
export function openReader(options: SqliteOptions): SqliteFile {
  return openFile(options, () => {
    const database = new DatabaseSync(options.file, { readOnly: true, timeout: READER_PATIENCE_MILLISECONDS })
    database.exec('pragma cache_size = -16384;')
    return database
  })
}

function openFile(options: SqliteOptions, open: () => DatabaseSync): SqliteFile {
  const translated = <Result>(work: () => Result): Result => {
    try {
      return work()
    } catch (error) {
      throw translate(error, options)
    }
  }
  const database = translated(open)
  const prepared = statementCache(database)
  return {
    run: (sql, parameters) => translated(() => execute(prepared(sql), parameters)),
    isTransaction: () => database.isTransaction,
    close: () => database.close(),
  }
}

type Prepared = { statement: StatementSync; columns: readonly string[]; isArrays: boolean }

function statementCache(database: DatabaseSync): (sql: string) => Prepared {
  const cache = new Map<string, Prepared>()
  return (sql) => {
    const known = cache.get(sql)
    if (known !== undefined) {
      cache.delete(sql)
      cache.set(sql, known)
      return known
    }
    const prepared = prepare(database, sql)
    cache.set(sql, prepared)
    const [oldest] = cache.keys()
    if (cache.size > KEPT_STATEMENTS && oldest !== undefined) cache.delete(oldest)
    return prepared
  }
}

/** Objects made here of arrays take two thirds of the time of those that SQLite makes, and are read faster. */
function prepare(database: DatabaseSync, sql: string): Prepared {
  const statement = database.prepare(sql)
  const columns = statement.columns().map(({ name }) => name)
  // What a star stands for may change while the statement is kept.
  const isArrays = columns.length > 0 && !sql.includes('*')
  statement.setReturnArrays(isArrays)
  return { statement, columns, isArrays }
}

function execute<Row>({ statement, columns, isArrays }: Prepared, parameters: readonly unknown[]): QueryResult<Row> {
  // Kysely leaves parameters untyped; node:sqlite itself refuses a value that it cannot bind.
  const values = parameters as readonly SQLInputValue[]
  if (columns.length > 0) {
    const rows = statement.all(...values)
    // What a row holds is known to the query, not to the driver.
    return { rows: (isArrays ? rows.map((row) => named(columns, row)) : rows) as Row[] }
  }
  const { changes, lastInsertRowid } = statement.run(...values)
  return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
}

/** A row that is an array, by the names of its columns. */
function named(columns: readonly string[], values: Readonly<Record<number, SQLOutputValue>>) {
  const row: Record<string, SQLOutputValue | undefined> = {}
  for (const [index, name] of columns.entries()) row[name] = values[index]
  return row
}

function translate(error: unknown, { file, rebuildable }: SqliteOptions): unknown {
  if (!(error instanceof Error)) return error
  const remedy = rebuildable
    ? 'It holds views only: move it away and start again, they are rebuilt from the log.'
    : 'Restore it from a backup.'
  switch (primaryCode(error)) {
    case SQLITE.busy:
      return new DatabaseUnavailable(`${file} is locked by another writer`, { cause: error })
    case SQLITE.full:
      return new DatabaseFull(`No room left to write ${file}`, { cause: error })
    case SQLITE.ioError:
      return new DatabaseUnavailable(`${file} could not be read or written`, { cause: error })
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return new UnreadableDatabase(`${file} is damaged, or is not a database. ${remedy}`, { cause: error })
    case SQLITE.cannotOpen:
      return new UnreadableDatabase(`${file} cannot be opened: this process needs to read and write its folder`, {
        cause: error,
      })
    default:
      return error
  }
}

function primaryCode(error: Error): number | undefined {
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff
  const cannotOpen = 'code' in error && ['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR'].includes(String(error.code))
  if (cannotOpen) return SQLITE.cannotOpen
  return 'code' in error && error.code === 'ENOSPC' ? SQLITE.full : undefined
}
