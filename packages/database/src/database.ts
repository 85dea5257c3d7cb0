import { Kysely, type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Checkpointer } from './checkpointer.ts'
import { migrate } from './migrations.ts'
import { dialectOver, nodeSqliteDialect, ownTurns, sqliteDriver, transactionOn } from './node-sqlite-dialect.ts'
import { ensureSchema, patience, postgresDialect } from './postgres.ts'
import type { Connection } from './statements.ts'

export type Database<Tables> = {
  /**
   * Reads see what is committed and never wait for a writer. Writers of one SQLite file take turns; inside a
   * transaction, use the handle that the transaction gives: writing through `db` there would wait for itself.
   */
  db: Kysely<Tables>
  kind: 'sqlite' | 'postgres'
  /**
   * One transaction for statements that are written out. On SQLite, Kysely's own costs as much again for each statement as
   * running it does.
   */
  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>
  /**
   * Runs what was not run yet, in the order of the names, in one transaction.
   * @throws UnreadableDatabase when a newer build has migrated further
   */
  migrate(migrations: Readonly<Record<string, Migration>>): Promise<void>
  /**
   * For statements that take long: on another connection, of SQLite in a thread of its own, so that neither this thread nor
   * those who read wait for them. Whoever writes to the same SQLite file still takes turns with it.
   */
  aside<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** Column types that are not spelled alike on both databases, for use in migrations. */
export type ColumnTypes = { text: RawBuilder<string>; integer: RawBuilder<number>; bytes: RawBuilder<Uint8Array> }

export type DatabaseOptions = {
  /** A PostgreSQL schema, or a part of the file name. Lower case letters, digits and underscores. */
  schema: string
  /** `full` flushes every commit. `normal` may lose the last ones in a power cut: for what can be rebuilt. */
  durability: 'full' | 'normal'
  /** SQLite only: what is deleted is overwritten with zeros. */
  secureDelete?: boolean
  /** SQLite only: who moves the write-ahead log into the file, in place of the commits. */
  checkpointer?: Checkpointer | undefined
}

/**
 * Opens `sqlite:<path>.sqlite`, as the file `<path>.<schema>.sqlite`, or `postgres://…`, as that schema of it; both are
 * created when absent.
 * @throws UnreadableDatabase, DatabaseUnavailable
 */
export async function openDatabase<Tables>(url: string, options: DatabaseOptions): Promise<Database<Tables>> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(options.schema)) throw new Error(`Not a schema name: ${options.schema}`)
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), options)
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url, options)
  throw new Error('A database URL starts with sqlite: or postgres://')
}

/** Text compares by code point and integers go up to 2^53 on both, so that an order or a checksum is the same. */
export function columnTypes(kind: Database<unknown>['kind']): ColumnTypes {
  return kind === 'sqlite'
    ? { text: sql`text`, integer: sql`integer`, bytes: sql`blob` }
    : { text: sql`text collate "C"`, integer: sql`bigint`, bytes: sql`bytea` }
}

async function openSqlite<Tables>(path: string, options: DatabaseOptions): Promise<Database<Tables>> {
  const file = `${path.replace(/\.sqlite$/, '')}.${options.schema}.sqlite`
  const rebuildable = options.durability === 'normal'
  const { secureDelete = false, checkpointer } = options
  const isCheckpointed = checkpointer !== undefined
  const sqlite = { file, rebuildable, secureDelete, isCheckpointed }
  const writing = ownTurns(sqlite)
  const driver = sqliteDriver(sqlite, writing)
  const db = new Kysely<Tables>({ dialect: dialectOver(driver) })
  await firstUse(db)
  const leave = checkpointer?.keep(file)
  return {
    db,
    kind: 'sqlite',
    transaction: (work) => transactionOn(driver, work),
    migrate: (migrations) => migrate(db, migrations),
    async aside(work) {
      const other = new Kysely<Tables>({ dialect: nodeSqliteDialect(sqlite, { ...writing, inThread: true }) })
      try {
        return await work(other)
      } finally {
        await other.destroy()
      }
    },
    close() {
      leave?.()
      return db.destroy()
    },
  }
}

async function openPostgres<Tables>(url: string, options: DatabaseOptions): Promise<Database<Tables>> {
  await ensureSchema(url, options.schema)
  // Of views, jobs read and index whole tables.
  const patient = options.durability === 'full' ? patience.brief : patience.long
  const db = new Kysely<Tables>({ dialect: postgresDialect(url, { ...options, patience: patient }) })
  await firstUse(db)
  return {
    db,
    kind: 'postgres',
    transaction: (work) => db.transaction().execute(work),
    migrate: (migrations) => migratePostgres(url, options, migrations),
    // One of the pool; the work is the server's.
    aside: (work) => work(db),
    close: () => db.destroy(),
  }
}

/** On a connection of its own: a migration may rewrite a whole table. */
async function migratePostgres(
  url: string,
  options: DatabaseOptions,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const db = new Kysely<unknown>({ dialect: postgresDialect(url, { ...options, patience: patience.long }) })
  const lock = sql`select pg_advisory_xact_lock(hashtext(${`migrate ${options.schema}`}))`
  try {
    await migrate(db, migrations, lock)
  } finally {
    await db.destroy()
  }
}

async function firstUse<Tables>(db: Kysely<Tables>): Promise<void> {
  try {
    await sql`select 1`.execute(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
}
