import { type DatabaseConnection, type Dialect, PostgresDialect } from 'kysely'
import { Client, type ClientConfig, Pool, TypeOverrides, types } from 'pg'
import { DatabaseFull, DatabaseUnavailable } from './errors.ts'

const MOST_CONNECTIONS = 5
const PATIENCE_MILLISECONDS = 5000

/** Kysely over `pg`, every connection inside one schema. */
export function postgresDialect(url: string, options: { schema: string; durability: 'full' | 'normal' }): Dialect {
  const flushed = options.durability === 'full' ? 'on' : 'off'
  const pool = new Pool({
    ...clientConfig(url),
    options: `-c search_path=${options.schema} -c synchronous_commit=${flushed}`,
    max: MOST_CONNECTIONS,
  })
  // An idle connection that breaks is dropped by the pool; whoever needs one next is told then.
  pool.on('error', () => undefined)
  return new PostgresDialect({
    pool: { connect: () => translated(pool.connect()), end: () => pool.end(), options: pool.options },
    onCreateConnection: async (connection) => translateErrors(connection),
  })
}

/** @throws DatabaseUnavailable */
export async function ensureSchema(url: string, schema: string): Promise<void> {
  const client = new Client(clientConfig(url))
  await translated(client.connect())
  try {
    // One at a time: "if not exists" of two at once may fail on a unique index of the catalogue.
    await translated(client.query('select pg_advisory_lock(hashtext($1))', [`create ${schema}`]))
    await translated(client.query(`create schema if not exists "${schema}"`))
  } finally {
    await client.end()
  }
}

function clientConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: PATIENCE_MILLISECONDS,
    keepAlive: true,
    types: parsers,
  }
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

// https://www.postgresql.org/docs/18/errcodes-appendix.html: connection exceptions, too many connections, shutdowns.
const UNAVAILABLE = /^(08...|53300|57P0[1-5]|ECONN[A-Z]+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/
const CONNECTION_LOST = /^(Connection terminated|timeout exceeded|Client has encountered a connection error)/

function translate(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === '53100') return new DatabaseFull('No room left on the database server', { cause: error })
  if (UNAVAILABLE.test(code) || CONNECTION_LOST.test(error.message))
    return new DatabaseUnavailable('The database server does not answer', { cause: error })
  return error
}
