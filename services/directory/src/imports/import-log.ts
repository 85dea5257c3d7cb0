import { ImportNote } from '@relais/contracts/import-routes'
import type { Database } from '@relais/database/database'
import type { Transaction } from 'kysely'
import type { ImportTables } from './import-tables.ts'

export type ImportRow = ImportTables['directory_import']
/** What a part changes in the row of its import. */
export type Taken = { news: Partial<ImportRow>; notes: readonly ImportNote[]; subjects: readonly string[] }

/** Doubts are many, since test numbers have wrong keys; refusals are what somebody has to look at. */
const MOST_NOTES = { refused: 1000, warning: 100 }
/** PostgreSQL and SQLite take so many parameters and more. */
const ROWS_PER_STATEMENT = 500

const counts = { lines: 0, changed: 0, unchanged: 0, refused: 0, warnings: 0 }
const nothing = { refusal: null, encoding: null, first_line: null, byte_offset: 0, state: 'running', ...counts }

/** How far each import came, and what was said of its lines. */
export function importLog({ db }: Database<ImportTables>) {
  async function load(importId: string): Promise<ImportRow | undefined> {
    return db.selectFrom('directory_import').selectAll().where('import_id', '=', importId).executeTakeFirst()
  }

  async function begin({ importId, kind, size }: { importId: string; kind: string; size: number }): Promise<ImportRow> {
    const row = { import_id: importId, kind, size, ...nothing }
    await db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('directory_import').where('import_id', '=', importId).execute()
      await transaction.deleteFrom('directory_import_note').where('import_id', '=', importId).execute()
      await transaction.deleteFrom('directory_import_subject').where('import_id', '=', importId).execute()
      await transaction.insertInto('directory_import').values(row).execute()
    })
    return row
  }

  /** `undefined` when another request came first: of two that send the same part, one counts. */
  function save(row: ImportRow, { news, notes, subjects }: Taken): Promise<ImportRow | undefined> {
    const importId = row.import_id
    return db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('directory_import')
        .set(news)
        .where('import_id', '=', importId)
        .where('byte_offset', '=', row.byte_offset)
        .where('lines', '=', row.lines)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return undefined
      await keepNotes(transaction, importId, worthKeeping(notes, row))
      if (news.state !== 'running')
        await transaction.deleteFrom('directory_import_subject').where('import_id', '=', importId).execute()
      else
        for (const some of slices(subjects))
          await transaction
            .insertInto('directory_import_subject')
            .values(some.map((subject) => ({ import_id: importId, subject })))
            .onConflict((conflict) => conflict.doNothing())
            .execute()
      return { ...row, ...news }
    })
  }

  async function seenAmong(importId: string, subjects: readonly string[]): Promise<Set<string>> {
    const seen = new Set<string>()
    for (const some of slices(subjects)) {
      const query = db.selectFrom('directory_import_subject').select('subject').where('import_id', '=', importId)
      for (const { subject } of await query.where('subject', 'in', some).execute()) seen.add(subject)
    }
    return seen
  }

  async function notes(importId: string): Promise<ImportNote[]> {
    const query = db.selectFrom('directory_import_note').selectAll().where('import_id', '=', importId)
    const rows = await query.orderBy('line').orderBy('slot').execute()
    return rows.map(({ line, column_name, reason, code, severity }) => {
      const column = column_name === null ? {} : { column: column_name }
      return ImportNote.parse({ line, ...column, reason, ...(code === null ? {} : { code }), severity })
    })
  }

  return { load, begin, save, seenAmong, notes }
}

function worthKeeping(notes: readonly ImportNote[], row: ImportRow): ImportNote[] {
  const room = { refused: MOST_NOTES.refused - row.refused, warning: MOST_NOTES.warning - row.warnings }
  return notes.filter(({ severity }) => (room[severity] -= 1) >= 0)
}

async function keepNotes(transaction: Transaction<ImportTables>, importId: string, notes: readonly ImportNote[]) {
  const rows = notes.map(({ line, column, reason, code, severity }, slot) => {
    return { import_id: importId, line, slot, column_name: column ?? null, reason, code: code ?? null, severity }
  })
  for (const some of slices(rows)) await transaction.insertInto('directory_import_note').values(some).execute()
}

function slices<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / ROWS_PER_STATEMENT)
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * ROWS_PER_STATEMENT, (index + 1) * ROWS_PER_STATEMENT),
  )
}
