import type { Connection, Run } from '@relais/database/statements'
import type { AnyDatabase } from './sql.ts'
import { loadName, physicalName } from './tables.ts'

/** One physical copy of a projection's tables. The SQL views, named as the projection declares, show the serving one. */
export type Generation = { generation: number; position: number; handled: number; serving: boolean }

/** A row says how far a generation is in which log, and what it was built from. */
export type CheckpointRow = {
  name: string
  generation: number
  serving: boolean
  epoch: string
  declaration: string
  tables: readonly string[]
  position: number
  handled: number
}

/** What a projection is, for its checkpoints: rows of another epoch or declaration are not its own. */
export type Scope = { database: AnyDatabase; run: Run; name: string; epoch: string; declaration: string }

const TABLE = `create table if not exists projection_checkpoint (
  name text not null, generation bigint not null, serving bigint not null, epoch text not null,
  declaration text not null, tables text not null, position bigint not null, handled bigint not null,
  primary key (name, generation))`
const THIS_ONE = 'where name = ? and generation = ?'

export async function ensureCheckpoints({ run }: Scope, connection: Connection): Promise<void> {
  await run(connection, TABLE)
}

export async function readCheckpoints({ run }: Scope, connection: Connection): Promise<CheckpointRow[]> {
  const { rows } = await run(connection, 'select * from projection_checkpoint order by generation')
  return rows.map((row) => ({
    name: String(row['name']),
    generation: Number(row['generation']),
    serving: row['serving'] === 1,
    epoch: String(row['epoch']),
    declaration: String(row['declaration']),
    tables: String(row['tables']).split(' '),
    position: Number(row['position']),
    handled: Number(row['handled']),
  }))
}

/** No replica moves the projection on until this transaction ends. SQLite has one writer anyway. */
export async function holdServing({ run, name, database }: Scope, connection: Connection): Promise<void> {
  if (database.kind === 'postgres')
    await run(connection, 'select position from projection_checkpoint where name = ? and serving = 1 for update', [
      name,
    ])
}

export function isOwn({ name, epoch, declaration }: Scope, row: CheckpointRow): boolean {
  return row.name === name && row.epoch === epoch && row.declaration === declaration
}

export function toGeneration({ generation, position, handled, serving }: CheckpointRow): Generation {
  return { generation, position, handled, serving }
}

export async function insertCheckpoint(
  { run, name, epoch, declaration }: Scope,
  connection: Connection,
  { generation, serving, tables }: { generation: number; serving: boolean; tables: readonly string[] },
): Promise<Generation> {
  const values = [name, generation, serving ? 1 : 0, epoch, declaration, tables.join(' '), 0, 0]
  await run(connection, 'insert into projection_checkpoint values (?, ?, ?, ?, ?, ?, ?, ?)', values)
  return { generation, position: 0, handled: 0, serving }
}

/** Compare-and-set, to be done before the rows are written: `undefined` when someone else has moved it on. */
export async function advance(
  { run, name }: Scope,
  connection: Connection,
  step: { from: Generation; position: number; events: number },
): Promise<Generation | undefined> {
  const { from, position, events } = step
  const { changes } = await run(
    connection,
    `update projection_checkpoint set position = ?, handled = handled + ? ${THIS_ONE} and position = ?`,
    [position, events, name, from.generation, from.position],
  )
  return changes === 1 ? { ...from, position, handled: from.handled + events } : undefined
}

export async function markServing({ run, name }: Scope, connection: Connection, generation: number): Promise<void> {
  await run(connection, `update projection_checkpoint set serving = 1 ${THIS_ONE}`, [name, generation])
}

/** Drops the tables of a generation, the views on them and its checkpoint, whichever build it belongs to. */
export async function discard({ run }: Scope, connection: Connection, row: CheckpointRow): Promise<void> {
  for (const table of row.tables) {
    if (row.serving) await run(connection, `drop view "${table}"`)
    const physical = physicalName(table, row.generation)
    await run(connection, `drop table "${physical}"`)
    await run(connection, `drop table if exists "${loadName(physical)}"`)
  }
  await run(connection, `delete from projection_checkpoint ${THIS_ONE}`, [row.name, row.generation])
}
