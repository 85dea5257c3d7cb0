import { eachDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import {
  type BedEvent,
  bedBoard,
  bedLog,
  type BedTables,
  follow,
  freed,
  losable,
  manyBeds,
  RECORDED_AT,
  taken,
} from './bed-board.fixture.ts'
import type { RunningProjection } from './projection.ts'
import { startProjection } from './runner.ts'

const PATIENCE = 20_000

/** As `bedBoard`, which has nothing to say of one bed. */
const quietBoard: typeof bedBoard = {
  ...bedBoard,
  rows: (decoded) => (decoded.routing['bedId'] === 'quiet' ? [] : bedBoard.rows(decoded)),
}

function stopping<Running extends RunningProjection>(running: Running): Running {
  onTestFinished(() => running.stop())
  return running
}

eachDatabase('a projection', (open) => {
  test('shows what the log says, old and new', async () => {
    const log = bedLog()
    const { db, ...database } = await open<BedTables>('shown')
    await log.appendAll([taken('a', 'p1'), taken('b', 'p2'), freed('a', 'p1')])
    const running = stopping(follow(log, { db, ...database }))
    await waitUntil(() => running.status().state === 'live', 'catching up')
    expect(await running.reaches(await log.append(taken('c', 'p3')), PATIENCE)).toBe(true)
    const beds = await db.selectFrom('bed').selectAll().orderBy('bed_id').execute()
    expect(beds).toEqual([
      { bed_id: 'b', patient_id: 'p2', ward: 'Cardiologie – été' },
      { bed_id: 'c', patient_id: 'p3', ward: 'Cardiologie – été' },
    ])
    expect(running.status()).toEqual({ state: 'live', position: 8, lagMilliseconds: 0, hasCaughtUp: true })
  })

  test('of several changes to one row in a batch, the last one holds', async () => {
    const log = bedLog()
    const database = await open<BedTables>('collapsed')
    const position = await log.appendAll([freed('a'), taken('a'), freed('a'), taken('a', 'p9'), taken('b'), freed('b')])
    const running = stopping(follow(log, database))
    expect(await running.reaches(position, PATIENCE)).toBe(true)
    expect(await database.db.selectFrom('bed').select(['bed_id', 'patient_id']).execute()).toEqual([
      { bed_id: 'a', patient_id: 'p9' },
    ])
  })

  test('the checksum of the same view is the same on every database', async () => {
    const log = bedLog()
    const database = await open<BedTables>('checksum')
    const position = await log.appendAll([
      ...manyBeds(30),
      taken('é', 'p1', 2 ** 52),
      taken('Z'),
      taken('z'),
      freed('z'),
    ])
    const running = stopping(follow(log, database))
    await running.reaches(position, PATIENCE)
    expect(await running.checksum()).toBe('e3d94571694c02721c98b5c912d5aeecdc995caf117ef45bce4d2f5b579bc3be')
  })

  test('stopped anywhere and resumed from any earlier checkpoint, it ends as if nothing had happened', async () => {
    const fact = fc
      .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom('p1', 'p2'), fc.boolean())
      .map(([bed, patient, isTaken]): BedEvent => (isTaken ? taken(bed, patient) : freed(bed, patient)))
    let round = 0
    const property = fc.asyncProperty(
      fc.array(fact, { minLength: 1, maxLength: 12 }),
      fc.nat(),
      fc.nat(),
      async (facts, stop, back) => {
        const log = bedLog()
        const database = await open<BedTables>(`resumed_${(round += 1)}`)
        const stopAfter = stop % facts.length
        const stoppedAt = await log.appendAll(facts.slice(0, stopAfter))
        const first = follow(log, database)
        await first.reaches(stoppedAt, PATIENCE)
        await waitUntil(() => first.status().hasCaughtUp, 'catching up')
        await first.stop()
        const earlier = 2 * (back % (stopAfter + 1))
        await sql`update projection_checkpoint set position = ${earlier}`.execute(database.db)
        const end = await log.appendAll(facts.slice(stopAfter))
        const resumed = follow(log, database)
        await resumed.reaches(end, PATIENCE)
        const { checksum, matches } = await resumed.verify()
        await resumed.stop()
        await database.close()
        expect({ matches, checksum }).toEqual({ matches: true, checksum: await straight(log, end, round) })
      },
    )
    await fc.assert(property, { numRuns: 8 })
  })

  async function straight(log: ReturnType<typeof bedLog>, end: number, round: number): Promise<string> {
    const database = await open<BedTables>(`straight_${round}`)
    const running = follow(log, database)
    await running.reaches(end, PATIENCE)
    const checksum = await running.checksum()
    await running.stop()
    await database.close()
    return checksum
  }

  test('a restart handles nothing again, and says what is history', async () => {
    const log = bedLog()
    const database = await open<BedTables>('restarted')
    const committed: [number, boolean][] = []
    const onCommitted = (decoded: readonly { position: number }[], live: boolean) =>
      void committed.push(...decoded.map(({ position }): [number, boolean] => [position, live]))
    await log.appendAll([taken('a')])
    const first = follow(log, database, { onCommitted })
    await waitUntil(() => first.status().state === 'live', 'catching up')
    await first.reaches(await log.append(taken('b')), PATIENCE)
    await first.stop()
    await log.append(taken('c'))
    const second = stopping(follow(log, database, { onCommitted }))
    await waitUntil(() => second.status().state === 'live', 'catching up')
    await second.reaches(await log.append(taken('d')), PATIENCE)
    await waitUntil(() => committed.length === 4, 'the last commit')
    expect(committed).toEqual([
      [2, false],
      [4, true],
      [6, false],
      [8, true],
    ])
  })

  test('what writes nothing is passed at once, saved with what comes next, and read again after a crash', async () => {
    const log = bedLog()
    const database = await open<BedTables>('passed')
    const given: (string | undefined)[] = []
    const options = {
      projection: quietBoard,
      onCommitted: (decoded: readonly { routing: Readonly<Record<string, string>> }[]) =>
        void given.push(...decoded.map(({ routing }) => routing['bedId'])),
    }
    const saved = async () => {
      const { rows } = await sql<{ position: number }>`select position from projection_checkpoint`.execute(database.db)
      return rows[0]?.position
    }
    const first = follow(log, database, options)
    await waitUntil(() => first.status().state === 'live', 'catching up')
    const start = await log.append(taken('a'))
    await first.reaches(start, PATIENCE)
    for (const bed of ['quiet', 'quiet']) expect(await first.reaches(await log.append(taken(bed)), PATIENCE)).toBe(true)
    expect(await saved()).toBe(start)
    const next = await log.append(taken('b'))
    await first.reaches(next, PATIENCE)
    expect(await saved()).toBe(next)
    const end = await log.append(taken('quiet'))
    await first.reaches(end, PATIENCE)
    await first.stop()
    expect(given).toEqual(['a', 'quiet', 'quiet', 'b', 'quiet'])

    const again = stopping(follow(log, database, options))
    expect(await again.reaches(end, PATIENCE)).toBe(true)
    expect(given).toEqual(['a', 'quiet', 'quiet', 'b', 'quiet', 'quiet'])
    for (let count = 0; count < 64; count += 1) await again.reaches(await log.append(taken('quiet')), PATIENCE)
    expect(await saved()).toBeGreaterThan(end)
    expect((await again.verify()).matches).toBe(true)
    expect((await again.rebuild()).checksum).toBe(await again.checksum())
    const last = await log.append(taken('c'))
    expect(await again.reaches(last, PATIENCE)).toBe(true)
    expect(await saved()).toBe(last)
  })

  test('two replicas share the work: each event is committed by one of them', async () => {
    const log = bedLog()
    const databases = [await open<BedTables>('shared'), await open<BedTables>('shared')]
    const committed: number[] = []
    const onCommitted = (decoded: readonly { position: number }[]) =>
      void committed.push(...decoded.map(({ position }) => position))
    const replicas = databases.map((database) => stopping(follow(log, database, { onCommitted })))
    let end = 0
    for (const fact of manyBeds(120)) {
      end = await log.append(fact)
      if (end % 10 === 0) await new Promise(setImmediate)
    }
    expect(await Promise.all(replicas.map((replica) => replica.reaches(end, PATIENCE)))).toEqual([true, true])
    await waitUntil(() => committed.length === 120, 'every commit')
    expect(committed.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 120 }, (_, n) => 2 * n + 2))
    expect((await replicas[0]?.verify())?.matches).toBe(true)
  })

  test('a replica is told when another one commits what it was not given, before it commits anything itself', async () => {
    const log = bedLog()
    const told: (number | 'overtaken')[] = []
    const onCommitted = (decoded: readonly { position: number }[]) =>
      void told.push(...decoded.map(({ position }) => position))
    const gate = { events: 0, opens: Promise.withResolvers<void>() }
    const codecs = {
      ...log.codecs,
      decode: async (recorded: Parameters<typeof log.codecs.decode>[0]) => {
        gate.events += 1
        if (recorded.stream === 'bed-b') await gate.opens.promise
        return log.codecs.decode(recorded)
      },
    }
    const slow = stopping(
      follow({ store: log.store, codecs }, await open<BedTables>('overtaken'), {
        onCommitted,
        onOvertaken: () => void told.push('overtaken'),
      }),
    )
    await slow.reaches(await log.append(taken('a')), PATIENCE)
    const end = await log.append(taken('b'))
    await waitUntil(() => gate.events === 2, 'the slow replica to have begun')
    const quick = stopping(follow(log, await open<BedTables>('overtaken')))
    await quick.reaches(end, PATIENCE)
    gate.opens.resolve()
    expect(await slow.reaches(end, PATIENCE)).toBe(true)
    await quick.stop()
    await slow.reaches(await log.append(taken('c')), PATIENCE)
    await waitUntil(() => told.length === 3, 'the last commit')
    expect(told).toEqual([2, 'overtaken', 6])
  })

  test('a replica is told of what was committed while it had lost the log', async () => {
    const log = bedLog()
    const told: string[] = []
    const { store, lose, find } = losable(log.store)
    const found = Promise.withResolvers<void>()
    const cut = stopping(
      follow({ store, codecs: log.codecs }, await open<BedTables>('cut'), {
        onCommitted: () => void told.push('committed'),
        onOvertaken: () => void told.push('overtaken'),
        sleep: () => found.promise,
      }),
    )
    await waitUntil(() => cut.status().state === 'live', 'catching up')
    lose()
    const other = stopping(follow(log, await open<BedTables>('cut')))
    const end = await log.append(taken('a'))
    await other.reaches(end, PATIENCE)
    find()
    found.resolve()
    expect(await cut.reaches(end, PATIENCE)).toBe(true)
    expect(told).toEqual(['overtaken'])
  })

  test('another replica that only saves its position overtakes nobody', async () => {
    const log = bedLog()
    let minute = 0
    const now = () => new Date(Date.parse(RECORDED_AT) + (minute += 1) * 60_000).toISOString()
    let overtaken = 0
    const onOvertaken = () => void (overtaken += 1)
    const replicas = [
      stopping(follow(log, await open<BedTables>('idle'), { onOvertaken, now })),
      stopping(follow(log, await open<BedTables>('idle'), { onOvertaken, now })),
    ]
    await waitUntil(() => replicas.every((replica) => replica.status().state === 'live'), 'catching up')
    for (let round = 0; round < 10; round += 1) {
      const id = `f4b8a9c2-0000-4000-8000-00000000000${round}`
      const result = await log.store.append(`note-${round}`, 'noStream', [
        { id, type: 'Note.v1', data: {}, metadata: {} },
      ])
      const position = result.appended ? result.position : 0
      await Promise.all(replicas.map((replica) => replica.reaches(position, PATIENCE)))
    }
    expect(overtaken).toBe(0)
    await replicas[0]?.rebuild()
    expect(overtaken).toBe(0)
  })

  test('a position that nothing has written yet is not reached', async () => {
    const log = bedLog()
    const running = stopping(follow(log, await open<BedTables>('unreached')))
    await waitUntil(() => running.status().state === 'live', 'catching up')
    expect(await running.reaches(2, 1)).toBe(false)
  })

  test('what others write moves the position too', async () => {
    const log = bedLog()
    const running = stopping(follow(log, await open<BedTables>('others')))
    const other = { id: 'f4b8a9c2-0000-4000-8000-000000000000', type: 'Note.v1', data: {}, metadata: {} }
    const result = await log.store.append('note-1', 'noStream', [other])
    expect(await running.reaches(result.appended ? result.position : 0, PATIENCE)).toBe(true)
  })
})

test('tables that cannot be are refused at once', () => {
  const tables = { bed: { columns: { id: 'text?' as const }, key: ['id'] } }
  const { store, codecs } = bedLog()
  const options = { store, codecs, epoch: 'e', now: () => '', log: { info: () => {}, warn: () => {}, error: () => {} } }
  const start = () =>
    startProjection({
      ...options,
      projection: { ...bedBoard, tables },
      database: { kind: 'sqlite', db: undefined as never, transaction: undefined as never, aside: undefined as never },
    })
  expect(start).toThrow('may be empty')
})
