import { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * Loaded before a program (`node --import`), makes each of its flushes a millisecond slower, as on a hospital's disk: in
 * every thread, whatever commits a change to a SQLite file in `synchronous=FULL`.
 */
const DELAY_MILLISECONDS = 1

const cell = new Int32Array(new SharedArrayBuffer(4))
const { exec, prepare } = DatabaseSync.prototype
const { run, all, get } = StatementSync.prototype

type Watched = { unflushed: boolean; changes: number; countChanges: StatementSync }
const watched = new WeakMap<DatabaseSync, Watched>()
const databaseOf = new WeakMap<StatementSync, DatabaseSync>()

function watch(database: DatabaseSync): Watched {
  const known = watched.get(database)
  if (known) return known
  const countChanges = prepare.call(database, 'SELECT total_changes() AS changes')
  const added = { unflushed: false, changes: 0, countChanges }
  watched.set(database, added)
  return added
}

function after(database: DatabaseSync, sql: string): void {
  if (/pragma\s+synchronous\s*=\s*(normal|off)/i.test(sql)) watch(database).unflushed = true
  if (!/^\s*(commit|insert|update|delete|replace)\b/i.test(sql) || database.isTransaction) return
  const known = watch(database)
  const changes = Number(known.countChanges.get()?.['changes'])
  if (changes > known.changes && !known.unflushed) Atomics.wait(cell, 0, 0, DELAY_MILLISECONDS)
  known.changes = changes
}

/** The statement's own method, followed by the wait where it has flushed. */
function slowed<Method extends typeof run | typeof all | typeof get>(method: Method): Method {
  return new Proxy(method, {
    apply(target, statement: StatementSync, values: unknown[]): unknown {
      const result: unknown = Reflect.apply(target, statement, values)
      const database = databaseOf.get(statement)
      if (database) after(database, statement.sourceSQL)
      return result
    },
  })
}
StatementSync.prototype.run = slowed(run)
StatementSync.prototype.all = slowed(all)
StatementSync.prototype.get = slowed(get)

DatabaseSync.prototype.exec = function slowExec(sql) {
  exec.call(this, sql)
  after(this, sql)
}
DatabaseSync.prototype.prepare = function remembered(sql, ...options) {
  const statement = prepare.call(this, sql, ...options)
  databaseOf.set(statement, this)
  return statement
}
