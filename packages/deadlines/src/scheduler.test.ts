import { eachDatabase } from '@relais/testkit/databases'
import { expect, onTestFinished, test } from 'vitest'
import { callCentre, type CallTables, toldBy } from './calls.fixture.ts'
import { started } from './started.fixture.ts'

const HOUR = 3_600_000

eachDatabase('a deadline', (open) => {
  test('fires when its time has come, and not a millisecond before', async () => {
    const { time, centre, until, store } = await started(open, 'on_time')
    await centre.planned('a', time.after(2))
    await centre.planned('first', time.after(1))
    await until(() => time.pending() > 0, 'sleep')
    time.pass(2 * HOUR - 1)
    await until(() => centre.fired.length === 1, 'the first call to be missed')
    await until(() => time.pending() > 0, 'sleep')
    expect(centre.firedCalls()).toEqual(['first'])
    time.pass(1)
    await until(async () => (await toldBy(store, centre)).length === 2, 'the second call to be missed')
    expect(await toldBy(store, centre)).toEqual(['missed first 2026-11-23T09:00', 'missed a 2026-11-23T10:00'])
  })

  test('never fires once what it waits for has happened', async () => {
    const { time, centre, until, store } = await started(open, 'in_time')
    await centre.planned('made', time.after(1))
    await centre.planned('missed', time.after(1))
    const position = await centre.made('made')
    await centre.view.reaches(position, 20_000)
    time.jump(26)
    await until(async () => (await toldBy(store, centre)).length === 2, 'the other call to be missed twice')
    expect(new Set(centre.firedCalls())).toEqual(new Set(['missed']))
  })

  test('that is set before all others is not slept through', async () => {
    const { time, centre, until } = await started(open, 'earlier')
    await centre.planned('late', time.after(48))
    await until(() => time.pending() > 0, 'sleep')
    await centre.view.reaches(await centre.planned('early', time.after(1)), 20_000)
    time.pass(HOUR)
    await until(() => centre.fired.length === 1, 'the early call to be missed')
    expect(centre.firedCalls()).toEqual(['early'])
  })

  test('that was postponed fires at its new time only', async () => {
    const { time, centre, until, store } = await started(open, 'postponed')
    await centre.planned('a', time.after(1))
    await centre.planned('a', time.after(3))
    await centre.planned('b', time.after(2))
    await until(() => time.pending() > 0, 'sleep')
    time.jump(4)
    await until(async () => (await toldBy(store, centre)).length === 2, 'both calls to be missed')
    expect(await toldBy(store, centre)).toEqual(['missed b 2026-11-23T10:00', 'missed a 2026-11-23T11:00'])
  })

  test('after a jump of the clock all that fell due meanwhile fires, in due order, and what follows from it', async () => {
    const { time, centre, until, store } = await started(open, 'forward')
    const names = Array.from({ length: 30 }, (_, number) => `call ${String(29 - number).padStart(2, '0')}`)
    let position = 0
    for (const name of names) position = await centre.planned(name, time.after(1 + Number(name.slice(5)) / 60))
    await centre.view.reaches(position, 20_000)
    time.jump(5 * 24)
    await until(async () => (await toldBy(store, centre)).length === 90, 'every call to be missed three times')
    const told = await toldBy(store, centre)
    expect(new Set(told).size).toBe(90)
    const firstTimes = centre.fired.map(({ dueAt }) => dueAt).filter((dueAt) => dueAt < time.after(2))
    expect(firstTimes).toEqual(firstTimes.toSorted())
    expect(firstTimes).toHaveLength(30)
  })

  test('a clock that is corrected without a word is noticed within a minute', async () => {
    const { time, centre, until } = await started(open, 'corrected')
    await centre.view.reaches(await centre.planned('a', time.after(24 * 20)), 20_000)
    await until(() => time.pending() > 0, 'sleep')
    time.jumpSilently(24 * 21)
    time.pass(60_000)
    await until(() => centre.fired.length > 0, 'the call to be missed')
    expect(centre.firedCalls()[0]).toBe('a')
  })

  test('a clock that goes back fires nothing twice', async () => {
    const { time, centre, until, store } = await started(open, 'backwards')
    await centre.planned('a', time.after(1))
    time.jump(2)
    await until(async () => (await toldBy(store, centre)).length === 1, 'the call to be missed')
    time.jump(-10)
    const position = await centre.planned('b', time.after(-8))
    await centre.view.reaches(position, 20_000)
    time.pass(2 * HOUR)
    await until(() => centre.fired.length === 2, 'the other call to be missed')
    expect(centre.firedCalls()).toEqual(['a', 'b'])
    expect(await toldBy(store, centre)).toEqual(['missed a 2026-11-23T09:00', 'missed b 2026-11-23T00:00'])
  })

  test('of two replicas side by side one misses the call, and the other finds it missed', async () => {
    const { time, centre, until, store } = await started(open, 'replicas')
    const other = callCentre({ store, database: await open<CallTables>('replicas'), time })
    onTestFinished(() => other.stop())
    const names = Array.from({ length: 25 }, (_, number) => `call ${number}`)
    await Promise.all(names.map((name) => centre.planned(name, time.after(1))))
    time.jump(5 * 24)
    await until(async () => (await toldBy(store, centre)).length >= 75, 'every call to be missed three times')
    const bothSeeAll = () => [centre, other].every(({ deadlines }) => deadlines.status().failing === 0)
    await until(bothSeeAll, 'both to be done')
    const told = await toldBy(store, centre)
    expect(told.toSorted()).toEqual([...new Set(told)].toSorted())
    expect(told).toHaveLength(75)
  })

  test('is there again after the view was built again', async () => {
    const { time, centre, until } = await started(open, 'rebuilt')
    await centre.view.reaches(await centre.planned('a', time.after(1)), 20_000)
    await centre.view.rebuild()
    expect(await centre.view.verify()).toMatchObject({ matches: true })
    time.jump(2)
    await until(() => centre.fired.length === 1, 'the call to be missed')
  })
})
