import { setTimeout as pause } from 'node:timers/promises'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteIntrospector,
} from 'kysely'
import { DatabaseUnavailable } from './errors.ts'
import { exclusive } from './exclusive.ts'
import { OncePreparedCompiler } from './once-prepared-compiler.ts'
import { openReader, type SqliteFile, type SqliteOptions } from './sqlite-file.ts'
import { leaveTransaction, openWriterHere, openWriterThread, type SqliteWriter } from './sqlite-writer.ts'

/**
 * Kysely over `node:sqlite`. One connection writes, and transactions take turns on it. Reads outside a transaction have
 * a connection of their own, so they never join one that happens to be open; a transaction in access mode `read only`
 * also has its own, and sees one state of the database throughout.
 */
export function nodeSqliteDialect(options: SqliteOptions, writing: Writing = ownTurns(options)): Dialect {
  return dialectOver(sqliteDriver(options, writing))
}

export function dialectOver(driver: Driver): Dialect {
  return {
    createAdapter: () => new ConcurrentSqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new OncePreparedCompiler(),
  }
}

/** One transaction on a driver that was used before. What was not committed is rolled back. */
export async function transactionOn<Result>(
  driver: Driver,
  work: (connection: DatabaseConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await driver.acquireConnection()
  try {
    await driver.beginTransaction(connection, {})
    const result = await work(connection)
    await driver.commitTransaction(connection)
    return result
  } finally {
    await driver.releaseConnection(connection)
  }
}

/** How the connection that writes is shared: connections of this process to one file take turns with one another. */
export type Writing = { takeTurn: () => Promise<() => void>; inThread: boolean }

/** Commits that wait for the disk do so in a thread of their own. */
export const ownTurns = ({ rebuildable }: SqliteOptions): Writing => ({ takeTurn: exclusive(), inThread: !rebuildable })

/** Kysely's own keeps every query waiting for the only connection. */
class ConcurrentSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

type Connections = { writer: SqliteWriter; reader: SqliteFile; idle: SqliteFile[]; takeTurn: () => Promise<() => void> }
/** What one acquired connection holds while a transaction is open. */
type Transaction = { on: Pick<SqliteWriter, 'run' | 'leaveTransaction'>; end: () => void }

const PATIENCE_MILLISECONDS = 10_000
const LONGEST_PAUSE_MILLISECONDS = 20

export function sqliteDriver(options: SqliteOptions, { takeTurn, inThread }: Writing): Driver {
  let connections: Connections | undefined
  const transactions = new WeakMap<DatabaseConnection, Transaction>()
  const opened = () => {
    if (connections === undefined) throw new DatabaseUnavailable(`${options.file} is closed`)
    return connections
  }

  const finish = async (connection: DatabaseConnection, statement: 'commit' | 'rollback') => {
    const on = transactions.get(connection)?.on
    if (on === undefined) return
    // A full disk may have rolled back already: https://www.sqlite.org/lang_transaction.html
    if (statement === 'rollback') await on.leaveTransaction()
    else await on.run('commit', [])
  }

  return {
    init: async () => {
      const writer = await (inThread ? openWriterThread(options) : openWriterHere(options))
      connections = { writer, reader: openReader(options), idle: [], takeTurn }
    },
    acquireConnection: async () => {
      const connection: DatabaseConnection = {
        executeQuery: (query) => run(opened(), query, transactions.get(connection)),
        async *streamQuery(query) {
          yield await run(opened(), query, transactions.get(connection))
        },
      }
      return connection
    },
    beginTransaction: async (connection, { accessMode }) => {
      const begun = accessMode === 'read only' ? beginReading(opened(), options) : await beginWriting(opened())
      transactions.set(connection, begun)
    },
    commitTransaction: async (connection) => {
      await finish(connection, 'commit')
      transactions.get(connection)?.end()
      transactions.delete(connection)
    },
    rollbackTransaction: (connection) => finish(connection, 'rollback'),
    releaseConnection: async (connection) => {
      try {
        await finish(connection, 'rollback')
      } finally {
        // Whatever happened: others wait for their turn.
        transactions.get(connection)?.end()
        transactions.delete(connection)
      }
    },
    destroy: async () => {
      const release = await opened().takeTurn()
      const { writer, reader, idle } = opened()
      connections = undefined
      for (const file of [reader, ...idle]) file.close()
      await writer.close()
      release()
    },
  }
}

async function run<Row>({ reader, writer, takeTurn }: Connections, query: CompiledQuery, open?: Transaction) {
  const { sql, parameters } = query
  if (open !== undefined) return open.on.run<Row>(sql, parameters)
  if (query.query.kind === 'SelectQueryNode' || /^\s*select\b/i.test(sql)) return reader.run<Row>(sql, parameters)
  const release = await takeTurn()
  try {
    return await whileLocked(() => writer.runAlone<Row>(sql, parameters))
  } finally {
    release()
  }
}

function beginReading({ idle }: Connections, options: SqliteOptions): Transaction {
  const file = idle.pop() ?? openReader(options)
  leaveTransaction(file)
  file.run('begin', [])
  const on: Transaction['on'] = {
    run: async (sql, parameters) => file.run(sql, parameters),
    leaveTransaction: async () => leaveTransaction(file),
  }
  return { on, end: () => idle.push(file) }
}

async function beginWriting({ writer, takeTurn }: Connections): Promise<Transaction> {
  const release = await takeTurn()
  try {
    await whileLocked(() => writer.runAlone('begin immediate', []))
    return { on: writer, end: release }
  } catch (error) {
    release()
    throw error
  }
}

/** Another connection to the file, maybe of this very process, holds the lock: its turn ends while we are away. */
async function whileLocked<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let waited = 0, next = 1; ; waited += next, next = Math.min(2 * next, LONGEST_PAUSE_MILLISECONDS)) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || waited > PATIENCE_MILLISECONDS) throw error
    }
    await pause(next)
  }
}
