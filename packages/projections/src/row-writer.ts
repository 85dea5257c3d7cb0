import { setImmediate } from 'node:timers/promises'
import { type Connection, type Kind, type Parameter, placeholders } from '@relais/database/statements'
import { CompiledQuery } from 'kysely'
import type { Row, RowOperation, Table } from './projection.ts'
import { list, loadName, physicalName, REMOVED, type Tables } from './tables.ts'

export type RowWriter = (connection: Connection, operations: readonly RowOperation[]) => Promise<void>

/** Rows in the longest statement. Past these, a longer one gains nothing on SQLite; a round trip costs on PostgreSQL. */
const LONGEST = { sqlite: 64, postgres: 256 }
/** Others get a turn of the event loop after so many rows, since SQLite holds the thread. */
const ROWS_PER_TURN = 512

/**
 * Writes operations into the tables of one generation: the last one of each key, in multi-row statements. The lengths
 * are powers of two, so that few statements, prepared once, serve every batch.
 */
export function rowWriter(kind: Kind, tables: Tables, generation: number): RowWriter {
  const writers = new Map(
    Object.entries(tables).map(([name, table]) => {
      return [name, tableWriter(kind, table, physicalName(name, generation))]
    }),
  )
  return async (connection, operations) => {
    for (const [name, last] of lastOfEachKey(tables, operations)) await writers.get(name)?.(connection, last)
  }
}

/**
 * Appends operations as they come to the tables that `createShadow` made for it: `completeShadow` keeps the last one of
 * each key.
 */
export function rowLoader(kind: Kind, tables: Tables, generation: number): RowWriter {
  const loaders = new Map(
    Object.entries(tables).map(([name, table]) => {
      const into = loadName(physicalName(name, generation))
      const columns = [...Object.keys(table.columns), REMOVED]
      return [name, statement(kind, columns, (rows) => `insert into "${into}" values ${valuesSql(columns, rows)}`)]
    }),
  )
  return async (connection, operations) => {
    const byTable = Map.groupBy(operations, ({ table }) => table)
    for (const [name, ofTable] of byTable) {
      const table = declared(tables, name)
      const rows = ofTable.map((operation) =>
        operation.op === 'upsert' ? complete(operation.row, table, name) : { ...operation.key, [REMOVED]: 1 },
      )
      await loaders.get(name)?.(connection, rows)
    }
  }
}

function declared(tables: Tables, name: string): Table {
  const table = tables[name]
  if (table === undefined) throw new Error(`The projection declares no table ${name}`)
  return table
}

function lastOfEachKey(tables: Tables, operations: readonly RowOperation[]): Map<string, RowOperation[]> {
  const byTable = new Map<string, Map<string, RowOperation>>()
  for (const operation of operations) {
    const table = declared(tables, operation.table)
    const known = byTable.get(operation.table)
    const ofTable = known ?? new Map<string, RowOperation>()
    if (known === undefined) byTable.set(operation.table, ofTable)
    ofTable.set(keyText(table, operation.op === 'upsert' ? operation.row : operation.key), operation)
  }
  return new Map([...byTable].map(([name, ofTable]) => [name, [...ofTable.values()]]))
}

function keyText({ key }: Table, row: Row): string {
  const [only] = key
  return key.length === 1 && only !== undefined ? String(row[only]) : key.map((column) => row[column]).join('\u0000')
}

function tableWriter(kind: Kind, table: Table, name: string) {
  const columns = Object.keys(table.columns)
  const upserts = statement(kind, columns, (rows) => upsertSql(name, table, rows))
  const deletes = statement(kind, table.key, (rows) => deleteSql(name, table, rows))
  return async (connection: Connection, operations: readonly RowOperation[]) => {
    const written: Row[] = []
    const deleted: Row[] = []
    for (const operation of operations) {
      if (operation.op === 'delete') deleted.push(operation.key)
      else written.push(complete(operation.row, table, operation.table))
    }
    await deletes(connection, deleted)
    await upserts(connection, written)
  }
}

function complete(row: Row, { columns }: Table, name: string): Row {
  for (const column in row)
    if (columns[column] === undefined) throw new Error(`The table ${name} has no column ${column}`)
  return row
}

function statement(kind: Kind, columns: readonly string[], sqlFor: (rows: number) => string) {
  const prepared = new Map<number, string>()
  const prepare = (rows: number) => {
    const sql = prepared.get(rows) ?? placeholders(kind, sqlFor(rows))
    prepared.set(rows, sql)
    return sql
  }
  return async (connection: Connection, rows: readonly Row[]) => {
    for (let from = 0, length = LONGEST[kind]; from < rows.length; from += length) {
      while (length > rows.length - from) length /= 2
      const parameters: Parameter[] = []
      for (let index = from; index < from + length; index++)
        for (const column of columns) parameters.push(rows[index]?.[column] ?? null)
      await connection.executeQuery(CompiledQuery.raw(prepare(length), parameters))
      if ((from + length) % ROWS_PER_TURN === 0) await setImmediate()
    }
  }
}

function upsertSql(name: string, { columns, key }: Table, rows: number): string {
  const names = Object.keys(columns)
  const values = valuesSql(names, rows)
  const others = names.filter((column) => !key.includes(column))
  const update = others.map((column) => `"${column}" = excluded."${column}"`).join(', ')
  const onConflict = others.length === 0 ? 'do nothing' : `do update set ${update}`
  return `insert into "${name}" (${list(names)}) values ${values} on conflict (${list(key)}) ${onConflict}`
}

function valuesSql(columns: readonly string[], rows: number): string {
  const row = `(${columns.map(() => '?').join(', ')})`
  return Array.from({ length: rows }, () => row).join(', ')
}

function deleteSql(name: string, { key }: Table, rows: number): string {
  const match = `(${key.map((column) => `"${column}" = ?`).join(' and ')})`
  return `delete from "${name}" where ${Array.from({ length: rows }, () => match).join(' or ')}`
}
