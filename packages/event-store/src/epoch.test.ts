import { expect, test } from 'vitest'
import { formatPosition, logEpoch, parsePosition } from './epoch.ts'
import { inMemoryEventStore } from './in-memory.ts'

const epoch = '5f0c7f1e-3f39-4c7e-9d0e-4d2f4c1b9a01'
const otherEpoch = '5f0c7f1e-3f39-4c7e-9d0e-4d2f4c1b9a02'

test('a log keeps the epoch it was given first', async () => {
  const store = inMemoryEventStore()
  const first = await logEpoch(store)
  expect(first).toMatch(/^[0-9a-f-]{36}$/)
  await expect(logEpoch(store)).resolves.toBe(first)
})

test('all who ask at once are told the same epoch', async () => {
  const store = inMemoryEventStore()
  const epochs = await Promise.all(Array.from({ length: 5 }, () => logEpoch(store)))
  expect(new Set(epochs).size).toBe(1)
})

test('two logs have two epochs', async () => {
  const [one, two] = await Promise.all([logEpoch(inMemoryEventStore()), logEpoch(inMemoryEventStore())])
  expect(one).not.toBe(two)
})

test('a position comes back from its text', () => {
  expect(formatPosition(epoch, 42)).toBe(`${epoch}:42`)
  expect(parsePosition(epoch, `${epoch}:42`)).toBe(42)
  expect(parsePosition(epoch, formatPosition(epoch, Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER)
})

test('a position of another log, or no position at all, means nothing', () => {
  for (const text of [
    `${otherEpoch}:42`,
    '42',
    `${epoch}:`,
    `${epoch}:-1`,
    `${epoch}:1e3`,
    `${epoch}:9007199254740992`,
  ])
    expect(parsePosition(epoch, text)).toBeUndefined()
})
