import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { reading, unreadable } from './sqlite-errors.ts'

/** "RLOG": marks the file as ours for `file(1)` and for `prepareLogFile`. */
const APPLICATION_ID = 0x52_4c_4f_47
const SCHEMA_VERSION = 1
/** SQLite gives the files beside it the same mode. */
export const OWNER_ONLY = 0o600

const schema = `
  CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES stream (id),
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    json INTEGER NOT NULL,
    created INTEGER NOT NULL,
    metadata BLOB NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};`

/**
 * The path of the log in `folder`, created when there is none yet.
 * @throws UnreadableLog
 */
export function prepareLogFile(folder: string): string {
  const file = join(folder, 'log.sqlite')
  reading(file, () => {
    closeSync(openSync(file, 'a', OWNER_ONLY))
    using database = new DatabaseSync(file)
    database.exec('PRAGMA journal_mode = WAL')
    const tables = Number(single(database, 'SELECT count(*) FROM sqlite_schema'))
    if (tables === 0) database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`)
    else checkOurs(database, file)
  })
  return file
}

function checkOurs(database: DatabaseSync, file: string) {
  if (single(database, 'PRAGMA application_id') !== APPLICATION_ID) throw unreadable(file, 'it is not a log of Relais')
  const version = single(database, 'PRAGMA user_version')
  if (version !== SCHEMA_VERSION) throw unreadable(file, `its version is ${String(version)}, not ${SCHEMA_VERSION}`)
}

function single(database: DatabaseSync, sql: string) {
  return Object.values(database.prepare(sql).get() ?? {})[0]
}
