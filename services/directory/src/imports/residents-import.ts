import type { Finess } from '@relais/contracts/directory'
import type { FileRefusal, ImportNote } from '@relais/contracts/import-routes'
import { ResidentId } from '@relais/contracts/residents'
import type { CommandContext } from '@relais/event-store/command-handler'
import type { Vault } from '@relais/vault/vault'
import type { ResidentState } from '../domain/resident.ts'
import type { Register, RegisterResult } from '../register.ts'
import { type Read, readPart } from './read-part.ts'
import { type ResidentLine, residentsFormat } from './residents-format.ts'

export type ResidentsImportDeps = {
  /** The OID of an INS for which the file says none. */
  oid: string
  vault: Pick<Vault, 'resolveOwner'>
  register: Register
  loadResident: (residentId: ResidentId) => Promise<ResidentState>
  now: () => string
}
type Imported = {
  refusal?: FileRefusal
  lines: number
  changed: number
  unchanged: number
  refused: number
  warnings: number
  notes: ImportNote[]
  position: number | undefined
}
export type ResidentsImport = ReturnType<typeof residentsImport>

/** Brings the register up to date with a file. Nobody leaves it because a file says nothing of him or her. */
export function residentsImport(deps: ResidentsImportDeps) {
  const format = residentsFormat(deps.oid)
  return async function importFile(bytes: Uint8Array, ehpad: Finess, context: CommandContext): Promise<Imported> {
    const nothing = { lines: 0, encoding: undefined, firstLine: undefined }
    const part = readPart(format, nothing, { bytes, isLast: true })
    const imported: Imported = {
      lines: 0,
      changed: 0,
      unchanged: 0,
      refused: 0,
      warnings: 0,
      notes: [],
      position: undefined,
    }
    if ('refusal' in part) return { ...imported, refusal: part.refusal }
    imported.notes.push(...part.notes)
    const numbers = new Set<string>()
    for (const read of part.items) {
      if (numbers.has(read.subject)) {
        imported.notes.push({ line: read.line, column: 'numero', reason: 'repeated', severity: 'refused' })
        continue
      }
      numbers.add(read.subject)
      count(imported, read.line, await importLine(deps, ehpad, { read, context }))
    }
    const notes = imported.notes.toSorted((one, other) => one.line - other.line)
    const refused = notes.filter(({ severity }) => severity === 'refused').length
    return { ...imported, lines: part.reading.lines, notes, refused, warnings: notes.length - refused }
  }
}

function count(imported: Imported, line: number, result: RegisterResult): void {
  if (!result.accepted) {
    imported.notes.push({ line, reason: 'refused', code: result.rejection.code, severity: 'refused' })
    return
  }
  imported.position = Math.max(imported.position ?? 0, result.position ?? 0)
  imported[result.changed ? 'changed' : 'unchanged'] += 1
  for (const reason of result.warnings) imported.notes.push({ line, column: 'ins', reason, severity: 'warning' })
}

type Line = { read: Read<ResidentLine>; context: CommandContext }

async function importLine(deps: ResidentsImportDeps, ehpad: Finess, { read, context }: Line): Promise<RegisterResult> {
  const { number, identity, room, enteredAt } = read.item
  const residentId = ResidentId.parse(await deps.vault.resolveOwner('resident', { authority: ehpad, number }))
  const { register } = deps
  const state = await deps.loadResident(residentId)
  if (state.status !== 'present' || state.entry.enteredAt !== enteredAt)
    return register.enter({ residentId, ehpad, identity, enteredAt, ...(room === undefined ? {} : { room }) }, context)
  const changed = await register.changeIdentity({ residentId, ehpad, identity }, context)
  if (!changed.accepted || room === undefined) return changed
  const moved = await register.handle({ type: 'MoveResident', residentId, ehpad, room, movedAt: deps.now() }, context)
  return moved.accepted ? { ...moved, changed: changed.changed || moved.changed, warnings: changed.warnings } : moved
}
