import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import {
  ImportedResidents,
  type ImportNote,
  ImportView,
  openImport,
  PART_BYTES,
  readImport,
} from '@relais/contracts/import-routes'
import { importResidents as residentsRoute } from '@relais/contracts/resident-routes'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import { misused, refused } from '../failures.ts'
import { progressBar } from '../output.ts'

export const importKinds = ['finess', 'rpps', 'residents'] as const
export type ImportOptions = { again?: boolean }
type Counts = Pick<ImportView, 'lines' | 'changed' | 'unchanged' | 'refused' | 'warnings' | 'refusal'>

const Read = readImport.responses[200].content['application/json'].schema

/**
 * Imports a file: a national extract in parts, taken up again where an earlier run was cut short, or the residents of an
 * EHPAD in one go. Says what came of it and which lines were refused; fails unless all were taken.
 */
export async function importFile(
  context: Context,
  [kind = '', file = '']: readonly string[],
  { again = false }: ImportOptions,
): Promise<void> {
  switch (kind) {
    case 'finess':
    case 'rpps': {
      const imported = await importExtract(context, { kind, file, again })
      return report(context, { kind, file }, imported)
    }
    case 'residents':
      return report(context, { kind, file }, await importResidents(context, file))
    default:
      throw misused(`Say what the file holds: ${importKinds.join(', ')}`)
  }
}

type Extract = { kind: 'finess' | 'rpps'; file: string; again: boolean }

async function importExtract(context: Context, { kind, file, again }: Extract): Promise<z.infer<typeof Read>> {
  const { sha256, size } = await measured(file)
  if (size === 0) throw misused(`${file} is empty`)
  const body = { kind, sha256, size, again }
  let { body: view } = await context.api.call({ method: 'POST', path: openImport.path, body }, ImportView)
  const bar = progressBar(`${kind} ${view.offset === 0 ? '' : '(taken up again) '}`)
  const handle = await open(file)
  try {
    while (view.state === 'running') {
      bar.show(view.offset, size)
      const buffer = Buffer.alloc(Math.min(PART_BYTES, size - view.offset))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, view.offset)
      if (bytesRead < buffer.length) throw refused(`${file} has changed while it was read: import it again`)
      const path = `/directory/imports/${view.importId}/parts?offset=${view.offset}`
      const content = { type: 'application/octet-stream', bytes: buffer }
      view = (await context.api.call({ method: 'POST', path, content }, ImportView)).body
    }
  } finally {
    bar.end()
    await handle.close()
  }
  return (await context.api.call({ path: `/directory/imports/${view.importId}` }, Read)).body
}

/** By streaming, since the file may be larger than the memory. */
async function measured(file: string): Promise<{ sha256: string; size: number }> {
  try {
    const { size } = await stat(file)
    const hash = createHash('sha256')
    await pipeline(createReadStream(file), hash)
    return { sha256: hash.digest('hex'), size }
  } catch {
    throw misused(`${file} cannot be read`)
  }
}

async function importResidents(context: Context, file: string): Promise<z.infer<typeof ImportedResidents>> {
  const content = { type: 'text/csv', bytes: bytesOf(file) }
  return (await context.api.call({ method: 'POST', path: residentsRoute.path, content }, ImportedResidents)).body
}

function bytesOf(file: string): Uint8Array<ArrayBuffer> {
  try {
    return readFileSync(file)
  } catch {
    throw misused(`${file} cannot be read`)
  }
}

const why: Record<NonNullable<ImportView['refusal']>, string> = {
  encodingUnreadable: 'it is not in an encoding that this kind of file comes in',
  headerUnexpected: 'its first line is not the one of this kind of file',
  lineTooLong: 'a line has no end',
  noLines: 'it holds nothing',
}

function report(
  { out }: Context,
  { kind, file }: { kind: string; file: string },
  { notes, ...imported }: Counts & { notes: readonly ImportNote[] },
): void {
  if (imported.refusal) throw refused(`${file} is refused as a whole: ${why[imported.refusal]} (${imported.refusal})`)
  const { lines, changed, unchanged, refused: refusals, warnings } = imported
  const counts = `${lines} lines, ${changed} changed, ${unchanged} as they were, ${refusals} refused, ${warnings} doubted`
  out.result({ file, kind, ...imported, notes }, [`${file}  ${counts}`, ...notes.map(noteLine)].join('\n'))
  if (refusals + warnings > notes.length) out.notice('Only the first lines that were refused or doubted are listed')
  if (refusals > 0) throw refused(`${refusals} lines of ${file} were refused; the others are imported`)
}

function noteLine({ line, column, reason, code, severity }: ImportNote): string {
  const where = column === undefined ? '' : ` ${column}:`
  return `  line ${line}${where} ${code ?? reason}${severity === 'warning' ? ' (kept)' : ''}`
}
