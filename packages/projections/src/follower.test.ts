import { eachDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, onTestFinished, test } from 'vitest'
import { bedBoard, bedLog, type BedTables, follow, losable, RECORDED_AT, taken } from './bed-board.fixture.ts'
import type { RunningProjection } from './projection.ts'
import { readinessOf } from './readiness.ts'

const PATIENCE = 20_000

function stopping<Running extends RunningProjection>(running: Running): Running {
  onTestFinished(() => running.stop())
  return running
}

/** The bed board, except that `bed` cannot be handled so many times. */
function failingAt(bed: string, times: number) {
  let left = times
  return {
    ...bedBoard,
    rows: (decoded: Parameters<typeof bedBoard.rows>[0]) => {
      if (decoded.routing['bedId'] === bed && (left -= 1) >= 0) throw new Error('cannot be handled')
      return bedBoard.rows(decoded)
    },
  }
}

function later(milliseconds: number): string {
  return new Date(Date.parse(RECORDED_AT) + milliseconds).toISOString()
}

eachDatabase('following the log', (open) => {
  test('an event that cannot be handled stops the projection just before it, and the log names it', async () => {
    const log = bedLog()
    const database = await open<BedTables>('poisoned')
    const before = await log.appendAll([taken('a'), taken('b')])
    await log.appendAll([taken('poison'), taken('c')])
    const running = stopping(follow(log, database, { projection: failingAt('poison', Infinity) }))
    await waitUntil(() => running.status().state === 'stopped', 'stopping')
    expect(running.status().position).toBe(before)
    expect(await running.reaches(before + 2, PATIENCE)).toBe(false)
    const rows = await database.db.selectFrom('bed').select('bed_id').orderBy('bed_id').execute()
    expect(rows).toEqual([{ bed_id: 'a' }, { bed_id: 'b' }])
    expect(running.lines.at(-1)).toMatchObject({
      level: 'error',
      msg: 'stopped following the log',
      projection: 'bed-board-1',
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(readinessOf([running])).toMatchObject([{ name: 'bed-board-1', ready: false }])
  })

  test('what fails a few times is tried again, and nothing is lost or done twice', async () => {
    const log = bedLog()
    const database = await open<BedTables>('transient')
    const end = await log.appendAll([taken('a'), taken('moody'), taken('b')])
    const handled: number[] = []
    const running = stopping(
      follow(log, database, {
        projection: failingAt('moody', 4),
        onCommitted: (decoded) => void handled.push(...decoded.map(({ position }) => position)),
      }),
    )
    expect(await running.reaches(end, PATIENCE)).toBe(true)
    await waitUntil(() => running.status().state === 'live', 'catching up')
    expect(handled).toEqual([2, 4, 6])
    expect(running.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('a lost store is waited for, however long, and found again where it was left', async () => {
    const log = bedLog()
    const database = await open<BedTables>('lost')
    const { store, lose, find } = losable(log.store)
    let clock = RECORDED_AT
    let tries = 0
    const live: boolean[] = []
    const longOutage = Promise.withResolvers<void>()
    const sleep = async () => {
      if ((tries += 1) === 9) await longOutage.promise
    }
    const running = stopping(
      follow({ store, codecs: log.codecs }, database, {
        sleep,
        now: () => clock,
        onCommitted: (_, isLive) => void live.push(isLive),
      }),
    )
    await waitUntil(() => running.status().state === 'live', 'catching up')
    lose()
    await waitUntil(() => tries === 9, 'a long outage')
    clock = later(5001)
    expect(running.status()).toMatchObject({ state: 'catchingUp', lagMilliseconds: 5001 })
    expect(readinessOf([running])).toMatchObject([{ ready: false }])
    const end = await log.append(taken('a'))
    find()
    longOutage.resolve()
    expect(await running.reaches(end, PATIENCE)).toBe(true)
    await waitUntil(() => running.status().state === 'live' && live.length > 0, 'catching up')
    expect(readinessOf([running])).toMatchObject([{ ready: true }])
    expect(tries).toBe(9)
    expect(live).toEqual([true])
  })

  test('an odd error after a long outage is one error, and is tried again', async () => {
    const log = bedLog()
    const database = await open<BedTables>('odd')
    const { store, lose, find } = losable(log.store)
    let tries = 0
    const sleep = async () => {
      tries += 1
      if (tries === 8) {
        find()
        lose(new Error('odd'))
      }
      if (tries === 9) find()
    }
    const running = stopping(follow({ store, codecs: log.codecs }, database, { sleep }))
    await waitUntil(() => running.status().state === 'live', 'catching up')
    lose()
    await waitUntil(() => tries >= 9 || running.status().state === 'stopped', 'the odd error')
    expect(await running.reaches(await log.append(taken('a')), PATIENCE)).toBe(true)
    expect(running.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('odd errors that each pass stop nothing, although nothing is recorded between them', async () => {
    const log = bedLog()
    const database = await open<BedTables>('odd_often')
    const { store, lose, find } = losable(log.store)
    const running = stopping(follow({ store, codecs: log.codecs }, database, { sleep: () => Promise.resolve(find()) }))
    for (let error = 1; error <= 7; error += 1) {
      await waitUntil(() => running.status().state !== 'catchingUp', 'catching up')
      lose(new Error('odd'))
      await waitUntil(() => running.lines.length >= error, 'the error')
    }
    expect(await running.reaches(await log.append(taken('a')), PATIENCE)).toBe(true)
    expect(running.lines.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1, 1, 1])
  })

  test('a failure of what follows a commit is logged, and the view goes on', async () => {
    const log = bedLog()
    const database = await open<BedTables>('pushed')
    const onCommitted = () => Promise.reject(new Error('nobody there'))
    const running = stopping(follow(log, database, { onCommitted }))
    await running.reaches(await log.append(taken('a')), PATIENCE)
    expect(await running.reaches(await log.append(taken('b')), PATIENCE)).toBe(true)
    expect(running.lines[0]).toMatchObject({ level: 'error', msg: 'what follows a commit failed' })
    expect(running.status().state).not.toBe('stopped')
  })
})

eachDatabase('readiness', (open) => {
  test('is red until history was read, green at 5 s behind, red past them', async () => {
    const log = bedLog()
    const database = await open<BedTables>('readiness')
    let clock = RECORDED_AT
    const gates = { history: Promise.withResolvers<void>(), live: Promise.withResolvers<void>() }
    await log.append(taken('a'))
    const codecs = {
      ...log.codecs,
      decode: async (recorded: Parameters<typeof log.codecs.decode>[0]) => {
        await (recorded.stream === 'bed-a' ? gates.history.promise : gates.live.promise)
        return log.codecs.decode(recorded)
      },
    }
    const running = stopping(follow({ store: log.store, codecs }, database, { now: () => clock }))
    const isReady = () => readinessOf([running]).every(({ ready }) => ready)
    expect(isReady()).toBe(false)
    gates.history.resolve()
    await waitUntil(() => running.status().state === 'live', 'catching up')
    expect(isReady()).toBe(true)
    const end = await log.append(taken('b'))
    await waitUntil(() => (clock = later(5000)) && running.status().lagMilliseconds === 5000, 'the lag')
    expect(isReady()).toBe(true)
    clock = later(5001)
    expect(readinessOf([running])).toEqual([{ name: 'bed-board-1', ready: false, detail: 'live, 5001 ms behind' }])
    gates.live.resolve()
    await running.reaches(end, PATIENCE)
    await waitUntil(() => running.status().lagMilliseconds === 0, 'no lag')
    expect(isReady()).toBe(true)
  })
})
