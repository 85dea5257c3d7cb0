import { isDeepStrictEqual } from 'node:util'
import { type Connection, type Kind, runner, type Statement } from '@relais/database/statements'
import type { JsonObject } from '@relais/event-store/port'
import type { Deadline, DeadlineTables } from './deadline.ts'

export type DeadlineDatabase = { kind: Kind; db: Connection }
/** A place in the order in which deadlines fall due. */
export type DuePlace = Pick<Deadline, 'dueAt' | 'deadlineId'>

type Row = DeadlineTables['deadline']
const columns = 'deadline_id, kind, subject, due_at, detail'
const AFTER: Statement<Row> = `select ${columns} from deadline
  where (due_at, deadline_id) > (?, ?) order by due_at, deadline_id limit cast(? as integer)`
const ONE: Statement<Row> = `select ${columns} from deadline where deadline_id = ?`

/** What became of a deadline: `replaced` is set again for another time, or with another detail. */
export type Standing = 'same' | 'replaced' | 'gone'

export type DeadlineRows = ReturnType<typeof deadlineRows>

export function deadlineRows({ kind, db }: DeadlineDatabase) {
  const run = runner(kind)
  return {
    /** The next ones in due order, through the index. */
    async after({ dueAt, deadlineId }: DuePlace, limit: number): Promise<Deadline[]> {
      const { rows } = await run(db, AFTER, [dueAt, deadlineId, limit])
      return rows.map(toDeadline)
    },
    async standing(deadline: Deadline): Promise<Standing> {
      const [row] = (await run(db, ONE, [deadline.deadlineId])).rows
      if (row === undefined) return 'gone'
      return isDeepStrictEqual(toDeadline(row), deadline) ? 'same' : 'replaced'
    },
  }
}

function toDeadline({ deadline_id: deadlineId, kind, subject, due_at: dueAt, detail }: Row): Deadline {
  // Only `setDeadline` writes it.
  return { deadlineId, kind, subject, dueAt, detail: JSON.parse(detail) as JsonObject }
}
