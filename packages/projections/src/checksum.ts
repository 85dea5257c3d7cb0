import { createHash } from 'node:crypto'
import type { Connection, ReadRow, Run } from '@relais/database/statements'
import type { Table } from './projection.ts'
import { list, physicalName, type Tables } from './tables.ts'

const ROWS_PER_PAGE = 2000

/**
 * SHA-256 over every row of every table of a generation, tables by name and rows by key. Text keys are ordered by code
 * point on both databases and values are written as JSON, so that the same view has the same checksum on both.
 */
export async function checksumOf(
  run: Run,
  connection: Connection,
  { tables, generation }: { tables: Tables; generation: number },
): Promise<string> {
  const hash = createHash('sha256')
  for (const [name, table] of Object.entries(tables).toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    hash.update(`${JSON.stringify([name, Object.keys(table.columns)])}\n`)
    for await (const lines of pages(run, connection, { table, name: physicalName(name, generation) }))
      hash.update(lines)
  }
  return hash.digest('hex')
}

async function* pages(run: Run, connection: Connection, { table, name }: { table: Table; name: string }) {
  const columns = Object.keys(table.columns)
  const select = `select ${list(columns)} from "${name}"`
  const after = `where (${list(table.key)}) > (${table.key.map(() => '?').join(', ')})`
  const order = `order by ${list(table.key)} limit ${ROWS_PER_PAGE}`
  for (let last: ReadRow | undefined; ;) {
    const from = last
    const { rows } =
      from === undefined
        ? await run(connection, `${select} ${order}`)
        : await run(
            connection,
            `${select} ${after} ${order}`,
            table.key.map((column) => from[column] ?? null),
          )
    yield rows.map((row) => `${JSON.stringify(columns.map((column) => row[column]))}\n`).join('')
    last = rows.at(-1)
    if (last === undefined || rows.length < ROWS_PER_PAGE) return
  }
}
