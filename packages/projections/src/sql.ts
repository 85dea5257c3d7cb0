import type { Connection, Kind } from '@relais/database/statements'
import { CompiledQuery } from 'kysely'

/** A database whatever its tables: projections name theirs at run time and write their own SQL. */
export type AnyDatabase = {
  kind: Kind
  db: AnyConnection
  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>
  aside<Result>(work: (db: AnyConnection) => Promise<Result>): Promise<Result>
}
type AnyConnection = Connection & { transaction(): Transactions }
type Transactions = {
  setAccessMode(mode: 'read only'): Transactions
  setIsolationLevel(level: 'repeatable read'): Transactions
  execute<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>
}

/** One state of the whole database, for as many statements as needed; writers are not kept waiting. */
export function snapshot<Result>({ db }: Pick<AnyDatabase, 'db'>, work: (connection: Connection) => Promise<Result>) {
  return db.transaction().setAccessMode('read only').setIsolationLevel('repeatable read').execute(work)
}

/** Changes of structure are made one at a time, also by several processes on one PostgreSQL schema. */
export function structureChange<Result>(
  { db, kind }: Pick<AnyDatabase, 'db' | 'kind'>,
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
