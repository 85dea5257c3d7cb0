import type { Row, RowOperation, Table } from '@relais/projections/projection'

/** Tables of a projection in memory: the same operations, found by one column. */
export type MemoryTables<Rows extends Record<string, object>> = {
  apply(operations: readonly RowOperation[]): void
  find<Name extends keyof Rows & string>(table: Name, values: readonly string[]): Rows[Name][]
}

type Kept = { declared: Table; by: string; rows: Map<string, Row>; keys: Map<unknown, Set<string>> }

/** `by` names the column by which the rows of each table are found; operations on other tables are left out. */
export function memoryTables<Rows extends Record<string, object>>(
  tables: Readonly<Record<keyof Rows & string, Table>>,
  by: Readonly<Record<keyof Rows & string, string>>,
): MemoryTables<Rows> {
  const kept = new Map<string, Kept>()
  for (const [name, column] of Object.entries<string>(by)) {
    const declared = new Map<string, Table>(Object.entries<Table>(tables)).get(name)
    if (declared) kept.set(name, { declared, by: column, rows: new Map(), keys: new Map() })
  }
  return {
    apply(operations) {
      for (const operation of operations) {
        const table = kept.get(operation.table)
        if (table === undefined) continue
        const row = operation.op === 'upsert' ? operation.row : operation.key
        const key = table.declared.key.map((column) => row[column]).join('\u0000')
        drop(table, key)
        if (operation.op === 'upsert') keep(table, key, row)
      }
    },
    find(name, values) {
      const table = kept.get(name)
      const keys = values.flatMap((value) => [...(table?.keys.get(value) ?? [])])
      const found = keys.map((key) => table?.rows.get(key)).filter((row) => row !== undefined)
      // Each table holds what its own operations wrote.
      return found as Rows[typeof name][]
    },
  }
}

function drop({ by, rows, keys }: Kept, key: string): void {
  const before = rows.get(key)
  if (before === undefined) return
  rows.delete(key)
  keys.get(before[by])?.delete(key)
}

function keep({ by, rows, keys }: Kept, key: string, row: Row): void {
  rows.set(key, row)
  const known = keys.get(row[by])
  if (known) known.add(key)
  else keys.set(row[by], new Set([key]))
}
