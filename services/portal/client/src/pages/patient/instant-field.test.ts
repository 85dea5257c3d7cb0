import { expect, test } from 'vitest'
import { localInput } from '../../messages/local-time.ts'
import { endOfMinute } from './instant-field.ts'

test('a minute that is chosen holds all that happened in it', () => {
  const instant = '2026-11-20T14:32:20.500Z'
  const chosen = endOfMinute(localInput(Date.parse(instant))) ?? ''
  expect(chosen >= instant).toBe(true)
  expect(Date.parse(chosen) - Date.parse(instant)).toBeLessThan(60_000)
  expect(localInput(Date.parse(chosen))).toBe(localInput(Date.parse(instant)))
})

test('a field that says nothing is no instant', () => {
  expect(endOfMinute('')).toBeUndefined()
})
