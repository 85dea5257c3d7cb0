import { CompiledQuery, type DialectAdapter, PostgresAdapter, type QueryResult } from 'kysely'

export type Kind = 'sqlite' | 'postgres'
/** A database or an open transaction of it, whatever its tables. */
export type Connection = { executeQuery(query: CompiledQuery): Promise<QueryResult<unknown>> }
export type Parameter = string | number | null | Uint8Array
/** A row of text and integers, which is what views are made of. */
export type ReadRow = Readonly<Record<string, string | number | null>>

declare const rowOf: unique symbol
/** SQL with `?` for its parameters, and what its rows hold: whoever writes the one says the other. */
export type Statement<Row = ReadRow> = string & { readonly [rowOf]?: Row }
/** One statement, on a connection of a database of this kind. */
export type Run = <Row = ReadRow>(
  connection: Connection,
  sql: Statement<Row>,
  parameters?: readonly Parameter[],
) => Promise<{ rows: Row[]; changes: number }>

/** SQL is written with `?`; PostgreSQL numbers its parameters. */
export function placeholders(kind: Kind, sql: string): string {
  let count = 0
  return kind === 'sqlite' ? sql : sql.replaceAll('?', () => `$${(count += 1)}`)
}

/**
 * Runs SQL that is written once, which costs a third of having Kysely build it each time. Every text is remembered: MUST
 * be one of a few, with what varies as parameters.
 */
export function runner(kind: Kind): Run {
  const texts = new Map<string, string>()
  return async <Row>(connection: Connection, sql: Statement<Row>, parameters: readonly Parameter[] = []) => {
    const text = kind === 'sqlite' ? sql : (texts.get(sql) ?? placeholders(kind, sql))
    if (kind === 'postgres') texts.set(sql, text)
    const { rows, numAffectedRows } = await connection.executeQuery(CompiledQuery.raw(text, [...parameters]))
    // What a row holds is known to the statement, not to the driver.
    return { rows: rows as Row[], changes: Number(numAffectedRows ?? 0) }
  }
}

const runners = { sqlite: runner('sqlite'), postgres: runner('postgres') }

/** The runner for a handle of Kysely, a transaction too, of which the kind is not told. */
export function runnerFor(db: { getExecutor(): { adapter: DialectAdapter } }): Run {
  return db.getExecutor().adapter instanceof PostgresAdapter ? runners.postgres : runners.sqlite
}

/** A statement for each number of rows or values. */
export type Repeated<Row = ReadRow> = (count: number) => Statement<Row>

/** Repeats a part, made once for each number of them: `repeated('delete from ward where code in (', '?', ')')(2)`. */
export function repeated(before: string, each: string, after: string): (count: number) => string {
  const texts = new Map<number, string>()
  return (count) => {
    const known = texts.get(count) ?? `${before}${Array.from({ length: count }, () => each).join(', ')}${after}`
    texts.set(count, known)
    return known
  }
}
