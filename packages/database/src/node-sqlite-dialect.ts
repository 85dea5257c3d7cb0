import { setTimeout as pause } from 'node:timers/promises'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { DatabaseUnavailable } from './errors.ts'
import { exclusive } from './exclusive.ts'
import { openReader, openWriter, type SqliteFile, type SqliteOptions } from './sqlite-file.ts'

/**
 * Kysely over `node:sqlite`. One connection writes, and transactions take turns on it. Reads outside a transaction have
 * a connection of their own, so they never join one that happens to be open; a transaction in access mode `read only`
 * also has its own, and sees one state of the database throughout.
 */
export function nodeSqliteDialect(options: SqliteOptions): Dialect {
  return {
    createAdapter: () => new ConcurrentSqliteAdapter(),
    createDriver: () => sqliteDriver(options),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/** Kysely's own keeps every query waiting for the only connection. */
class ConcurrentSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

type Connections = { writer: SqliteFile; reader: SqliteFile; idle: SqliteFile[]; takeTurn: () => Promise<() => void> }
/** What one acquired connection holds while a transaction is open. */
type Transaction = { on: SqliteFile; end: () => void }

const PATIENCE_MILLISECONDS = 10_000
const LONGEST_PAUSE_MILLISECONDS = 20

function sqliteDriver(options: SqliteOptions): Driver {
  let connections: Connections | undefined
  const transactions = new WeakMap<DatabaseConnection, Transaction>()
  const opened = () => {
    if (connections === undefined) throw new DatabaseUnavailable(`${options.file} is closed`)
    return connections
  }

  const finish = (connection: DatabaseConnection, statement: 'commit' | 'rollback') => {
    const file = transactions.get(connection)?.on
    if (file === undefined) return
    // A full disk may have rolled back already: https://www.sqlite.org/lang_transaction.html
    if (statement === 'rollback') leaveTransaction(file)
    else file.run('commit', [])
  }

  return {
    init: async () => {
      const writer = openWriter(options)
      connections = { writer, reader: openReader(options), idle: [], takeTurn: exclusive() }
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
    commitTransaction: async (connection) => finish(connection, 'commit'),
    rollbackTransaction: async (connection) => finish(connection, 'rollback'),
    releaseConnection: async (connection) => {
      try {
        finish(connection, 'rollback')
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
      for (const file of [reader, ...idle, writer]) file.close()
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
    leaveTransaction(writer)
    return await whileLocked(() => writer.run<Row>(sql, parameters))
  } finally {
    release()
  }
}

function beginReading({ idle }: Connections, options: SqliteOptions): Transaction {
  const file = idle.pop() ?? openReader(options)
  leaveTransaction(file)
  file.run('begin', [])
  return { on: file, end: () => idle.push(file) }
}

async function beginWriting({ writer, takeTurn }: Connections): Promise<Transaction> {
  const release = await takeTurn()
  try {
    leaveTransaction(writer)
    await whileLocked(() => writer.run('begin immediate', []))
    return { on: writer, end: release }
  } catch (error) {
    release()
    throw error
  }
}

/** Whoever used the connection before may have failed to: what comes next MUST NOT join that transaction. */
function leaveTransaction(file: SqliteFile): void {
  if (file.isTransaction()) file.run('rollback', [])
}

/** Another connection to the file, maybe of this very process, holds the lock: its turn ends while we are away. */
async function whileLocked<Result>(work: () => Result): Promise<Result> {
  for (let waited = 0, next = 1; ; waited += next, next = Math.min(2 * next, LONGEST_PAUSE_MILLISECONDS)) {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || waited > PATIENCE_MILLISECONDS) throw error
    }
    await pause(next)
  }
}
