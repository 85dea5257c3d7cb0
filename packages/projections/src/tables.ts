import { createHash } from 'node:crypto'
import type { Kind } from '@relais/database/statements'
import type { Table } from './projection.ts'

export type Tables = Readonly<Record<string, Table>>

/** @throws Error for a declaration that cannot be a table */
export function checkDeclaration(tables: Tables): void {
  for (const [name, { columns, key, indexes = [] }] of Object.entries(tables)) {
    const isPlain = [name, ...Object.keys(columns)].every((word) => /^[a-z][a-z0-9_]{0,39}$/.test(word))
    if (!isPlain) throw new Error(`The table ${name} has a name that is not lower case letters, digits and underscores`)
    for (const column of [...key, ...indexes.flat()])
      if (columns[column] === undefined) throw new Error(`The table ${name} has no column ${column}`)
    if (key.length === 0) throw new Error(`The table ${name} has no key`)
    const optional = key.find((column) => columns[column]?.endsWith('?'))
    if (optional !== undefined) throw new Error(`The key column ${optional} of ${name} may be empty`)
  }
}

/** Another declaration is another hash; the order in which tables are listed says nothing. */
export function declarationHash(tables: Tables): string {
  const sorted = Object.entries(tables).toSorted(([left], [right]) => (left < right ? -1 : 1))
  const plain = sorted.map(([name, { columns, key, indexes = [] }]) => [name, Object.entries(columns), key, indexes])
  return createHash('sha256').update(JSON.stringify(plain)).digest('hex').slice(0, 16)
}

export function physicalName(table: string, generation: number): string {
  return `${table}__g${generation}`
}

export function createTableSql(kind: Kind, name: string, { columns, key }: Table): string {
  const text = kind === 'sqlite' ? 'text' : 'text collate "C"'
  const integer = kind === 'sqlite' ? 'integer' : 'bigint'
  const definitions = Object.entries(columns).map(([column, type]) => {
    return `"${column}" ${type.startsWith('text') ? text : integer}${type.endsWith('?') ? '' : ' not null'}`
  })
  const table = `create table "${name}" (${definitions.join(', ')}, primary key (${list(key)}))`
  return kind === 'sqlite' && !isRowNumber(columns, key) ? `${table} without rowid` : table
}

/** SQLite keeps a table by its row number, which a single integer key is; any other key would cost a second tree. */
function isRowNumber(columns: Table['columns'], [first, ...others]: Table['key']): boolean {
  return others.length === 0 && first !== undefined && columns[first] === 'integer'
}

export function createIndexSqls(name: string, { indexes = [] }: Table): string[] {
  return indexes.map((columns, number) => `create index "${name}_i${number}" on "${name}" (${list(columns)})`)
}

/**
 * Whether a new copy is loaded first, and its rows sorted once. Rows in the order of the log are all over the tree of their
 * keys: SQLite would read and write a page for each of them. PostgreSQL keeps a table in the order of arrival.
 */
export const isLoaded = (kind: Kind) => kind === 'sqlite'

/** Set for the removal of a key. No declared column starts so. */
export const REMOVED = '_removed'

export function loadName(physical: string): string {
  return `${physical}_load`
}

/** Where the rows of a new copy are gathered as they come. SQLite numbers them. */
export function createLoadSql(name: string, { columns }: Table): string {
  return `create table "${loadName(name)}" (${list([...Object.keys(columns), REMOVED])})`
}

/** The last row of each key, unless that was its removal, in the order of the keys. */
export function unloadSql(name: string, { columns, key }: Table): string {
  const names = list(Object.keys(columns))
  // The other columns are those of the row with the maximum: https://www.sqlite.org/lang_select.html#bareagg
  const last = `select ${names}, "${REMOVED}", max(_rowid_) from "${loadName(name)}" group by ${list(key)}`
  return `insert into "${name}" (${names}) select ${names} from (${last}) where "${REMOVED}" is null`
}

export function createViewSql(table: string, { columns }: Table, generation: number): string {
  return `create view "${table}" as select ${list(Object.keys(columns))} from "${physicalName(table, generation)}"`
}

export function list(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ')
}
