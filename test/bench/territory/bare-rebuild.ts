import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { viewFileOf } from './open-territory.ts'

/** As many rows in one transaction as Relais handles events. */
const TOGETHER = 2048

export type BareRebuild = { seconds: number; events: number; rows: number }

/**
 * From SQLite to SQLite: reads the rows of the log that a view is made of, whole, and inserts the rows that the view now
 * holds, in the order of their keys. Opens nothing, understands nothing.
 */
export function rebuildBare(folder: string, schema: string, categories: readonly string[]): BareRebuild {
  using log = new DatabaseSync(join(folder, 'log', 'log.sqlite'), { readOnly: true })
  using view = new DatabaseSync(viewFileOf(folder, schema), { readOnly: true })
  using target = new DatabaseSync(join(temporaryFolder(), 'bare.sqlite'))
  target.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  const sources = tablesOf(view).map((table) => copier(view, target, table))
  const named = categories.map(() => 'stream.name glob ?').join(' or ')
  const events = log.prepare(`select event.position, stream.name, event.type, event.metadata, event.data
    from event join stream on stream.id = event.stream where ${named} order by event.position`)
  const total = sources.reduce((sum, { count }) => sum + count, 0)
  const expected = Number(log.prepare('select count(*) as count from event').get()?.['count'])
  const startedAt = performance.now()
  let [read, written] = [0, 0]
  target.exec('begin')
  for (const _ of events.iterate(...categories.map((category) => `${category}-*`))) {
    read += 1
    for (const due = (read * total) / expected; written < due && copyOne(sources);) written += 1
    if (read % TOGETHER === 0) target.exec('commit; begin')
  }
  while (copyOne(sources)) written += 1
  target.exec('commit')
  for (const { index } of sources) index()
  return { seconds: (performance.now() - startedAt) / 1000, events: read, rows: written }
}

type Copier = ReturnType<typeof copier>

function copyOne(sources: readonly Copier[]): boolean {
  return sources.some(({ copy }) => copy())
}

/** The tables of the generation that serves: those behind its views. */
function tablesOf(view: DatabaseSync): string[] {
  const names = view
    .prepare("select name from sqlite_schema where type = 'table' and sql not like '%checkpoint%'")
    .all()
  return names.map(({ name }) => String(name)).filter((name) => /__g\d+$/.test(name))
}

function copier(view: DatabaseSync, target: DatabaseSync, table: string) {
  const schema = view.prepare('select sql, type from sqlite_schema where tbl_name = ? and sql is not null').all(table)
  const sqlOf = (type: string) => schema.filter((one) => one['type'] === type).map(({ sql }) => String(sql))
  for (const sql of sqlOf('table')) target.exec(sql)
  const columns = view.prepare(`pragma table_info("${table}")`).all().length
  const insert = target.prepare(
    `insert into "${table}" values (${Array.from({ length: columns }, () => '?').join(', ')})`,
  )
  const count = Number(view.prepare(`select count(*) as count from "${table}"`).get()?.['count'])
  const rows = view.prepare(`select * from "${table}"`).iterate()
  return {
    count,
    copy(): boolean {
      const next = rows.next()
      if (next.done === true) return false
      insert.run(...Object.values(next.value))
      return true
    },
    index: () => sqlOf('index').forEach((sql) => target.exec(sql)),
  }
}
