import type { ImportNote } from '@relais/contracts/import-routes'
import { openDatabase } from '@relais/database/database'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { afterTestFile } from '@relais/testkit/cleanup'
import { expect, test } from 'vitest'
import { importLog } from './import-log.ts'
import { importMigration, type ImportTables } from './import-tables.ts'

async function openLog() {
  const url = `sqlite:${temporaryFolder()}/views.sqlite`
  const database = await openDatabase<ImportTables>(url, { schema: 'imports', durability: 'normal' })
  afterTestFile(() => database.close())
  await database.migrate({ '0001-imports': importMigration(database.kind) })
  return importLog(database)
}
const importId = '00000000-0000-4000-8000-000000000001'
const notesOf = (severity: ImportNote['severity'], from: number, count: number): ImportNote[] =>
  Array.from({ length: count }, (_, n) => ({ line: from + n, reason: 'missing', severity }))

test('a thousand refused lines and a hundred doubts are kept, however many doubts come first', async () => {
  const log = await openLog()
  let row = await log.begin({ importId, kind: 'finess', size: 10_000 })
  for (const part of [1, 2, 3]) {
    const notes = [...notesOf('warning', part * 10_000, 700), ...notesOf('refused', part * 10_000 + 700, 400)]
    const news = { lines: part * 1100, refused: part * 400, warnings: part * 700, byte_offset: part }
    row = (await log.save(row, { news: { ...news, state: 'running' }, notes, subjects: [] })) ?? row
  }
  const kept = await log.notes(importId)
  expect(kept.filter(({ severity }) => severity === 'refused')).toHaveLength(1000)
  expect(kept.filter(({ severity }) => severity === 'warning')).toHaveLength(100)
  expect(kept.at(-1)?.line).toBe(30_000 + 700 + 199)
})

test('of two that save the same part one counts; subjects are known until the import is done', async () => {
  const log = await openLog()
  const row = await log.begin({ importId, kind: 'rpps', size: 10_000 })
  const taken = { news: { byte_offset: 10, lines: 2, state: 'running' }, notes: [], subjects: ['rpps:1', 'rpps:2'] }
  const saved = await log.save(row, taken)
  expect(saved).toMatchObject({ byte_offset: 10 })
  expect(await log.save(row, taken)).toBeUndefined()
  expect(await log.seenAmong(importId, ['rpps:2', 'rpps:3'])).toEqual(new Set(['rpps:2']))
  if (saved)
    await log.save(saved, { news: { byte_offset: 20, lines: 3, state: 'done' }, notes: [], subjects: ['rpps:4'] })
  expect(await log.seenAmong(importId, ['rpps:2', 'rpps:4'])).toEqual(new Set())
})
