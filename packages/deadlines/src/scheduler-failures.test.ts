import { setImmediate } from 'node:timers/promises'
import { DatabaseUnavailable } from '@relais/database/errors'
import type { Connection } from '@relais/database/statements'
import { inMemoryEventStore } from '@relais/event-store/in-memory'
import { type EventStore, StoreUnavailable } from '@relais/event-store/port'
import { readinessOf } from '@relais/projections/readiness'
import { eachDatabase } from '@relais/testkit/databases'
import { waitUntil } from '@relais/testkit/wait-until'
import { expect, onTestFinished, test } from 'vitest'
import { callCentre, type CallTables, toldBy, virtualTime } from './calls.fixture.ts'
import type { Deadline, Fire } from './deadline.ts'
import { addHours } from './local-date.ts'
import { type Seen, started } from './started.fixture.ts'

const SECOND = 1000
const HOUR = 3600 * SECOND
const PATIENCE = 20_000

/** Fires nothing until told to, one deadline after the other. */
function heldFire() {
  const held: { deadline: Deadline; answer: (position?: number) => void }[] = []
  const fire: Fire = (deadline) =>
    new Promise((resolve) => {
      held.push({ deadline, answer: (position) => resolve({ position }) })
    })
  return { held, fire, callIds: () => held.map(({ deadline }) => deadline.detail['callId']) }
}

eachDatabase('of deadlines', (open) => {
  test('one that fails is tried again after growing pauses, and holds up nobody', async () => {
    let refusals = 3
    const attempts: string[] = []
    const fire: Fire = (deadline) => {
      if (deadline.detail['callId'] !== 'bad') return centre.miss(deadline)
      attempts.push(time.clock.now().slice(11, 19))
      if ((refusals -= 1) >= 0) throw new Error('no line')
      return centre.miss(deadline)
    }
    const { time, centre, until, store } = await started(open, 'failing', { fire })
    await centre.planned('bad', time.after(1))
    await centre.view.reaches(await centre.planned('good', time.after(1)), PATIENCE)
    time.pass(HOUR)
    await until(async () => (await toldBy(store, centre)).length === 1, 'the other call to be missed')
    await until(() => centre.deadlines.status().failing === 1, 'the first attempt')
    expect(centre.deadlines.status()).toMatchObject({ state: 'live', lagMilliseconds: 0 })
    for (const [seconds, count] of [
      [1, 2],
      [2, 3],
      [4, 4],
    ] as const) {
      await until(() => time.pending() > 1, 'a pause')
      const pending = time.pending()
      time.pass(seconds * SECOND - 1)
      expect(time.pending()).toBe(pending)
      time.pass(1)
      await until(() => attempts.length === count, 'another attempt')
    }
    await until(async () => (await toldBy(store, centre)).length === 2, 'the call to be missed')
    expect(attempts).toEqual(['09:00:00', '09:00:01', '09:00:03', '09:00:07'])
    expect(centre.lines.map(({ msg, attempt, kind, stream }) => [msg, attempt, kind, stream])).toEqual(
      [1, 2, 3].map((attempt) => ['firing a deadline failed, trying again', attempt, 'missCall', 'call-bad']),
    )
    await until(() => centre.deadlines.status().failing === 0, 'nothing to fail')
  })

  test('one that failed is not fired again once what it waits for has happened', async () => {
    const fire: Fire = () => Promise.reject(new Error('no line'))
    const { time, centre, until } = await started(open, 'failed_then_made', { fire })
    await centre.view.reaches(await centre.planned('a', time.after(1)), PATIENCE)
    time.pass(HOUR)
    await until(() => centre.deadlines.status().failing === 1 && time.pending() > 0, 'a pause')
    await centre.view.reaches(await centre.made('a'), PATIENCE)
    time.pass(SECOND)
    await until(() => centre.deadlines.status().failing === 0, 'nothing to fail')
    expect(centre.fired).toHaveLength(1)
  })

  test('one whose command changes nothing is left for later, and told once', async () => {
    const fire: Fire = () => Promise.resolve({ position: undefined })
    const { time, centre, until } = await started(open, 'in_vain', { fire })
    await centre.view.reaches(await centre.planned('a', time.after(1)), PATIENCE)
    time.pass(HOUR)
    for (const [count, seconds] of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600].entries()) {
      await until(() => centre.fired.length === count + 1 && time.pending() > 0, 'another attempt')
      time.pass(seconds * SECOND - 1)
      expect(time.pending()).toBe(1)
      time.pass(1)
    }
    const told = centre.lines.filter(({ msg }) => msg === 'a deadline stays although its command changes nothing')
    expect(told).toHaveLength(1)
    expect(told).toMatchObject([{ name: 'calls', kind: 'missCall', stream: 'call-a', attempts: 2 }])
  })

  test('one of somebody who was forgotten is fired once, told to nobody, and holds up no other', async () => {
    const fire: Fire = (deadline) =>
      deadline.detail['callId'] === 'forgotten' ? Promise.resolve('over') : centre.miss(deadline)
    const { time, centre, until, store } = await started(open, 'over', { fire })
    await centre.planned('forgotten', time.after(1))
    await centre.view.reaches(await centre.planned('good', time.after(2)), PATIENCE)
    time.pass(HOUR)
    await until(() => centre.firedCalls().includes('forgotten') && time.pending() === 1, 'it to be over')
    expect(centre.deadlines.status()).toMatchObject({ state: 'live', failing: 0 })
    time.pass(HOUR)
    await until(async () => (await toldBy(store, centre)).length === 1, 'the other call to be missed')
    centre.deadlines.wake()
    time.jump(30)
    await until(async () => (await toldBy(store, centre)).length === 2, 'the other call to be missed again')
    expect(centre.firedCalls()).toEqual(['forgotten', 'good', 'good'])
    expect(centre.lines).toEqual([])
  })

  test('eight are fired at once, and the next one when one of them is done', async () => {
    const { held, fire, callIds } = heldFire()
    const { time, centre, until } = await started(open, 'held', { fire })
    const names = Array.from({ length: 10 }, (_, number) => `call ${number}`)
    let position = 0
    for (const [number, name] of names.entries()) position = await centre.planned(name, time.after(1 + number / 60))
    await centre.view.reaches(position, PATIENCE)
    time.pass(2 * HOUR)
    await until(() => held.length >= 8, 'eight calls')
    expect(callIds()).toEqual(names.slice(0, 8))
    held[3]?.answer((await centre.made('call 3')) || undefined)
    await until(() => held.length === 9, 'another call')
    expect(callIds()).toEqual(names.slice(0, 9))
    for (const { answer } of held) answer()
    await until(() => held.length === 10, 'the last call')
    held[9]?.answer()
  })

  test('three hundred that fail leave way to one that does not', async () => {
    const fire: Fire = (deadline) =>
      deadline.detail['callId'] === 'good' ? centre.miss(deadline) : Promise.reject(new Error('no line'))
    const { time, centre, until, store } = await started(open, 'many_failing', { fire })
    const names = Array.from({ length: 300 }, (_, number) => `bad ${number}`)
    await Promise.all(names.map((name) => centre.planned(name, time.after(1))))
    await centre.view.reaches(await centre.planned('good', time.after(2)), PATIENCE)
    time.jump(3)
    await until(async () => (await toldBy(store, centre)).length === 1, 'the good call to be missed')
    expect(centre.deadlines.status().failing).toBe(300)
    expect(new Set(centre.firedCalls()).size).toBe(301)
  })

  test('none is fired as long as the view has to catch up', async () => {
    const time = virtualTime()
    const store = inMemoryEventStore()
    const before = callCentre({ store, database: await open<CallTables>('catching_up'), time })
    await before.planned('made', time.after(1))
    await before.view.reaches(await before.planned('missed', time.after(1)), PATIENCE)
    await before.stop()
    await before.made('made')
    time.pass(10 * HOUR)

    const gate = Promise.withResolvers<void>()
    const database = await open<CallTables>('catching_up')
    const centre = callCentre({ store: gated(store, gate.promise), database, time })
    onTestFinished(() => centre.stop())
    const passing = (look: () => boolean, what: string) =>
      waitUntil(() => {
        time.pass(SECOND)
        return look()
      }, what)
    const start = time.clock.now()
    await passing(() => time.clock.now() > addHours(start, 20 / 3600), 'twenty looks')
    expect(centre.fired).toEqual([])
    expect(readinessOf([centre.deadlines])).toMatchObject([{ name: 'calls', ready: false }])
    gate.resolve()
    await passing(() => centre.fired.length > 0, 'the other call to be missed')
    expect(centre.firedCalls()).toEqual(['missed'])
  })

  test('none is known while the database is away, and the service says that it is not ready', async () => {
    let isAway = false
    const seen: Seen = ({ db, kind }) => {
      const executeQuery: Connection['executeQuery'] = (query) =>
        isAway ? Promise.reject(new DatabaseUnavailable('away')) : db.executeQuery(query)
      return { kind, db: { executeQuery } }
    }
    const { time, centre, until } = await started(open, 'away', { seen })
    await centre.view.reaches(await centre.planned('a', time.after(1)), PATIENCE)
    isAway = true
    time.pass(HOUR)
    await until(() => centre.deadlines.status().state === 'catchingUp', 'it to be missed')
    time.pass(6 * SECOND)
    expect(readinessOf([centre.deadlines])).toMatchObject([{ ready: false, detail: 'catchingUp, 6000 ms behind' }])
    await until(() => time.pending() > 0, 'a pause')
    isAway = false
    time.pass(60 * SECOND)
    await until(() => centre.fired.length === 1, 'the call to be missed')
    await until(() => readinessOf([centre.deadlines]).every(({ ready }) => ready), 'the service to be ready')
  })

  test('all wait in their place while the log is away, and none of them has failed', async () => {
    let isAway = true
    const fire: Fire = (deadline) => {
      if (isAway) throw new StoreUnavailable('away')
      return centre.miss(deadline)
    }
    const { time, centre, until, store } = await started(open, 'log_away', { fire })
    const names = Array.from({ length: 20 }, (_, number) => `call ${number}`)
    let position = 0
    for (const [number, name] of names.entries()) position = await centre.planned(name, time.after(1 + number / 60))
    await centre.view.reaches(position, PATIENCE)
    time.pass(2 * HOUR)
    for (const [attempt, seconds] of [1, 2, 4].entries()) {
      await until(() => centre.lines.length === attempt + 1 && time.pending() > 0, 'a pause')
      time.pass(seconds * SECOND)
    }
    await until(() => centre.lines.length === 4, 'a pause')
    expect(new Set(centre.lines.map(({ msg }) => msg))).toEqual(new Set(['deadlines have to wait, trying again']))
    expect(centre.deadlines.status()).toMatchObject({ state: 'catchingUp', lagMilliseconds: 7000, failing: 0 })
    expect(centre.fired.length).toBeLessThanOrEqual(4 * 8)
    isAway = false
    await until(() => time.pending() > 0, 'a pause')
    time.pass(8 * SECOND)
    await until(async () => (await toldBy(store, centre)).length === 20, 'every call to be missed')
    await until(() => centre.deadlines.status().state === 'live', 'deadlines to be followed')
    expect(centre.lines).toHaveLength(4)
  })

  test('those being fired are waited for at the end, and no timer is left', async () => {
    const { held, fire } = heldFire()
    const { time, centre, until } = await started(open, 'stopped', { fire })
    await centre.planned('later', time.after(5))
    await centre.view.reaches(await centre.planned('a', time.after(1)), PATIENCE)
    time.pass(HOUR)
    await until(() => held.length === 1, 'the call')
    let isStopped = false
    const stopping = centre.deadlines.stop().then(() => (isStopped = true))
    await setImmediate()
    expect(isStopped).toBe(false)
    held[0]?.answer()
    await stopping
    expect(time.pending()).toBe(0)
    expect(readinessOf([centre.deadlines])).toMatchObject([{ ready: false }])
    time.jump(24)
    expect(held).toHaveLength(1)
  })
})

/** A store whose subscribers are given nothing until the gate opens. */
function gated(store: EventStore, gate: Promise<void>): EventStore {
  return {
    ...store,
    async *subscribe(options) {
      await gate
      yield* store.subscribe(options)
    },
  }
}
