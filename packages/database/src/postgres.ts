import { Socket } from 'node:net'
import { type DatabaseConnection, type Dialect, PostgresDialect } from 'kysely'
import { Client, type ClientConfig, Pool, TypeOverrides, types } from 'pg'
import { DatabaseFull, DatabaseUnavailable } from './errors.ts'

/** How long an answer is waited for, in milliseconds. */
export type Patience = {
  /** After which the server gives a statement up, and keeps its connection. */
  statement: number
  /** After which a connection is dropped on which nothing was heard: longer, for a server that answers comes first. */
  silence: number
}

/**
 * `brief` is for the vault, whose statements touch a hundred rows or wait for such a one, while a hospital waits for its
 * acknowledgment. `long` is for what may look at every row of a table: the indexes of a rebuilt view take seconds a
 * million rows, and whoever changes a structure waits for whoever does.
 */
export const patience = {
  brief: { statement: 10_000, silence: 15_000 },
  long: { statement: 600_000, silence: 660_000 },
} as const satisfies Record<string, Patience>

export type PostgresOptions = { schema: string; durability: 'full' | 'normal'; patience: Patience }

const MOST_CONNECTIONS = 5
const CONNECTING_MILLISECONDS = 5000
/** Then every second, ten times: a server that has gone without a word is missed long before patience ends. */
const KEEP_ALIVE_MILLISECONDS = 10_000

/** Kysely over `pg`, every connection inside one schema. */
export function postgresDialect(url: string, options: PostgresOptions): Dialect {
  const flushed = options.durability === 'full' ? 'on' : 'off'
  const pool = new Pool({
    ...clientConfig(url, options.patience),
    options: `-c search_path=${options.schema} -c synchronous_commit=${flushed} ${limits(options.patience)}`,
    max: MOST_CONNECTIONS,
  })
  // A connection that breaks is dropped by the pool; whoever uses it, or needs one next, is told then.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new PostgresDialect({
    pool: { connect: () => translated(pool.connect()), end: () => pool.end(), options: pool.options },
    onCreateConnection: async (connection) => translateErrors(connection),
  })
}

/** @throws DatabaseUnavailable */
export async function ensureSchema(url: string, schema: string): Promise<void> {
  const client = new Client({ ...clientConfig(url, patience.brief), options: limits(patience.brief) })
  // Whoever waits for an answer is told.
  client.on('error', () => undefined)
  await translated(client.connect())
  try {
    // One at a time: "if not exists" of two at once may fail on a unique index of the catalogue.
    await translated(client.query('select pg_advisory_lock(hashtext($1))', [`create ${schema}`]))
    await translated(client.query(`create schema if not exists "${schema}"`))
  } finally {
    await client.end()
  }
}

function clientConfig(url: string, { silence }: Patience): ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECTING_MILLISECONDS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MILLISECONDS,
    stream: () => openSocket(silence),
    types: parsers,
  }
}

/** On the server, so that what it was asked in vain neither goes on nor holds its locks. */
function limits({ statement, silence }: Patience): string {
  return `-c statement_timeout=${statement} -c idle_in_transaction_session_timeout=${silence}`
}

/**
 * A connection that is cut after a silence. `query_timeout` of `pg` would leave it in use, with the answer still to come,
 * and waits for nothing but queries.
 */
function openSocket(silence: number): Socket {
  const socket = new Socket()
  const cut = () => socket.destroy(new DatabaseUnavailable('The database server has not answered in time'))
  return socket.setTimeout(silence, cut)
}

/** 64-bit integers, and numeric, which their sums are, become numbers: nothing here goes beyond 2^53. */
const parsers = new TypeOverrides(types)
parsers.setTypeParser(types.builtins.INT8, Number)
parsers.setTypeParser(types.builtins.NUMERIC, Number)

/** Kysely sends everything, `begin` and `commit` too, through this method of a connection. */
function translateErrors(connection: DatabaseConnection): void {
  const execute = connection.executeQuery.bind(connection)
  connection.executeQuery = (query, options) => translated(execute(query, options))
}

async function translated<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    throw translate(error)
  }
}

// https://www.postgresql.org/docs/18/errcodes-appendix.html: connection exceptions; a standby, which only reads; conflicts
// and deadlocks; short of memory or connections; locks, statements and transactions that took too long; shutdowns; I/O.
const SERVER_UNAVAILABLE = /^(08...|25006|25P03|40001|40P01|53[0234]00|55P03|57014|57P0[1-5]|58030)$/
const NETWORK_UNAVAILABLE = /^(ECONN[A-Z]+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/
const CONNECTION_LOST = /^(Connection terminated|timeout exceeded|Client has encountered a connection error)/

function translate(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === '53100') return new DatabaseFull('No room left on the database server', { cause: error })
  if (SERVER_UNAVAILABLE.test(code) || NETWORK_UNAVAILABLE.test(code) || CONNECTION_LOST.test(error.message))
    return new DatabaseUnavailable('The database server does not answer', { cause: error })
  return error
}
