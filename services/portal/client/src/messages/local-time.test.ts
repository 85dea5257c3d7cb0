import { expect, test } from 'vitest'
import { dayInput, instantOfInput, localInput } from './local-time.ts'

test('what a field shows of an instant is read back as that instant, to the minute', () => {
  const at = new Date('2026-11-27T14:32:45').getTime()
  expect(localInput(at)).toBe('2026-11-27T14:32')
  expect(instantOfInput(localInput(at))).toBe(new Date('2026-11-27T14:32').toISOString())
  expect(instantOfInput(dayInput(at))).toBe(new Date('2026-11-27T00:00').toISOString())
})

test('what is no date is none', () => {
  expect(instantOfInput('')).toBeUndefined()
  expect(instantOfInput('tomorrow')).toBeUndefined()
})
