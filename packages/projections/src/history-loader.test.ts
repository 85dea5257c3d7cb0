import { eachDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { type BedLog, bedLog, type BedTables, follow, freed, manyBeds, taken } from './bed-board.fixture.ts'
import { LONG_HISTORY } from './history-loader.ts'
import type { RunningProjection } from './projection.ts'

const PATIENCE = 30_000

function stopping<Running extends RunningProjection>(running: Running): Running {
  onTestFinished(() => running.stop())
  return running
}

eachDatabase('a view that begins on a long history', (open) => {
  const long = longLog()

  test('is as if it had been there from the beginning, and goes on', async () => {
    const log = bedLog()
    const before = stopping(follow(log, await open<BedTables>('before')))
    await waitUntil(() => before.status().state === 'live', 'the beginning')
    const end = await fill(log)
    const database = await open<BedTables>('long')
    let told = 0
    const running = stopping(follow(log, database, { onOvertaken: () => void (told += 1) }))
    expect(running.status().hasCaughtUp).toBe(false)
    expect(await running.reaches(end, PATIENCE)).toBe(true)
    expect(await before.reaches(end, PATIENCE)).toBe(true)
    expect(await running.checksum()).toBe(await before.checksum())
    expect(await generationsOf(database.db)).toEqual([database.kind === 'sqlite' ? 2 : 1])
    expect(told).toBe(database.kind === 'sqlite' ? 1 : 0)
    expect(running.lines).toEqual([])
  })

  test('begins again where a process ended in the middle of it, and is the same in the end', async () => {
    const { log, end } = await long
    const gate = Promise.withResolvers<void>()
    let opened = 0
    const decode = async (recorded: Parameters<typeof log.codecs.decode>[0]) => {
      if ((opened += 1) > LONG_HISTORY / 4) await gate.promise
      return log.codecs.decode(recorded)
    }
    const halted = stopping(
      follow({ store: log.store, codecs: { ...log.codecs, decode } }, await open<BedTables>('ended')),
    )
    await waitUntil(() => opened > LONG_HISTORY / 4, 'the middle of it')
    expect(await halted.reaches(end, 1)).toBe(false)
    const again = stopping(follow(log, await open<BedTables>('ended')))
    expect(await again.reaches(end, PATIENCE)).toBe(true)
    const other = stopping(follow(log, await open<BedTables>('straight')))
    expect(await other.reaches(end, PATIENCE)).toBe(true)
    expect(await again.checksum()).toBe(await other.checksum())
    gate.resolve()
  })

  test('names an event that cannot be read, as any other view', async () => {
    const { log } = await long
    const broken = new Error('unreadable')
    const decode = async (recorded: Parameters<typeof log.codecs.decode>[0]) => {
      if (recorded.revision === 7) throw broken
      return log.codecs.decode(recorded)
    }
    const running = follow({ store: log.store, codecs: { ...log.codecs, decode } }, await open<BedTables>('broken'))
    stopping(running)
    await waitUntil(() => running.status().state === 'stopped', 'it to stop')
    expect(running.lines.at(-1)).toMatchObject({ msg: 'stopped following the log', eventId: expect.any(String) })
  })
})

async function longLog() {
  const log = bedLog()
  return { log, end: await fill(log) }
}
const fill = (log: BedLog) => log.appendAll([...manyBeds(LONG_HISTORY / 2), taken('last'), freed('b3')])

async function generationsOf(db: Parameters<ReturnType<typeof sql>['execute']>[0]): Promise<number[]> {
  const { rows } = await sql<{ generation: number }>`select generation from projection_checkpoint`.execute(db)
  return rows.map(({ generation }) => generation)
}
