import { expect, test } from 'vitest'
import { TERRITORY, territoryHistory } from './territory.ts'
import type { TerritorySize } from './territory/people.ts'

const village: TerritorySize = { ...TERRITORY, inhabitants: 400, professionals: 10, years: 1 }

test('the same seed tells the same history, another seed another one', () => {
  const told = (seed: number) => JSON.stringify([...territoryHistory({ ...village, seed })].slice(0, 500))
  expect(told(1)).toBe(told(1))
  expect(told(1)).not.toBe(told(2))
})

test('every fact fits its contract, and each stream is given its facts in order', () => {
  const revisions = new Map<string, number>()
  for (const { family, stream, expected, events } of territoryHistory(village)) {
    const name = `${family.category}-${stream}`
    expect(expected).toBe(revisions.get(name) ?? 'noStream')
    revisions.set(name, (revisions.get(name) ?? -1) + events.length)
    for (const event of events) expect(family.schema.parse(event)).toEqual(event)
  }
  const categories = new Set([...revisions.keys()].map((name) => name.split('-')[0]))
  expect(categories).toEqual(new Set(['circle', 'notice', 'resident', 'residentMatch', 'stay']))
})

test('time goes forwards, to the end, where some stays go on', () => {
  let last = ''
  const present = new Set<string>()
  for (const { events, stream, at } of territoryHistory(village)) {
    // What is told comes fifty milliseconds after what it tells of.
    expect(Date.parse(at)).toBeGreaterThanOrEqual(last === '' ? 0 : Date.parse(last) - 50)
    last = at
    for (const event of events) {
      if (event.type !== 'StandingChanged') continue
      if (event.data.standing.status === 'present') present.add(stream)
      else present.delete(stream)
    }
  }
  expect(last <= village.until).toBe(true)
  expect(present.size).toBeGreaterThan(0)
})
