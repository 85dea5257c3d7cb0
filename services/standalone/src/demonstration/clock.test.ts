import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@relais/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { demonstrationClock } from './clock.ts'

const NOON = '2026-11-23T12:00:00.000Z'
const noon = () => NOON

test('without having been moved it is the clock of the machine', () => {
  const clock = demonstrationClock(temporaryFolder(), noon)
  expect([clock.now(), clock.machineNow(), clock.aheadMilliseconds()]).toEqual([NOON, NOON, 0])
})

test('once moved forward it goes on from there, and the machine’s stays what it is', () => {
  let machine = NOON
  const clock = demonstrationClock(temporaryFolder(), () => machine)
  expect(clock.advanceTo('2026-11-24T12:00:00.000Z')).toBeUndefined()
  machine = '2026-11-23T12:00:05.000Z'
  expect([clock.now(), clock.machineNow()]).toEqual(['2026-11-24T12:00:05.000Z', machine])
})

test('it is never moved backwards, nor ten years ahead', () => {
  const folder = temporaryFolder()
  const clock = demonstrationClock(folder, noon)
  expect(clock.advanceTo('2026-11-23T12:00:01.000Z')).toBeUndefined()
  expect(clock.advanceTo('2026-11-23T12:00:00.999Z')).toBe('clockBackwards')
  expect(clock.advanceTo('2036-11-30T12:00:00.001Z')).toBe('clockTooFarAhead')
  expect(demonstrationClock(folder, noon).now()).toBe('2026-11-23T12:00:01.000Z')
  expect(clock.advanceTo('2036-11-30T12:00:00.000Z')).toBeUndefined()
})

test('it is moved by exactly as much as was asked for, however long that takes', () => {
  let milliseconds = 0
  const clock = demonstrationClock(temporaryFolder(), () =>
    new Date(Date.parse(NOON) + (milliseconds += 1)).toISOString(),
  )
  expect(clock.advanceBy(3_600_000)).toBeUndefined()
  expect(clock.aheadMilliseconds()).toBe(3_600_000)
})

test('a start goes on from where it was moved', () => {
  const folder = temporaryFolder()
  demonstrationClock(folder, noon).advanceTo('2026-12-01T08:00:00.000Z')
  expect(demonstrationClock(folder, noon).now()).toBe('2026-12-01T08:00:00.000Z')
  expect(demonstrationClock(folder, () => '2026-11-23T12:30:00.000Z').now()).toBe('2026-12-01T08:30:00.000Z')
})

test('listeners hear each time that it was moved, when it shows the new time, until they stop', () => {
  const clock = demonstrationClock(temporaryFolder(), noon)
  const heard: string[] = []
  const stop = clock.onAdvanced(() => heard.push(clock.now()))
  clock.advanceTo('2026-11-23T13:00:00.000Z')
  clock.advanceTo('2026-11-23T13:00:00.000Z')
  clock.advanceTo('2026-11-23T12:30:00.000Z')
  clock.advanceTo('2026-11-23T14:00:00.000Z')
  stop()
  clock.advanceTo('2026-11-23T15:00:00.000Z')
  expect(heard).toEqual(['2026-11-23T13:00:00.000Z', '2026-11-23T14:00:00.000Z'])
})

test('a damaged file is said to be, and is left as it is', () => {
  const folder = temporaryFolder()
  const file = join(folder, 'demonstration', 'clock.json')
  demonstrationClock(folder, noon).advanceTo('2026-12-01T08:00:00.000Z')
  writeFileSync(file, '{"aheadMilliseconds":-5}')
  expect(() => demonstrationClock(folder, noon)).toThrow(`${file} is damaged`)
  expect(readFileSync(file, 'utf8')).toBe('{"aheadMilliseconds":-5}')
})
