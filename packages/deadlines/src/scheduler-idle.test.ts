import type { Connection } from '@relais/database/statements'
import { eachDatabase } from '@relais/testkit/databases'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { START } from './calls.fixture.ts'
import { addHours } from './local-date.ts'
import { type Seen, started } from './started.fixture.ts'

const HOUR = 3_600_000
const PENDING = 100_000
const PATIENCE = 20_000

eachDatabase('among a hundred thousand deadlines', (open) => {
  test('nothing is asked until the first one is due, then a page', async () => {
    let statements: string[] = []
    const seen: Seen = ({ db, kind }) => {
      const executeQuery: Connection['executeQuery'] = (query) => {
        statements.push(query.sql)
        return db.executeQuery(query)
      }
      return { kind, db: { executeQuery } }
    }
    const { time, centre, until, database } = await started(open, 'many', { seen })
    const far = addHours(START, 60 * 24)
    await sql`insert into deadline__g1 (deadline_id, kind, subject, due_at, detail)
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${PENDING})
      select 'pending ' || n, 'missCall', 'call-pending ' || n, ${far}, '{}' from numbers`.execute(database.db)
    await centre.view.reaches(await centre.planned('a', time.after(24 * 40)), PATIENCE)
    await until(() => statements.length > 0 && time.pending() > 0, 'sleep')

    statements = []
    for (let day = 0; day < 39; day += 1) {
      time.pass(24 * HOUR)
      await until(() => time.pending() > 0, 'sleep')
    }
    expect(statements).toEqual([])

    time.pass(24 * HOUR)
    await until(() => centre.fired.length === 1, 'the call to be missed')
    await until(() => centre.deadlines.status().failing === 0 && time.pending() > 0, 'sleep')
    expect(statements.length).toBeLessThan(10)
    expect(time.pending()).toBe(1)
    expect(await planOf(statements[0] ?? '', database)).toMatch(
      /USING INDEX deadline__g1_i0|Index Scan .*deadline__g1_i0/,
    )
  })
})

async function planOf(statement: string, { db, kind }: Parameters<Seen>[0]): Promise<string> {
  const text = statement.replaceAll(/\?|\$\d/g, "''").replace(/limit cast\(''/, 'limit cast(64')
  const explain = kind === 'sqlite' ? 'explain query plan' : 'explain'
  if (kind === 'postgres') await sql`analyze`.execute(db)
  return JSON.stringify((await sql.raw(`${explain} ${text}`).execute(db)).rows)
}
