import type { Instant } from '@relais/contracts/primitives'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { JsonObject } from '@relais/event-store/port'
import { derivedUuid } from '@relais/events/derived-uuid'
import { remove, type RowOperation, type Table, upsert } from '@relais/projections/projection'

/** If nothing has happened by then, a command is issued: `kind` says which, about the stream `subject`. */
export type Deadline = {
  deadlineId: string
  kind: string
  subject: string
  dueAt: Instant
  /** What the command needs and the subject does not tell. Never health data: it lies in clear. */
  detail: JsonObject
}

/** To be declared among the tables of one projection of the service. */
export const deadlineTables = {
  deadline: {
    columns: { deadline_id: 'text', kind: 'text', subject: 'text', due_at: 'text', detail: 'text' },
    key: ['deadline_id'],
    indexes: [['due_at', 'deadline_id']],
  },
} as const satisfies Record<string, Table>

export type DeadlineTables = {
  deadline: { deadline_id: string; kind: string; subject: string; due_at: string; detail: string }
}

/** The id of the only deadline of this kind about a subject, or, with `part`, of one of several. */
export function deadlineIdOf(kind: string, subject: string, part = ''): string {
  return derivedUuid('deadline', kind, subject, part)
}

/** Set again under the same id, it replaces the one before. */
export function setDeadline({ deadlineId, kind, subject, dueAt, detail = {} }: SetDeadline): RowOperation {
  const row = { deadline_id: deadlineId, kind, subject, due_at: dueAt, detail: JSON.stringify(detail) }
  return upsert('deadline', row)
}
export type SetDeadline = Omit<Deadline, 'detail'> & { detail?: JsonObject | undefined }

export function clearDeadline(deadlineId: string): RowOperation {
  return remove('deadline', { deadline_id: deadlineId })
}

/**
 * For `eventId` of a command that a deadline issues: whoever issues it again names the same events, and one that was set
 * again for later names others.
 */
export function eventIdsOf({ deadlineId, dueAt }: Pick<Deadline, 'deadlineId' | 'dueAt'>): (index: number) => string {
  return (index) => derivedUuid('fired', deadlineId, dueAt, String(index))
}

/** The context of the command that a deadline issues, in the name of its service. */
export function contextOf(deadline: Pick<Deadline, 'deadlineId' | 'dueAt'>, service: string): CommandContext {
  const actor = { id: `relais:${service}`, role: 'system' }
  return { metadata: { $correlationId: deadline.deadlineId, actor }, eventId: eventIdsOf(deadline) }
}

/**
 * Issues the command, at an expected revision, and answers the position that its handler gives: that of what it wrote, or
 * of the last event where it was already true; `undefined` where it was refused. `over` where nothing will ever come of it:
 * its patient was forgotten, and nothing can be written that would clear its row. MUST be idempotent, in the
 * context of `contextOf`, because a deadline is fired again after a crash, and by each replica.
 */
export type Fire = (deadline: Deadline) => Promise<{ position: number | undefined } | 'over'>
