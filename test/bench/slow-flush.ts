import { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * Loaded before a program (`node --import`), makes each of its flushes a millisecond slower, as on a hospital's disk: in
 * every thread, whatever commits to a SQLite file in `synchronous=FULL`. What commits without a flush stays as it is.
 */
const DELAY_MILLISECONDS = 1

const cell = new Int32Array(new SharedArrayBuffer(4))
const databaseOf = new WeakMap<StatementSync, DatabaseSync>()
const unflushed = new WeakSet<DatabaseSync>()
const pause = () => void Atomics.wait(cell, 0, 0, DELAY_MILLISECONDS)

const commits = /^\s*commit\b/i
const writes = /^\s*(insert|update|delete|replace)\b/i

function beforeRunning(database: DatabaseSync, sql: string) {
  if (/pragma\s+synchronous\s*=\s*(normal|off)/i.test(sql)) unflushed.add(database)
  if (unflushed.has(database)) return
  const flushes = database.isTransaction ? commits.test(sql) : writes.test(sql)
  if (flushes) pause()
}

const { exec, prepare } = DatabaseSync.prototype
DatabaseSync.prototype.exec = function slowExec(sql) {
  beforeRunning(this, sql)
  exec.call(this, sql)
}
DatabaseSync.prototype.prepare = function slowPrepare(sql, ...options) {
  const statement = prepare.call(this, sql, ...options)
  databaseOf.set(statement, this)
  return statement
}

const { run, all, get } = StatementSync.prototype
function beforeStatement(statement: StatementSync) {
  const database = databaseOf.get(statement)
  if (database) beforeRunning(database, statement.sourceSQL)
}
StatementSync.prototype.run = function slowRun(this: StatementSync, ...values: Parameters<typeof run>) {
  beforeStatement(this)
  return run.apply(this, values)
}
StatementSync.prototype.all = function slowAll(this: StatementSync, ...values: Parameters<typeof all>) {
  beforeStatement(this)
  return all.apply(this, values)
}
StatementSync.prototype.get = function slowGet(this: StatementSync, ...values: Parameters<typeof get>) {
  beforeStatement(this)
  return get.apply(this, values)
}
