import type { RepairEdit } from '@relais/contracts/messages'
import { applyEdits } from './edits.ts'
import { maskedSegments } from './masking.ts'

type Shown = { value: string; masked: boolean }
/** `from` is absent of a field that was inserted, `to` of one that was removed. */
export type EditedField = { op: RepairEdit['op']; path: string; from?: Shown; to?: Shown }

/**
 * What each edit of a repair made of its field, masked as the message itself is: each is of what the ones before it left.
 * Without the original, what was edited is all that is known.
 */
export function editedFields(original: Uint8Array | undefined, edits: readonly RepairEdit[]): EditedField[] {
  let bytes = original
  return edits.map((edit) => {
    const { op, path } = edit
    const before = bytes
    bytes = before && applyEdits(before, [edit])
    const from = op === 'insertField' ? undefined : before && shownAt(before, path)
    const to = op === 'removeField' ? undefined : bytes && shownAt(bytes, path)
    return { op, path, ...(from ? { from } : {}), ...(to ? { to } : {}) }
  })
}

function shownAt(bytes: Uint8Array, path: string): Shown {
  const place = path.replace('[1]', '')
  const fields = maskedSegments(bytes, []).flatMap((segment) => segment.fields)
  const { value, masked } = fields.find((field) => field.path === place) ?? { value: '', masked: false }
  return { value, masked }
}
