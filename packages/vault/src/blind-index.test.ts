import { createSecretKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { blindIndexOf } from './blind-index.ts'

const one = blindIndexOf(createSecretKey(Buffer.alloc(32, 1)))
const other = blindIndexOf(createSecretKey(Buffer.alloc(32, 2)))
const ins = ['1.2.250.1.213.1.4.10', '241079900000123'] as const

test('the same INS gives the same hash, which does not hold it', () => {
  const hash = one.blindIndex('ins', ...ins)
  expect(one.blindIndex('ins', ...ins)).toBe(hash)
  expect(hash).toMatch(/^[\w-]{43}$/)
  expect(hash).not.toContain('2410799')
})

test('another site, another kind, or the same letters cut elsewhere give another hash', () => {
  const hashes = [
    one.blindIndex('ins', ...ins),
    other.blindIndex('ins', ...ins),
    one.blindIndex('traits', ...ins),
    one.blindIndex('ins', ins.join('')),
  ]
  expect(new Set(hashes).size).toBe(4)
})
