import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, test, vi } from 'vitest'
import { type DemonstrationClock, demonstrationClock } from './clock.ts'
import { messagesOfDay } from './day/day.ts'
import { keptFile } from './kept-file.ts'
import { kindsOf, openPlatform, type Platform } from './platform.fixture.ts'
import { KeptDay, player } from './player.ts'
import type { Send } from './send.ts'

// A day is some eighty messages: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const EVENING = '2026-11-22T19:00:00.000Z'
const FASTEST = 86_400
const day = '2026-11-23'

/** A start of the platform on a data folder, where the machine's clock stands still. */
function startOn({ adapters }: Platform, folder: string, send: Send) {
  const moved = demonstrationClock(folder, () => EVENING)
  let listeners = 0
  const clock: DemonstrationClock = {
    ...moved,
    onAdvanced(listener) {
      listeners += 1
      return moved.onAdvanced(listener)
    },
  }
  const waits = () => waitUntil(() => listeners, 'the player to wait for its time')
  const kept = keptFile(folder, 'day', KeptDay)
  const days = player({ kept, clock, send, perform: async () => {}, settled: Promise.resolve(), log: adapters.log })
  const ended = () => waitUntil(() => days.view()?.state !== 'playing', 'the day to end', 60)
  return { clock, days, ended, waits }
}

test('a day is played from its first message to its last, and the clock goes along', async () => {
  const platform = await openPlatform()
  const sentAt: string[] = []
  const { clock, days, ended } = startOn(platform, temporaryFolder(), async (bytes) => {
    sentAt.push(clock.now())
    return platform.send(bytes)
  })
  expect(days.view()).toBeUndefined()
  const expected = messagesOfDay(1, day)
  const total = expected.length
  expect(days.play({ speed: FASTEST })).toMatchObject({
    state: 'playing',
    day,
    seed: 1,
    speed: FASTEST,
    sent: 0,
    total,
  })
  expect(days.play({ speed: 1 })).toBe('dayPlaying')
  await ended()
  expect(days.view()).toMatchObject({ state: 'done', sent: total, accepted: total - 1, quarantined: 1, refused: 0 })
  expect(sentAt).toEqual(expected.map(({ at }) => at))
})

test('stopped, and stopped by a crash, it goes on where it was: the log is that of a day played at once', async () => {
  const whole = await openPlatform()
  const atOnce = startOn(whole, temporaryFolder(), whole.send)
  atOnce.days.play({ speed: FASTEST, seed: 12 })
  await atOnce.ended()

  const platform = await openPlatform()
  const folder = temporaryFolder()
  const stopAfter = async (count: number) => {
    let sent = 0
    const { days, ended } = startOn(platform, folder, async (bytes) => {
      sent += 1
      if (sent > count) void days.stop()
      return platform.send(bytes)
    })
    days.play({ speed: FASTEST, seed: 12 })
    await ended()
    return days.view()
  }
  expect(await stopAfter(9)).toMatchObject({ state: 'stopped', sent: 10 })
  const crashing = startOn(platform, folder, async (bytes) => {
    await platform.send(bytes)
    throw new Error('the process ends before it writes down what was answered')
  })
  expect(crashing.days.view()).toMatchObject({ state: 'stopped', sent: 10, accepted: 0 })
  crashing.days.play({ speed: FASTEST })
  await crashing.ended()
  expect(crashing.days.view()).toMatchObject({ state: 'failed', sent: 10 })
  const last = startOn(platform, folder, platform.send)
  expect(last.days.play({ speed: FASTEST, seed: 13 })).toBe('dayUnfinished')
  expect(last.days.play({ speed: FASTEST, seed: 12 })).toMatchObject({ day, seed: 12, sent: 10 })
  await last.ended()
  expect(last.days.view()).toMatchObject({ state: 'done', quarantined: 1 })
  for (const each of [whole, platform]) await each.settled()
  expect(kindsOf(await platform.events())).toEqual(kindsOf(await whole.events()))
})

test('the next day follows, also for the next start', async () => {
  const platform = await openPlatform()
  const folder = temporaryFolder()
  const played: (string | undefined)[] = []
  for (let count = 0; count < 2; count += 1) {
    const { days, ended } = startOn(platform, folder, platform.send)
    days.play({ speed: FASTEST })
    await ended()
    played.push(days.view()?.day)
  }
  expect(played).toEqual([day, '2026-11-24'])
})

test('somebody who moves the clock need not wait: what is late then is sent at once', async () => {
  const platform = await openPlatform()
  const { clock, days, ended, waits } = startOn(platform, temporaryFolder(), platform.send)
  days.play({ speed: 1 })
  await waits()
  clock.advanceTo('2026-11-24T12:00:00.000Z')
  await ended()
  expect(days.view()).toMatchObject({ state: 'done', now: '2026-11-24T12:00:00.000Z' })
})

test('it waits between messages, until it is stopped', async () => {
  const platform = await openPlatform()
  const { days, waits } = startOn(platform, temporaryFolder(), platform.send)
  days.play({ speed: 1 })
  await waits()
  await days.stop()
  expect(days.view()).toMatchObject({ state: 'stopped', sent: 0, now: EVENING })
})

test('it fails when nobody takes its messages, and can be tried again', async () => {
  const platform = await openPlatform()
  const folder = temporaryFolder()
  const { days, ended } = startOn(platform, folder, platform.sendFrom('192.0.2.1'))
  days.play({ speed: FASTEST })
  await ended()
  expect(days.view()).toMatchObject({ state: 'failed', sent: 0, refused: 4 })
  const again = startOn(platform, folder, platform.send)
  again.days.play({ speed: FASTEST })
  await again.ended()
  expect(again.days.view()).toMatchObject({ state: 'done' })
})
