import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recentlyUsed } from './recently-used.ts'

test('a value that is used stays, and one that is not is let go', () => {
  const kept = recentlyUsed<string, number>(8)
  kept.set('used', 1)
  kept.set('unused', 2)
  for (let other = 0; other < 20; other += 1) {
    kept.set(`other ${other}`, other)
    expect(kept.get('used')).toBe(1)
  }
  expect(kept.get('unused')).toBeUndefined()
})

test('what was set last is what is found, as long as it is found', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(12), fc.nat(3))), (steps) => {
      const kept = recentlyUsed<number, number>(8)
      const set = new Map<number, number>()
      for (const [key, value] of steps) {
        kept.set(key, value)
        set.set(key, value)
        expect(kept.get(key)).toBe(value)
        for (const [known, last] of set) expect([last, undefined]).toContain(kept.get(known))
      }
    }),
  ))

test('never more are kept than were asked for', () => {
  const kept = recentlyUsed<number, number>(8)
  for (let key = 0; key < 100; key += 1) kept.set(key, key)
  const found = Array.from({ length: 100 }, (_, key) => key).filter((key) => kept.get(key) !== undefined)
  expect(found.length).toBeLessThanOrEqual(8)
  expect(found).toEqual(expect.arrayContaining([96, 97, 98, 99]))
})
