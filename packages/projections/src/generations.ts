import type { Connection } from '@relais/database/statements'
import {
  type CheckpointRow,
  discard,
  ensureCheckpoints,
  type Generation,
  insertCheckpoint,
  isOwn,
  markServing,
  readCheckpoints,
  type Scope,
  toGeneration,
} from './checkpoints.ts'
import { structureChange } from './sql.ts'
import {
  createIndexSqls,
  createLoadSql,
  createTableSql,
  createViewSql,
  isLoaded,
  loadName,
  physicalName,
  type Tables,
  unloadSql,
} from './tables.ts'

/** Everything that happens to the generations of one projection, each step in one transaction. */
export type Declared = Scope & { tables: Tables }

/**
 * The generation to follow the log with: the one that serves; else one that was being built; else a new one, which
 * serves at once when no other shows its tables. What an interrupted rebuild left behind is dropped.
 */
export function openGeneration(declared: Declared): Promise<Generation> {
  return structureChange(declared.database, async (connection) => {
    await ensureCheckpoints(declared, connection)
    const rows = await readCheckpoints(declared, connection)
    const current = rows.find((row) => isOwn(declared, row) && row.serving)
    if (current !== undefined) {
      await discardUnfinished(declared, connection)
      return toGeneration(current)
    }
    const unfinished = rows.find((row) => isOwn(declared, row))
    if (unfinished !== undefined) return toGeneration(unfinished)

    const serving = !rows.some((row) => row.serving && sharesTable(declared, row))
    const created = await create(declared, connection, serving)
    await createIndexes(declared, connection, created)
    if (serving) await showViews(declared, connection, created)
    return created
  })
}

/** An empty generation beside the one that serves, to be filled by `rowLoader` and then completed. */
export function createShadow(declared: Declared): Promise<Generation> {
  const { database, tables, run } = declared
  return structureChange(database, async (connection) => {
    await discardUnfinished(declared, connection)
    const created = await create(declared, connection, false)
    if (isLoaded(database.kind))
      for (const [name, table] of Object.entries(tables))
        await run(connection, createLoadSql(physicalName(name, created.generation), table))
    return created
  })
}

/**
 * Puts what was loaded into the tables, then adds the indexes: both are faster at the end than row by row. Each is a
 * transaction, so that whoever keeps the view up to date has its turn between them.
 */
export function completeShadow({ tables, run, database }: Declared, { generation }: Generation): Promise<void> {
  const { kind } = database
  return database.aside(async (db) => {
    for (const [name, table] of Object.entries(tables)) {
      const physical = physicalName(name, generation)
      const unload = [unloadSql(physical, table), `drop table "${loadName(physical)}"`]
      for (const sqls of [isLoaded(kind) ? unload : [], ...createIndexSqls(physical, table).map((sql) => [sql])])
        await structureChange({ db, kind }, async (connection) => {
          for (const sql of sqls) await run(connection, sql)
        })
    }
  })
}

/** Shows this generation and drops those it replaces. */
export function serveGeneration(declared: Declared, generation: Generation): Promise<void> {
  return structureChange(declared.database, (connection) => serveWithin(declared, connection, generation))
}

/** The same, within a transaction that changes structure. @throws Error when another process has dropped it */
export async function serveWithin(
  declared: Declared,
  connection: Connection,
  { generation }: Generation,
): Promise<void> {
  const rows = await readCheckpoints(declared, connection)
  const chosen = rows.find((row) => isOwn(declared, row) && row.generation === generation)
  if (chosen === undefined) throw new Error('Another process has dropped this generation')
  const replaced = rows.filter((row) => row !== chosen && (row.name === declared.name || sharesTable(declared, row)))
  for (const row of replaced) await discard(declared, connection, row)
  if (!chosen.serving) await showViews(declared, connection, chosen)
  await markServing(declared, connection, generation)
}

export function dropGeneration(declared: Declared, { generation }: Generation): Promise<void> {
  return structureChange(declared.database, async (connection) => {
    const rows = await readCheckpoints(declared, connection)
    const row = rows.find((other) => other.name === declared.name && other.generation === generation)
    if (row !== undefined) await discard(declared, connection, row)
  })
}

/** @throws Error when another build of the projection has taken its place */
export async function servingGeneration(
  declared: Declared,
  connection: Connection = declared.database.db,
): Promise<Generation> {
  const rows = await readCheckpoints(declared, connection)
  const serving = rows.find((row) => isOwn(declared, row) && row.serving)
  if (serving === undefined) throw new Error('Another build of the projection has taken its place')
  return toGeneration(serving)
}

/** `undefined` once it was dropped. */
export async function readGeneration(
  declared: Declared,
  { generation }: Generation,
  connection: Connection = declared.database.db,
): Promise<Generation | undefined> {
  const rows = await readCheckpoints(declared, connection)
  const row = rows.find((candidate) => isOwn(declared, candidate) && candidate.generation === generation)
  return row === undefined ? undefined : toGeneration(row)
}

async function create(declared: Declared, connection: Connection, serving: boolean): Promise<Generation> {
  const { tables, database, run } = declared
  const rows = await readCheckpoints(declared, connection)
  const generation = Math.max(0, ...rows.map((row) => row.generation)) + 1
  for (const [name, table] of Object.entries(tables))
    await run(connection, createTableSql(database.kind, physicalName(name, generation), table))
  return insertCheckpoint(declared, connection, { generation, serving, tables: Object.keys(tables).toSorted() })
}

async function createIndexes({ tables, run }: Declared, connection: Connection, { generation }: Generation) {
  for (const [name, table] of Object.entries(tables))
    for (const sql of createIndexSqls(physicalName(name, generation), table)) await run(connection, sql)
}

async function showViews(
  { tables, run }: Declared,
  connection: Connection,
  { generation }: Pick<Generation, 'generation'>,
): Promise<void> {
  for (const [name, table] of Object.entries(tables)) await run(connection, createViewSql(name, table, generation))
}

async function discardUnfinished(declared: Declared, connection: Connection): Promise<void> {
  const rows = await readCheckpoints(declared, connection)
  for (const row of rows.filter(({ name, serving }) => name === declared.name && !serving))
    await discard(declared, connection, row)
}

function sharesTable({ tables }: Declared, row: CheckpointRow): boolean {
  return row.tables.some((table) => tables[table] !== undefined)
}
