import type { Table } from './projection.ts'
import { type AnyDatabase, type Connection, type Run, runner, structureChange } from './sql.ts'
import { createIndexSqls, createTableSql, createViewSql, declarationHash, physicalName, type Tables } from './tables.ts'

/** One physical copy of a projection's tables. The SQL views, named as the projection declares, show the serving one. */
export type Generation = { generation: number; position: number; handled: number; serving: boolean }
export type Step = { position: number; events: number }

export type Generations = {
  /** The one to follow the log with: what serves, or what was being built, or a new one. */
  open(): Promise<Generation>
  /** The serving one. @throws Error when another build of the projection has taken its place */
  serving(connection?: Connection): Promise<Generation>
  /** A new one beside; an unfinished one, if any, is dropped. Its indexes come with `complete`. */
  create(): Promise<Generation>
  complete(generation: Generation): Promise<void>
  read(generation: Generation, connection?: Connection): Promise<Generation | undefined>
  /** Compare-and-set, to be done before the rows are written: `undefined` when someone else has moved it on. */
  advance(connection: Connection, from: Generation, step: Step): Promise<Generation | undefined>
  /** Shows this one and drops what it replaces, in one transaction. False when the serving one has gone further. */
  serve(generation: Generation): Promise<boolean>
  drop(generation: Generation): Promise<void>
}

type CheckpointRow = {
  name: string
  generation: number
  serving: number
  epoch: string
  declaration: string
  tables: string
  position: number
  handled: number
}

const CHECKPOINTS = `create table if not exists projection_checkpoint (
  name text not null, generation bigint not null, serving bigint not null, epoch text not null,
  declaration text not null, tables text not null, position bigint not null, handled bigint not null,
  primary key (name, generation))`

type Projected = { name: string; tables: Tables; epoch: string }

/** The generations of one projection over one log, in one database. */
export function generationsOf(database: AnyDatabase, { name, tables, epoch }: Projected): Generations {
  const run = runner(database.kind)
  const declaration = declarationHash(tables)
  const tableNames = Object.keys(tables).toSorted()
  const isOurs = (row: CheckpointRow) => row.name === name && row.epoch === epoch && row.declaration === declaration
  const sharesTable = (row: CheckpointRow) => tablesOf(row).some((table) => tables[table] !== undefined)
  const all = async (connection: Connection, suffix = '') => {
    const { rows } = await run<CheckpointRow>(connection, `select * from projection_checkpoint${suffix}`)
    return rows
  }
  const serving = async (connection: Connection = database.db) => {
    const row = (await all(connection)).find((candidate) => isOurs(candidate) && candidate.serving === 1)
    if (row === undefined) throw new Error(`Another build of the projection ${name} has taken its place`)
    return toGeneration(row)
  }

  const create = async (connection: Connection, withIndexes: boolean, serves: boolean) => {
    const generation = Math.max(0, ...(await all(connection)).map((row) => row.generation)) + 1
    for (const [table, declared] of Object.entries(tables)) {
      await run(connection, createTableSql(database.kind, physicalName(table, generation), declared))
      if (withIndexes) await createIndexes(run, connection, { table, declared, generation })
    }
    const values = [name, generation, serves ? 1 : 0, epoch, declaration, JSON.stringify(tableNames), 0, 0]
    await run(connection, 'insert into projection_checkpoint values (?, ?, ?, ?, ?, ?, ?, ?)', values)
    return { generation, position: 0, handled: 0, serving: serves }
  }

  return {
    serving,
    open: () =>
      structureChange(database, async (connection) => {
        await run(connection, CHECKPOINTS)
        const rows = await all(connection)
        const current = rows.find((row) => isOurs(row) && row.serving === 1)
        if (current !== undefined) {
          for (const row of rows.filter((other) => other.name === name && other.serving === 0))
            await discard(run, connection, row)
          return toGeneration(current)
        }
        const unfinished = rows.find(isOurs)
        if (unfinished !== undefined) return toGeneration(unfinished)
        const isFirst = !rows.some((row) => row.serving === 1 && sharesTable(row))
        const created = await create(connection, true, isFirst)
        if (isFirst) await showViews(run, connection, { tables, generation: created.generation })
        return created
      }),
    create: () =>
      structureChange(database, async (connection) => {
        for (const row of (await all(connection)).filter((other) => other.name === name && other.serving === 0))
          await discard(run, connection, row)
        return create(connection, false, false)
      }),
    complete: ({ generation }) =>
      structureChange(database, async (connection) => {
        for (const [table, declared] of Object.entries(tables))
          await createIndexes(run, connection, { table, declared, generation })
      }),
    async read({ generation }, connection = database.db) {
      const row = (await all(connection)).find((candidate) => isOurs(candidate) && candidate.generation === generation)
      return row === undefined ? undefined : toGeneration(row)
    },
    async advance(connection, from, { position, events }) {
      const { changes } = await run(
        connection,
        `update projection_checkpoint set position = ?, handled = handled + ?
         where name = ? and generation = ? and position = ? and epoch = ?`,
        [position, events, name, from.generation, from.position, epoch],
      )
      return changes === 1 ? { ...from, position, handled: from.handled + events } : undefined
    },
    serve: ({ generation }) =>
      structureChange(database, async (connection) => {
        const rows = await all(connection, database.kind === 'postgres' ? ' for update' : '')
        const chosen = rows.find((row) => isOurs(row) && row.generation === generation)
        if (chosen === undefined) throw new Error(`The generation ${generation} of ${name} was dropped by another process`)
        if (rows.some((row) => isOurs(row) && row.serving === 1 && row.position > chosen.position)) return false
        const replaced = rows.filter((row) => row !== chosen && (row.name === name || sharesTable(row)))
        for (const row of replaced) await discard(run, connection, row)
        await showViews(run, connection, { tables, generation })
        const where = 'where name = ? and generation = ?'
        await run(connection, `update projection_checkpoint set serving = 1 ${where}`, [name, generation])
        return true
      }),
    drop: ({ generation }) =>
      structureChange(database, async (connection) => {
        const row = (await all(connection)).find((other) => other.name === name && other.generation === generation)
        if (row !== undefined) await discard(run, connection, row)
      }),
  }
}

async function createIndexes(
  run: Run,
  connection: Connection,
  { table, declared, generation }: { table: string; declared: Table; generation: number },
): Promise<void> {
  for (const sql of createIndexSqls(physicalName(table, generation), declared)) await run(connection, sql)
}

async function showViews(
  run: Run,
  connection: Connection,
  { tables, generation }: { tables: Tables; generation: number },
): Promise<void> {
  for (const [table, declared] of Object.entries(tables)) await run(connection, createViewSql(table, declared, generation))
}

async function discard(run: Run, connection: Connection, row: CheckpointRow): Promise<void> {
  for (const table of tablesOf(row)) {
    if (row.serving === 1) await run(connection, `drop view "${table}"`)
    await run(connection, `drop table "${physicalName(table, row.generation)}"`)
  }
  const where = 'where name = ? and generation = ?'
  await run(connection, `delete from projection_checkpoint ${where}`, [row.name, row.generation])
}

function tablesOf({ tables }: CheckpointRow): string[] {
  // Written by `create` above.
  return JSON.parse(tables) as string[]
}

function toGeneration({ generation, position, handled, serving }: CheckpointRow): Generation {
  return { generation, position, handled, serving: serving === 1 }
}
