import { columnTypes, type Database } from '@relais/database/database'
import type { Migration } from 'kysely/migration'

/** How far each import came. It may be thrown away with the views: the file is then read again, and changes nothing. */
export type ImportTables = {
  directory_import: {
    import_id: string
    kind: string
    size: number
    byte_offset: number
    state: string
    refusal: string | null
    encoding: string | null
    first_line: string | null
    lines: number
    changed: number
    unchanged: number
    refused: number
    warnings: number
  }
  /** Lines that were refused or doubted, the first ones only. */
  directory_import_note: {
    import_id: string
    line: number
    slot: number
    column_name: string | null
    reason: string
    code: string | null
    severity: string
  }
  /** Whom an import under way was about so far, so that nobody is said in two pieces. */
  directory_import_subject: { import_id: string; subject: string }
}

export function importMigration(kind: Database<unknown>['kind']): Migration {
  const { text, integer } = columnTypes(kind)
  return {
    async up({ schema }) {
      let imports = schema.createTable('directory_import').addColumn('import_id', text, (column) => column.primaryKey())
      for (const name of ['kind', 'state']) imports = imports.addColumn(name, text, (column) => column.notNull())
      for (const name of ['refusal', 'encoding', 'first_line']) imports = imports.addColumn(name, text)
      for (const name of ['size', 'byte_offset', 'lines', 'changed', 'unchanged', 'refused', 'warnings'])
        imports = imports.addColumn(name, integer, (column) => column.notNull())
      await imports.execute()
      await schema
        .createTable('directory_import_note')
        .addColumn('import_id', text, (column) => column.notNull())
        .addColumn('line', integer, (column) => column.notNull())
        .addColumn('slot', integer, (column) => column.notNull())
        .addColumn('column_name', text)
        .addColumn('reason', text, (column) => column.notNull())
        .addColumn('code', text)
        .addColumn('severity', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('directory_import_note_key', ['import_id', 'line', 'slot'])
        .execute()
      await schema
        .createTable('directory_import_subject')
        .addColumn('import_id', text, (column) => column.notNull())
        .addColumn('subject', text, (column) => column.notNull())
        .addPrimaryKeyConstraint('directory_import_subject_key', ['import_id', 'subject'])
        .execute()
    },
  }
}
