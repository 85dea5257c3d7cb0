import type { ImportKind, ImportNote, ImportView } from '@relais/contracts/import-routes'
import type { Database } from '@relais/database/database'
import type { CommandContext } from '@relais/event-store/command-handler'
import { derivedUuid } from '@relais/events/derived-uuid'
import type { Encoding } from './format.ts'
import { importLog, type ImportRow, type Taken } from './import-log.ts'
import type { ImportTables } from './import-tables.ts'
import type { Source } from './sources.ts'

export type ImportDeskDeps = {
  database: Database<ImportTables>
  sources: Readonly<Record<ImportKind, Source>>
}

type Opening = { kind: ImportKind; sha256: string; size: number; again: boolean }
type Sent = { offset: number; bytes: Uint8Array }
export type PartRefusal =
  | { code: 'importUnknown' }
  | { code: 'offsetMismatch'; offset: number }
  | { code: 'partTooLong' }
export type ImportDesk = ReturnType<typeof importDesk>

/**
 * Imports files that arrive in parts. What is kept between two parts is how far the file was read: a part that comes
 * again, or the whole file, changes nothing that was imported.
 */
export function importDesk({ database, sources }: ImportDeskDeps) {
  const log = importLog(database)

  async function open({ kind, sha256, size, again }: Opening): Promise<ImportView> {
    const importId = derivedUuid('import', kind, sha256, String(size))
    const known = await log.load(importId)
    if (known && !again && known.state !== 'refused') return viewOf(known)
    return viewOf(await log.begin({ importId, kind, size }))
  }

  async function take(importId: string, { offset, bytes }: Sent, context: CommandContext) {
    const row = await log.load(importId)
    if (!row) return refused({ code: 'importUnknown' })
    if (row.state !== 'running') return { view: viewOf(row) }
    if (offset !== row.byte_offset) return refused({ code: 'offsetMismatch', offset: row.byte_offset })
    if (offset + bytes.length > row.size) return refused({ code: 'partTooLong' })
    const taken = await takePart(sources[kindOf(row)], { row, bytes, context, seen: log.seenAmong })
    const saved = await log.save(row, taken)
    return saved ? { view: viewOf(saved) } : refused({ code: 'offsetMismatch', offset: row.byte_offset })
  }

  async function read(importId: string): Promise<(ImportView & { notes: ImportNote[] }) | undefined> {
    const row = await log.load(importId)
    return row && { ...viewOf(row), notes: await log.notes(importId) }
  }

  return { open, take, read }
}

const refused = (refusal: PartRefusal) => ({ refusal })
const kindOf = ({ kind }: ImportRow): ImportKind => (kind === 'finess' ? 'finess' : 'rpps')

type Taking = {
  row: ImportRow
  bytes: Uint8Array
  context: CommandContext
  seen: (importId: string, subjects: readonly string[]) => Promise<Set<string>>
}

async function takePart(source: Source, { row, bytes, context, seen }: Taking): Promise<Taken> {
  const isLast = row.byte_offset + bytes.length === row.size
  const before = {
    lines: row.lines,
    encoding: encodingOf(row),
    firstLine: row.first_line ?? undefined,
  }
  const part = source.read(before, { bytes, isLast })
  if ('refusal' in part) return { news: { state: 'refused', refusal: part.refusal }, notes: [], subjects: [] }
  const known = await seen(row.import_id, part.subjects)
  const { changed, unchanged, notes } = await part.apply(known, context)
  const all = [...part.notes, ...notes].toSorted((one, other) => one.line - other.line)
  const count = (severity: ImportNote['severity']) => all.filter((note) => note.severity === severity).length
  return {
    news: {
      byte_offset: row.byte_offset + part.consumed,
      state: isLast ? 'done' : 'running',
      encoding: part.reading.encoding ?? null,
      first_line: part.reading.firstLine ?? null,
      lines: part.reading.lines,
      changed: row.changed + changed,
      unchanged: row.unchanged + unchanged,
      refused: row.refused + count('refused'),
      warnings: row.warnings + count('warning'),
    },
    notes: all,
    subjects: part.subjects,
  }
}

const encodingOf = ({ encoding }: ImportRow): Encoding | undefined =>
  encoding === 'utf-8' || encoding === 'windows-1252' ? encoding : undefined

function viewOf(row: ImportRow): ImportView {
  const { import_id: importId, size, byte_offset: offset, lines, changed, unchanged, refused, warnings } = row
  const counts = { lines, changed, unchanged, refused, warnings }
  // `begin` and `takePart` wrote them.
  const { state, refusal } = row as { state: ImportView['state']; refusal: ImportView['refusal'] | null }
  return { importId, kind: kindOf(row), state, ...(refusal ? { refusal } : {}), size, offset, ...counts }
}
