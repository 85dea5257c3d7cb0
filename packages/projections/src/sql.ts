import { CompiledQuery, type QueryResult } from 'kysely'

/** A database whatever its tables: projections name theirs at run time and write their own SQL. */
export type AnyDatabase = { kind: Kind; db: Connection & { transaction(): Transactions } }
export type Kind = 'sqlite' | 'postgres'
export type Connection = { executeQuery(query: CompiledQuery): Promise<QueryResult<unknown>> }
type Transactions = {
  setAccessMode(mode: 'read only'): Transactions
  setIsolationLevel(level: 'repeatable read'): Transactions
  execute<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>
}
export type Parameter = string | number | null
export type ReadRow = Readonly<Record<string, Parameter>>

/** SQL is written with `?`; PostgreSQL numbers its parameters. */
export function placeholders(kind: Kind, sql: string): string {
  let count = 0
  return kind === 'sqlite' ? sql : sql.replaceAll('?', () => `$${(count += 1)}`)
}

/** One statement, on a connection of a database of this kind. */
export type Run = (connection: Connection, sql: string, parameters?: readonly Parameter[]) => Promise<Result>
type Result = { rows: ReadRow[]; changes: number }

export function runner(kind: Kind): Run {
  return async (connection, sql, parameters = []) => {
    const { rows, numAffectedRows } = await connection.executeQuery(
      CompiledQuery.raw(placeholders(kind, sql), [...parameters]),
    )
    // Tables of projections have text and integer columns only.
    return { rows: rows as ReadRow[], changes: Number(numAffectedRows ?? 0) }
  }
}

/** One state of the whole database, for as many statements as needed; writers are not kept waiting. */
export function snapshot<Result>({ db }: AnyDatabase, work: (connection: Connection) => Promise<Result>) {
  return db.transaction().setAccessMode('read only').setIsolationLevel('repeatable read').execute(work)
}

/** Changes of structure are made one at a time, also by several processes on one PostgreSQL schema. */
export function structureChange<Result>(
  { db, kind }: AnyDatabase,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (connection) => {
    if (kind === 'postgres') {
      const lock = `select pg_advisory_xact_lock(hashtext('relais projections of ' || current_schema()))`
      await connection.executeQuery(CompiledQuery.raw(lock))
      // Readers queue behind whoever waits for a table lock: MUST give up soon, because they would all stand still.
      await connection.executeQuery(CompiledQuery.raw(`set local lock_timeout = '2s'`))
    }
    return work(connection)
  })
}
