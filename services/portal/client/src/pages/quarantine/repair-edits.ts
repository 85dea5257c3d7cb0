import type { showQuarantined } from '@relais/contracts/http'
import type { RepairEdit } from '@relais/contracts/messages'
import type { AnswerOf } from '../../api/call.ts'

export type Shown = AnswerOf<typeof showQuarantined>
export type Segment = Shown['segments'][number]
export type ShownField = Segment['fields'][number] & {
  /** What an edit of the draft did here. */
  edit?: 'set' | 'inserted' | undefined
}

/** Edits that are being made, and those of them that were sent as a repair. */
export type RepairDraft = { edits: readonly RepairEdit[]; sent: readonly RepairEdit[] }
export const nothingEdited: RepairDraft = { edits: [], sent: [] }

/** A field that an edit may name: `PID-3`, `ROL[2]-4`; the two fields of separators are not among them. */
export function isEditable(path: string): boolean {
  return /^[A-Z][A-Z0-9]{2}(\[\d{1,4}\])?-\d{1,3}$/.test(path) && path !== 'MSH-1' && path !== 'MSH-2'
}

/** One more edit. A value that is said again for the same field, with nothing in between, takes the place of the first. */
export function withEdit(draft: RepairDraft, edit: RepairEdit): RepairDraft {
  const last = draft.edits.at(-1)
  const isAgain = edit.op === 'set' && last?.op === 'set' && last.path === edit.path
  return { ...draft, edits: [...(isAgain ? draft.edits.slice(0, -1) : draft.edits), edit] }
}

/**
 * The edits that the message as it is shown does not have yet: all of them, unless it was repaired, for a repair is always
 * of the original. `undefined` where the repair that is shown was another one: nobody knows then what the edits would do.
 */
export function toPreview({ edits, sent }: RepairDraft, isRepaired: boolean): readonly RepairEdit[] | undefined {
  if (!isRepaired) return edits
  const isContinued = sent.length > 0 && sent.every((edit, index) => isSame(edit, edits[index]))
  return isContinued ? edits.slice(sent.length) : undefined
}

const isSame = (a: RepairEdit, b: RepairEdit | undefined) => JSON.stringify(a) === JSON.stringify(b)

/** The message as it would be: each edit is of what the ones before it left. */
export function previewed(
  segments: readonly Segment[],
  edits: readonly RepairEdit[],
): readonly { name: string; fields: readonly ShownField[] }[] {
  return edits.reduce<readonly { name: string; fields: readonly ShownField[] }[]>(applied, segments)
}

function applied(
  segments: readonly { name: string; fields: readonly ShownField[] }[],
  edit: RepairEdit,
): readonly { name: string; fields: readonly ShownField[] }[] {
  const dash = edit.path.lastIndexOf('-')
  const prefix = edit.path.slice(0, dash)
  const number = Number(edit.path.slice(dash + 1))
  return segments.map((segment) =>
    segment.fields[0]?.path.startsWith(`${prefix}-`)
      ? { ...segment, fields: renumbered(prefix, edited(segment.fields, number, edit)) }
      : segment,
  )
}

function edited(fields: readonly ShownField[], number: number, edit: RepairEdit): readonly ShownField[] {
  const before = fields.slice(0, number - 1)
  // A field beyond the last one is written after as many empty ones as it takes.
  const padding = Array.from({ length: Math.max(0, number - 1 - fields.length) }, () => empty)
  if (edit.op === 'removeField') return [...before, ...fields.slice(number)]
  const written = { ...empty, value: edit.value, edit: edit.op === 'set' ? ('set' as const) : ('inserted' as const) }
  return [...before, ...padding, written, ...fields.slice(edit.op === 'set' ? number : number - 1)]
}

const empty: ShownField = { path: '', value: '', masked: false }
/** What was wrong was so of the fields as they stood: nobody knows of those that moved until the message is read again. */
const renumbered = (prefix: string, fields: readonly ShownField[]) =>
  fields.map(({ value, masked, edit }, index) => ({ path: `${prefix}-${index + 1}`, value, masked, edit }))

/** A message that was repaired, without what was wrong before. */
export function withoutProblems(segments: readonly Segment[]): Segment[] {
  return segments.map(({ name, fields }) => ({
    name,
    fields: fields.map(({ path, value, masked }) => ({ path, value, masked })),
  }))
}
