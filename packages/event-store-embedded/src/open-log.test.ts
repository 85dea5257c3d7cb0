import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { afterEach, describe, expect, test } from 'vitest'
import type { EmbeddedLog, LogEvent } from './log.ts'
import { openEmbeddedLog, type EmbeddedLogOptions } from './open-log.ts'

const newEvent = (bytes = 1): LogEvent => {
  return { id: randomUUID(), type: 'Noted', json: false, data: Buffer.alloc(bytes, 7), metadata: Buffer.alloc(0) }
}
const newEvents = (count: number, bytes?: number) => Array.from({ length: count }, () => newEvent(bytes))

const opened: EmbeddedLog[] = []
async function open(options: Partial<EmbeddedLogOptions> = {}): Promise<EmbeddedLog> {
  const log = await openEmbeddedLog({ folder: temporaryFolder(), ...options })
  opened.push(log)
  return log
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((log) => log.close()))
})

describe('appending to the log', () => {
  test('appends that wait share a flush', async () => {
    const log = await open()
    let left = 1000
    const writers = Array.from({ length: 64 }, async (_, writer) => {
      for (let revision = -1; left > 0; revision += 1) {
        left -= 1
        await log.append(`ward-${writer}`, revision < 0 ? 'noStream' : revision, newEvents(1))
      }
    })
    await Promise.all(writers)
    const { flushes, appends, events } = log.statistics()
    expect({ appends, events, last: log.lastPosition() }).toEqual({ appends: 1000, events: 1000, last: 1000 })
    expect(flushes).toBeLessThanOrEqual(40)
  })

  test('a refused append does not spoil those it shares a flush with', async () => {
    const log = await open()
    const outcomes = await Promise.all([
      log.append('ward-1', 'noStream', newEvents(2)),
      log.append('ward-1', 'noStream', newEvents(1)),
      log.append('ward-2', 5, newEvents(1)),
      log.append('ward-1', 1, newEvents(1)),
    ])
    expect(outcomes).toEqual([
      { appended: true, revision: 1, position: 2 },
      { appended: false, revision: 1 },
      { appended: false, revision: -1 },
      { appended: true, revision: 2, position: 3 },
    ])
    expect(log.statistics()).toEqual({ flushes: 1, appends: 4, events: 3 })
  })

  test('an append of no events is checked, and writes nothing', async () => {
    const log = await open()
    await expect(log.append('ward-1', 'noStream', [])).resolves.toEqual({ appended: true, revision: -1, position: 0 })
    await log.append('ward-1', 'noStream', newEvents(3))
    await expect(log.append('ward-1', 2, [])).resolves.toEqual({ appended: true, revision: 2, position: 3 })
    await expect(log.append('ward-1', 1, [])).resolves.toEqual({ appended: false, revision: 2 })
    expect(log.statistics().flushes).toBe(1)
  })

  test('bytes, empty ones too, and the time of the append are kept as given', async () => {
    const log = await open({ now: () => 1_795_000_000_123 })
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const events = [
      { ...newEvent(), json: true, data: every.subarray(10, 20), metadata: every },
      { ...newEvent(), data: new Uint8Array(0), metadata: new Uint8Array(0) },
    ]
    await log.append('ward-1', 'noStream', events)
    const created = 1_795_000_000_123
    expect(log.readStream('ward-1', { direction: 'forwards', limit: 5 })).toEqual([
      { ...events[0], stream: 'ward-1', revision: 0, position: 1, created },
      { ...events[1], stream: 'ward-1', revision: 1, position: 2, created },
    ])
  })

  test('listeners hear of a commit that they can already read', async () => {
    const log = await open()
    const heard: (number | undefined)[][] = []
    const stop = log.onCommitted((position) => {
      heard.push([position, log.readAll({ direction: 'backwards', limit: 1 }).records[0]?.position])
    })
    await log.append('ward-1', 'noStream', newEvents(2))
    await log.append('ward-1', 0, newEvents(1))
    await log.append('ward-1', 1, newEvents(1))
    stop()
    await log.append('ward-1', 2, newEvents(1))
    expect(heard).toEqual([
      [2, 2],
      [3, 3],
    ])
  })
})

describe('reading the log', () => {
  test('prefixes choose streams, and the scan ends at a window however rare they are', async () => {
    const log = await open()
    await log.append('rare-1', 'noStream', newEvents(1))
    await log.append('other-1', 'noStream', newEvents(5000))
    await log.append('rare-2', 'noStream', newEvents(1))
    const prefixes = ['rare-', 'none-']
    const first = log.readAll({ direction: 'forwards', limit: 10, prefixes })
    expect(first.records.map(({ stream }) => stream)).toEqual(['rare-1'])
    expect(first.scannedTo).toBeLessThan(5000)
    const second = log.readAll({ direction: 'forwards', from: (first.scannedTo ?? 0) + 1, limit: 10, prefixes })
    expect(second).toMatchObject({ records: [{ stream: 'rare-2' }], scannedTo: 5002 })
    expect(log.readAll({ direction: 'forwards', from: 5003, limit: 10 })).toEqual({ records: [], scannedTo: undefined })

    const back = log.readAll({ direction: 'backwards', limit: 10, prefixes })
    const rest = log.readAll({ direction: 'backwards', from: back.scannedTo, limit: 10, prefixes })
    expect([back, rest].map(({ records }) => records.map(({ stream }) => stream))).toEqual([['rare-2'], ['rare-1']])
    expect(log.readAll({ direction: 'backwards', from: 1, limit: 10 }).scannedTo).toBeUndefined()
  })

  test('a page of large events ends early, and none is skipped', async () => {
    const log = await open()
    for (let ward = 1; ward <= 9; ward += 1) await log.append(`ward-${ward}`, 'noStream', newEvents(1, 1_000_000))
    const { records, scannedTo } = log.readAll({ direction: 'forwards', limit: 100 })
    expect(records.length).toBeLessThan(9)
    expect(scannedTo).toBe(records.at(-1)?.position)
    const rest = log.readAll({ direction: 'forwards', from: records.length + 1, limit: 100 })
    expect(records.length + rest.records.length).toBe(9)
  })
})

describe('opening a folder', () => {
  test('a log that was closed goes on where it was, and still knows its repeats', async () => {
    const folder = temporaryFolder()
    const events = newEvents(2)
    const before = await open({ folder })
    const first = await before.append('ward-1', 'noStream', events)
    await before.close()
    const after = await open({ folder })
    expect(after.lastPosition()).toBe(2)
    await expect(after.append('ward-1', 'noStream', events)).resolves.toEqual(first)
    await expect(after.append('ward-1', 1, newEvents(1))).resolves.toEqual({ appended: true, revision: 2, position: 3 })
  })

  test('every file of a log is for its owner only', async () => {
    const folder = temporaryFolder()
    const log = await open({ folder })
    await log.append('ward-1', 'noStream', newEvents(1))
    const files = readdirSync(folder)
    expect(files).toEqual(expect.arrayContaining(['lock.sqlite', 'log.sqlite', 'log.sqlite-shm', 'log.sqlite-wal']))
    expect(files.filter((file) => (statSync(join(folder, file)).mode & 0o077) !== 0)).toEqual([])
  })

  test('a folder in use is refused, saying what to do, and free again after close', async () => {
    const folder = temporaryFolder()
    const log = await open({ folder })
    await expect(openEmbeddedLog({ folder })).rejects.toMatchObject({ code: 'folderInUse' })
    await expect(openEmbeddedLog({ folder })).rejects.toThrow(`${folder} is used by another Relais process. Stop`)
    await log.append('ward-1', 'noStream', newEvents(1))
    await log.close()
    expect(readdirSync(folder)).toEqual(['lock.sqlite', 'log.sqlite'])
    await expect(open({ folder })).resolves.toBeDefined()
  })

  test('a file that is no log is refused by its name, saying what to do, and left as it is', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'log.sqlite')
    writeFileSync(file, 'x'.repeat(8192))
    await expect(open({ folder })).rejects.toMatchObject({ code: 'unreadableLog' })
    await expect(open({ folder })).rejects.toThrow(`${file} cannot be read: file is not a database. Stop Relais`)
  })

  test('a database of something else, or of a newer Relais, is refused', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'log.sqlite')
    const alter = (sql: string) => {
      using database = new DatabaseSync(file)
      database.exec(sql)
    }
    alter('CREATE TABLE person (name TEXT)')
    await expect(open({ folder })).rejects.toThrow(/it is not a log of Relais/)
    alter('PRAGMA application_id = 1380732743; PRAGMA user_version = 2')
    await expect(open({ folder })).rejects.toThrow(/its version is 2, not 1/)
  })

  test('a damaged file is refused by its name', async () => {
    const folder = temporaryFolder()
    const log = await open({ folder })
    await log.append('ward-1', 'noStream', newEvents(200, 1000))
    await log.close()
    const file = join(folder, 'log.sqlite')
    const [pageBytes, size] = [4096, statSync(file).size]
    writeFileSync(
      file,
      Buffer.concat([readFileSync(file).subarray(0, pageBytes), Buffer.alloc(size - pageBytes, 0xff)]),
    )
    await expect(open({ folder })).rejects.toMatchObject({ code: 'unreadableLog' })
    await expect(open({ folder })).rejects.toThrow(file)
  })
})

describe('a log without room', () => {
  test('refuses what has no room, whole, and takes appends again once there is room', async () => {
    const folder = temporaryFolder()
    const small = await open({ folder, maxPages: 40 })
    const first = await small.append('ward-1', 'noStream', newEvents(2))
    const shared = [small.append('ward-1', 1, newEvents(1)), small.append('ward-2', 'noStream', newEvents(40, 4096))]
    const settled = await Promise.allSettled(shared)
    expect(settled).toMatchObject([{ reason: { code: 'logFull' } }, { reason: { code: 'logFull' } }])
    expect(small.lastPosition()).toBe(first.appended && first.position)
    expect(small.readStream('ward-2', { direction: 'forwards', limit: 1 })).toEqual([])

    await expect(small.append('ward-1', 1, newEvents(1))).resolves.toMatchObject({ appended: true, position: 3 })
    await small.close()
    const larger = await open({ folder })
    const retried = larger.append('ward-2', 'noStream', newEvents(40, 4096))
    await expect(retried).resolves.toEqual({ appended: true, revision: 39, position: 43 })
  })
})

describe('a log that fails or closes', () => {
  test('a transaction that fails is answered as unavailable, leaves nothing, and later ones work', async () => {
    const folder = temporaryFolder()
    const log = await open({ folder })
    using other = new DatabaseSync(join(folder, 'log.sqlite'))
    other.exec(
      "CREATE TRIGGER broken BEFORE INSERT ON event WHEN NEW.type = 'Broken' BEGIN SELECT RAISE(ABORT, 'broken'); END",
    )
    const sound = newEvents(2)
    const shared = [
      log.append('ward-1', 'noStream', sound),
      log.append('ward-2', 'noStream', [{ ...newEvent(), type: 'Broken' }]),
    ]
    const unavailable = { reason: { code: 'storeUnavailable' } }
    await expect(Promise.allSettled(shared)).resolves.toMatchObject([unavailable, unavailable])
    expect(log.readStream('ward-1', { direction: 'forwards', limit: 1 })).toEqual([])
    const retried = { appended: true, revision: 1, position: 2 }
    await expect(log.append('ward-1', 'noStream', sound)).resolves.toEqual(retried)
  })

  test('closing answers the appends already asked for, and refuses the later ones', async () => {
    const folder = temporaryFolder()
    const log = await open({ folder, flushDelayMilliseconds: 5 })
    const asked = [1, 2, 3].map((ward) => log.append(`ward-${ward}`, 'noStream', newEvents(1)))
    const closing = log.close()
    await expect(log.append('ward-4', 'noStream', newEvents(1))).rejects.toMatchObject({ code: 'storeUnavailable' })
    await closing
    await expect(Promise.all(asked)).resolves.toMatchObject([{ position: 1 }, { position: 2 }, { position: 3 }])
    await expect(log.close()).resolves.toBeUndefined()
    expect(() => log.readAll({ direction: 'forwards', limit: 1 })).toThrow(/closed/)
  })
})
