import { eachDatabase } from '@relais/testkit/databases'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { columnTypes } from './database.ts'
import { repeated, type Repeated, runner, runnerFor } from './statements.ts'

type Tables = { ward: { code: string; beds: number | null; badge: Uint8Array | null } }

const insertWards = repeated('insert into ward (code, beds, badge) values ', '(?, ?, ?)', ' on conflict do nothing')
const wardsOf: Repeated<Tables['ward']> = repeated(
  'select code, beds, badge from ward where code in (',
  '?',
  ') order by code',
)

eachDatabase('statements', (open) => {
  test('are written once, and run with whatever parameters, alone or in a transaction', async () => {
    const { db, kind } = await open<Tables>('statements')
    const { text, integer, bytes } = columnTypes(kind)
    await sql`create table ward (code ${text} primary key, beds ${integer}, badge ${bytes})`.execute(db)
    const run = runner(kind)
    const badge = Uint8Array.of(0, 1, 255)

    expect((await run(db, insertWards(2), ['cardio', 12, badge, 'été', null, null])).changes).toBe(2)
    await db.transaction().execute(async (transaction) => {
      const wards = ['cardio', 'neuro', 'uhcd'].flatMap((code) => [code, 8, null])
      expect((await run(transaction, insertWards(3), wards)).changes).toBe(2)
      const { rows } = await run(transaction, wardsOf(1), ['neuro'])
      expect(rows).toEqual([{ code: 'neuro', beds: 8, badge: null }])
      expect((await runnerFor(transaction)(transaction, wardsOf(1), ['neuro'])).rows).toEqual(rows)
    })

    const { rows } = await run(db, wardsOf(3), ['été', 'cardio', 'nowhere'])
    expect(rows.map(({ code, beds }) => [code, beds])).toEqual([
      ['cardio', 12],
      ['été', null],
    ])
    expect(rows.map((row) => row.badge && [...row.badge])).toEqual([[...badge], null])
  })
})
