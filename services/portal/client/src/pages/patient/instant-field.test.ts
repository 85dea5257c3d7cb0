import { expect, test } from 'vitest'
import { fromField, toField } from './instant-field.ts'

test('a minute that is chosen holds all that happened in it', () => {
  const instant = '2026-11-20T14:32:20.500Z'
  const chosen = fromField(toField(instant)) ?? ''
  expect(chosen >= instant).toBe(true)
  expect(Date.parse(chosen) - Date.parse(instant)).toBeLessThan(60_000)
  expect(toField(chosen)).toBe(toField(instant))
})

test('a field that says nothing is no instant', () => {
  expect(fromField('')).toBeUndefined()
})
