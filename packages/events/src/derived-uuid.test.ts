import { expect, test } from 'vitest'
import { z } from 'zod'
import { derivedUuid } from './derived-uuid.ts'

test('the same parts always give the same id, today and in ten years', () =>
  expect(derivedUuid('movement', 'stay-1', '1.2.3', '42')).toBe(derivedUuid('movement', 'stay-1', '1.2.3', '42')))

test('parts divided in another way give another id', () => {
  const ids = [derivedUuid('a', 'b'), derivedUuid('ab'), derivedUuid('a', 'b', ''), derivedUuid('b', 'a')]
  expect(new Set(ids).size).toBe(4)
})

test('a derived id is an id like any other', () =>
  expect(z.uuid().lowercase().safeParse(derivedUuid('movement', 'stay-1')).success).toBe(true))
