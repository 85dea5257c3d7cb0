import type { Decoded } from '@relais/event-store/codec'

/** A trailing `?` lets the column be empty. */
export type ColumnType = 'text' | 'integer' | 'text?' | 'integer?'
export type Table = {
  columns: Readonly<Record<string, ColumnType>>
  key: readonly string[]
  indexes?: readonly (readonly string[])[]
}

export type Row = Readonly<Record<string, string | number | null | undefined>>
export type RowOperation = { op: 'upsert'; table: string; row: Row } | { op: 'delete'; table: string; key: Row }

type TypeOf<Event> = Event extends { type: infer Type extends string } ? Type : never

/**
 * Events to rows. Keys MUST come from the event, because events are delivered again after a restart: the last row of a
 * key wins. The name holds a version; another name, or other tables, is built beside what serves, then takes its place.
 */
export type Projection<Event> = {
  name: string
  tables: Readonly<Record<string, Table>>
  /** Types of events that `rows` has nothing to say about: they are passed over unopened, by `onCommitted` too. */
  unread?: readonly TypeOf<Event>[]
  rows(decoded: Decoded<Event>): readonly RowOperation[]
}

/** Writes the whole row: a column that is left out becomes empty. */
export function upsert(table: string, row: Row): RowOperation {
  return { op: 'upsert', table, row }
}

export function remove(table: string, key: Row): RowOperation {
  return { op: 'delete', table, key }
}

export type FollowStatus = {
  state: 'catchingUp' | 'live' | 'stopped'
  /** Everything up to here was handled. */
  position?: number
  /** How far behind the log: 0 when nothing waits. It grows as long as something that waits is not handled. */
  lagMilliseconds: number
  /** Whether history was exhausted once since the start. */
  hasCaughtUp: boolean
}

export type Progress = { handled: number; total: number }
export type OnProgress = (progress: Progress) => void

export type RunningProjection = {
  name: string
  status(): FollowStatus
  /** Whether the view shows everything up to `position` within `timeoutMilliseconds`. */
  reaches(position: number, timeoutMilliseconds: number): Promise<boolean>
  /** SHA-256 of the rows of all tables in the order of their keys: the same on SQLite and on PostgreSQL. */
  checksum(): Promise<string>
  /** Builds the view again beside the one that serves, then switches in one transaction. */
  rebuild(onProgress?: OnProgress): Promise<{ checksum: string }>
  /** Builds the view again, compares it with the one that serves at the same position, and drops it. */
  verify(onProgress?: OnProgress): Promise<{ checksum: string; matches: boolean }>
  stop(): Promise<void>
}
