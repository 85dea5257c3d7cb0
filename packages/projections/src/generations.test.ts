import { eachDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import {
  bedBoard,
  type BedEvent,
  type BedLog,
  bedLog,
  type BedTables,
  follow,
  manyBeds,
  taken,
} from './bed-board.fixture.ts'
import { type Projection, upsert } from './projection.ts'
import type { ProjectionOptions } from './runner.ts'
import type { AnyDatabase } from './sql.ts'

const PATIENCE = 20_000

async function followed(log: BedLog, database: AnyDatabase, options: Partial<ProjectionOptions<BedEvent>> = {}) {
  const running = follow(log, database, options)
  onTestFinished(() => running.stop())
  await waitUntil(() => running.status().state !== 'catchingUp', 'catching up')
  return running
}

/** Beds with one column more. */
const heavierBoard: Projection<BedEvent> = {
  name: 'bed-board-1',
  tables: { bed: { columns: { bed_id: 'text', grams: 'integer?' }, key: ['bed_id'] } },
  rows: ({ event }) =>
    event?.type === 'BedTaken' ? [upsert('bed', { bed_id: event.data.bedId, grams: event.data.weightGrams })] : [],
}

eachDatabase('a new generation', (open) => {
  test('another log is another view: nothing of the former one remains', async () => {
    const database = await open<BedTables>('epoch')
    const former = bedLog()
    await former.appendAll(manyBeds(10))
    await (await followed(former, database)).stop()
    const log = bedLog()
    const end = await log.append(taken('only'))
    const running = await followed(log, database, { epoch: '00000000-0000-4000-8000-000000000002' })
    expect(await running.reaches(end, PATIENCE)).toBe(true)
    expect(await database.db.selectFrom('bed').select('bed_id').execute()).toEqual([{ bed_id: 'only' }])
  })

  test('another declaration is built beside what serves, which is then dropped', async () => {
    const database = await open<BedTables>('declared')
    const log = bedLog()
    await log.append(taken('a', 'p1', 64_000))
    await (await followed(log, database)).stop()
    await followed(log, database, { projection: heavierBoard })
    const { rows } = await sql`select * from bed`.execute(database.db)
    expect(rows).toEqual([{ bed_id: 'a', grams: 64_000 }])
    await expect(sql`select * from bed__g1`.execute(database.db)).rejects.toThrow(/bed__g1/)
    await expect(sql`select * from bed_change`.execute(database.db)).rejects.toThrow(/bed_change/)
  })

  test('until history is read, the former view serves and nothing is promised of the new one', async () => {
    const database = await open<BedTables>('waiting')
    const log = bedLog()
    const end = await log.append(taken('a'))
    await (await followed(log, database)).stop()
    const gate = Promise.withResolvers<void>()
    const gated = {
      ...log.codecs,
      decode: async (recorded: Parameters<typeof log.codecs.decode>[0]) => {
        await gate.promise
        return log.codecs.decode(recorded)
      },
    }
    const running = follow({ store: log.store, codecs: gated }, database, { projection: heavierBoard })
    onTestFinished(() => running.stop())
    await waitUntil(async () => {
      const { rows } = await sql`select name from projection_checkpoint`.execute(database.db)
      return rows.length === 2
    }, 'the new generation')
    expect(await running.reaches(end, 1)).toBe(false)
    expect(await database.db.selectFrom('bed').select('patient_id').execute()).toEqual([{ patient_id: 'p1' }])
    gate.resolve()
    expect(await running.reaches(end, PATIENCE)).toBe(true)
    expect((await sql`select grams from bed`.execute(database.db)).rows).toEqual([{ grams: 71_500 }])
  })

  test('a new name takes the place of the former one, which stops', async () => {
    const database = await open<BedTables>('renamed')
    const log = bedLog()
    await log.append(taken('a'))
    const former = await followed(log, database)
    const successor = await followed(log, database, { projection: { ...bedBoard, name: 'bed-board-2' } })
    expect(await successor.reaches(await log.append(taken('b')), PATIENCE)).toBe(true)
    await waitUntil(() => former.status().state === 'stopped', 'the former to stop')
    expect(former.lines.at(-1)).toMatchObject({ projection: 'bed-board-1', msg: 'stopped following the log' })
    expect(await database.db.selectFrom('bed').select('bed_id').orderBy('bed_id').execute()).toHaveLength(2)
  })
})
