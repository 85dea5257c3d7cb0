import { eachDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { type BedEvent, type BedLog, bedLog, type BedTables, follow, manyBeds, taken } from './bed-board.fixture.ts'
import type { RunningProjection } from './projection.ts'
import type { ProjectionOptions } from './runner.ts'
import type { AnyDatabase } from './sql.ts'

const PATIENCE = 20_000

async function followed(log: BedLog, database: AnyDatabase, options: Partial<ProjectionOptions<BedEvent>> = {}) {
  const running = follow(log, database, options)
  onTestFinished(() => running.stop())
  await waitUntil(() => running.status().state === 'live', 'catching up')
  return running
}

/** Appends one event after the other, each once the one before is in the view, until told to stop: how many there were. */
function load(log: BedLog, running: RunningProjection) {
  let isOver = false
  const working = (async () => {
    let count = 0
    while (!isOver) {
      await running.reaches(await log.append(taken(`live${(count += 1)}`)), PATIENCE)
      await new Promise(setImmediate)
    }
    return count
  })()
  return {
    async end() {
      isOver = true
      return working
    },
  }
}

eachDatabase('a job on a projection', (open) => {
  test('a rebuild under load switches without a reader ever seeing less, and misses nothing', async () => {
    const log = bedLog()
    const database = await open<BedTables>('rebuilt')
    const start = await log.appendAll(manyBeds(600))
    const running = await followed(log, database)
    await running.reaches(start, PATIENCE)
    const writing = load(log, running)
    const progress: { handled: number; total: number }[] = []
    let isOver = false
    const reading = (async () => {
      for (let seen = 600; !isOver;) {
        const { rows } = await sql<{ changes: number }>`select count(*) as changes from bed_change`.execute(database.db)
        expect(rows[0]?.changes).toBeGreaterThanOrEqual(seen)
        seen = rows[0]?.changes ?? Infinity
        await new Promise(setImmediate)
      }
    })()
    await running.rebuild((step) => progress.push(step)).finally(() => (isOver = true))
    await reading
    const written = await writing.end()
    expect(await running.reaches(await log.append(taken('last')), PATIENCE)).toBe(true)
    const { rows } = await sql`select event_id from bed_change`.execute(database.db)
    expect(rows).toHaveLength(600 + written + 1)
    expect(progress[0]).toEqual({ handled: 0, total: expect.any(Number) })
    expect(progress[0]?.total).toBeGreaterThanOrEqual(600)
    expect(progress.at(-1)?.handled).toBeGreaterThanOrEqual(600)
    expect(await running.verify()).toMatchObject({ matches: true })
  })

  test('jobs of one replica take nothing back from what the other has committed', async () => {
    const log = bedLog()
    await log.appendAll(manyBeds(50))
    const committed: number[] = []
    const onCommitted = (decoded: readonly { position: number }[]) =>
      void committed.push(...decoded.map(({ position }) => position))
    const one = await followed(log, await open<BedTables>('replicas'), { onCommitted })
    const other = await followed(log, await open<BedTables>('replicas'), { onCommitted })
    const writing = load(log, other)
    await one.rebuild()
    await other.rebuild()
    for (let round = 0; round < 3; round++) expect(await one.verify()).toMatchObject({ matches: true })
    const end = await writing.end().then(() => log.append(taken('last')))
    expect(await Promise.all([one.reaches(end, PATIENCE), other.reaches(end, PATIENCE)])).toEqual([true, true])
    await waitUntil(() => committed.length >= end / 2, 'the last commit')
    expect(committed.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: end / 2 }, (_, number) => 2 * number + 2),
    )
    expect(await one.verify()).toMatchObject({ matches: true })
  })

  test('verifying under load compares the view with itself as of one position', async () => {
    const log = bedLog()
    const database = await open<BedTables>('verified')
    await log.appendAll(manyBeds(200))
    const running = await followed(log, database)
    const writing = load(log, running)
    expect(await running.verify()).toMatchObject({ matches: true })
    await writing.end()
    const { rows } = await sql`select generation, serving from projection_checkpoint`.execute(database.db)
    expect(rows).toEqual([{ generation: 1, serving: 1 }])
  })

  test('one changed row is found by verifying, and is put right by rebuilding', async () => {
    const log = bedLog()
    const database = await open<BedTables>('tampered')
    await log.appendAll(manyBeds(20))
    const running = await followed(log, database)
    const before = await running.checksum()
    await sql`update bed__g1 set ward = 'Urgences' where bed_id = 'b7'`.execute(database.db)
    expect(await running.verify()).toEqual({ matches: false, checksum: before })
    expect(await running.checksum()).not.toBe(before)
    expect(await running.rebuild()).toEqual({ checksum: before })
    expect(await running.checksum()).toBe(before)
  })

  test('jobs asked for at once are done one after the other', async () => {
    const log = bedLog()
    await log.appendAll(manyBeds(20))
    const running = await followed(log, await open<BedTables>('queued'))
    const checksum = await running.checksum()
    const outcomes = await Promise.all([running.rebuild(), running.verify(), running.rebuild()])
    expect(outcomes).toEqual([{ checksum }, { checksum, matches: true }, { checksum }])
  })

  test('a rebuilt view has its indexes', async () => {
    const log = bedLog()
    const database = await open<BedTables>('indexed')
    const running = await followed(log, database)
    await running.rebuild()
    const catalogue =
      database.kind === 'sqlite'
        ? sql<{ name: string }>`select name from sqlite_schema where name = 'bed__g2_i0'`
        : sql<{ name: string }>`select indexname as name from pg_indexes where indexname = 'bed__g2_i0'
                                and schemaname = current_schema()`
    expect((await catalogue.execute(database.db)).rows).toEqual([{ name: 'bed__g2_i0' }])
  })

  test('what an interrupted rebuild left is dropped at the next start', async () => {
    const log = bedLog()
    const database = await open<BedTables>('interrupted')
    const first = await followed(log, database)
    await first.stop()
    await sql`create table bed__g2 (bed_id text)`.execute(database.db)
    await sql`create table bed_change__g2 (bed_id text)`.execute(database.db)
    await sql`insert into projection_checkpoint
              select name, 2, 0, epoch, declaration, tables, 0, 0 from projection_checkpoint`.execute(database.db)
    await followed(log, database)
    await expect(sql`select * from bed__g2`.execute(database.db)).rejects.toThrow(/bed__g2/)
  })

  test('a job does not outlive its projection', async () => {
    const log = bedLog()
    await log.appendAll(manyBeds(20))
    const running = await followed(log, await open<BedTables>('abandoned'))
    const rebuilding = running.rebuild(({ handled }) => void (handled === 0 && running.stop()))
    await expect(rebuilding).rejects.toMatchObject({ code: 'jobAbandoned' })
  })
})
