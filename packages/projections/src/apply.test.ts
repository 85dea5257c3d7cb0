import { eachDatabase } from '@relais/testkit/databases'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { bedBoard, type BedEvent, bedLog, type BedTables, follow, freed, manyBeds, taken } from './bed-board.fixture.ts'

const PATIENCE = 20_000

eachDatabase('the rows of a projection', (open) => {
  test('an event that is not read is passed over unopened', async () => {
    const log = bedLog()
    const database = await open<BedTables>('unread')
    const opened: string[] = []
    const decode = (recorded: Parameters<typeof log.codecs.decode>[0]) => {
      opened.push(recorded.type)
      return log.codecs.decode(recorded)
    }
    const projection = { ...bedBoard, unread: ['BedFreed'] satisfies BedEvent['type'][] }
    const running = follow({ store: log.store, codecs: { ...log.codecs, decode } }, database, { projection })
    onTestFinished(() => running.stop())
    const end = await log.appendAll([taken('a'), freed('a'), taken('b')])
    expect(await running.reaches(end, PATIENCE)).toBe(true)
    expect(opened).toEqual(['BedTaken.v1', 'BedTaken.v1'])
    expect(await database.db.selectFrom('bed').select('bed_id').orderBy('bed_id').execute()).toEqual([
      { bed_id: 'a' },
      { bed_id: 'b' },
    ])
  })

  test('an event that cannot be read is the failure of its batch, also while others wait for their keys', async () => {
    const log = bedLog()
    const failures: unknown[] = []
    const decode = (recorded: Parameters<typeof log.codecs.decode>[0]) => {
      if (recorded.stream === 'bed-b') throw new Error('unreadable')
      return new Promise<undefined>((_, reject) => setImmediate(() => reject(new Error('the vault is away'))))
    }
    const { promise: failed, resolve } = Promise.withResolvers<void>()
    const warn = ({ error }: { error?: unknown }) => {
      failures.push(error)
      resolve()
    }
    await log.appendAll([taken('a'), taken('b')])
    const running = follow(
      { store: log.store, codecs: { ...log.codecs, decode } },
      await open<BedTables>('unreadable'),
      {
        log: { info: () => {}, warn, error: () => {} },
      },
    )
    onTestFinished(() => running.stop())
    await failed
    await new Promise(setImmediate)
    expect(failures[0]).toMatchObject({ message: 'unreadable' })
  })

  test('built again, they are the last of each key, without those that were removed last', async () => {
    const log = bedLog()
    const database = await open<BedTables>('loaded')
    const running = follow(log, database)
    onTestFinished(() => running.stop())
    const end = await log.appendAll([
      ...manyBeds(100),
      taken('a', 'p1'),
      freed('a', 'p1'),
      taken('b', 'p2'),
      freed('b', 'p2'),
      taken('b', 'p3'),
      taken('c', 'p4'),
      taken('c', 'p5'),
    ])
    await running.reaches(end, PATIENCE)
    const before = await running.checksum()
    expect(await running.rebuild()).toEqual({ checksum: before })
    const beds = database.db.selectFrom('bed').select(['bed_id', 'patient_id']).where('bed_id', 'in', ['a', 'b', 'c'])
    expect(await beds.orderBy('bed_id').execute()).toEqual([
      { bed_id: 'b', patient_id: 'p3' },
      { bed_id: 'c', patient_id: 'p5' },
    ])
  })

  test('nothing of what they were loaded into stays', async () => {
    const log = bedLog()
    const database = await open<BedTables>('unloaded')
    const running = follow(log, database)
    onTestFinished(() => running.stop())
    await running.reaches(await log.appendAll(manyBeds(3)), PATIENCE)
    await running.rebuild()
    await running.verify()
    const catalogue =
      database.kind === 'sqlite'
        ? sql<{ name: string }>`select name from sqlite_schema where type = 'table' order by name`
        : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema() order by 1`
    const names = (await catalogue.execute(database.db)).rows.map(({ name }) => name)
    expect(names).toEqual(['bed__g2', 'bed_change__g2', 'projection_checkpoint'])
  })
})
