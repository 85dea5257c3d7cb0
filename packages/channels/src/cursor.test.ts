import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cursorCodec } from './cursor.ts'

const siteKey = Buffer.alloc(32, 7)
const codec = cursorCodec(siteKey, '7f6f2f0e-8a1d-4f8e-9b8c-1f0a7d3c5e21')
const position = fc.oneof(fc.maxSafeNat(), fc.nat(5), fc.constant(Number.MAX_SAFE_INTEGER))

test('a cursor opens to the position it was sealed from, in its own channel only', () =>
  fc.assert(
    fc.property(position, fc.string(), fc.string(), (sealed, channel, other) => {
      const cursor = codec.seal(channel, sealed)
      expect(codec.open(channel, cursor)).toBe(sealed)
      expect(codec.open(other, cursor)).toBe(other === channel ? sealed : undefined)
    }),
  ))

test('the same entry of the same channel always has the same cursor, and it fits a frame', () => {
  expect(codec.seal('ward/1', 42)).toBe(cursorCodec(siteKey, '7f6f2f0e-8a1d-4f8e-9b8c-1f0a7d3c5e21').seal('ward/1', 42))
  expect(codec.seal('ward/1', 42)).toMatch(/^[A-Za-z0-9_-]{22}$/)
})

test('a cursor of another log, or sealed with another key, is unknown', () => {
  const cursor = codec.seal('ward/1', 42)
  expect(cursorCodec(siteKey, '11111111-8a1d-4f8e-9b8c-1f0a7d3c5e21').open('ward/1', cursor)).toBeUndefined()
  expect(
    cursorCodec(Buffer.alloc(32, 8), '7f6f2f0e-8a1d-4f8e-9b8c-1f0a7d3c5e21').open('ward/1', cursor),
  ).toBeUndefined()
})

test('an altered cursor is unknown, whichever byte was touched', () =>
  fc.assert(
    fc.property(position, fc.nat(15), fc.integer({ min: 1, max: 255 }), (sealed, index, difference) => {
      const bytes = Buffer.from(codec.seal('ward/1', sealed), 'base64url')
      bytes[index] = (bytes[index] ?? 0) ^ difference
      expect(codec.open('ward/1', bytes.toString('base64url'))).toBeUndefined()
    }),
  ))

test('whatever a client makes up is unknown and never throws', () =>
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 100 }), fc.stringMatching(/^[A-Za-z0-9_-]{22}$/)), (made) => {
      expect(codec.open('ward/1', made)).toBeUndefined()
    }),
  ))

test('a cursor has one spelling', () => {
  const cursor = codec.seal('ward/1', 42)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const spellings = alphabet.split('').map((last) => cursor.slice(0, -1) + last)
  expect(spellings.filter((spelling) => codec.open('ward/1', spelling) !== undefined)).toEqual([cursor])
})

test('neighbouring positions have nothing in common to look at', () => {
  const [one, next] = [codec.seal('ward/1', 1), codec.seal('ward/1', 2)]
  expect(one.slice(0, 4)).not.toBe(next.slice(0, 4))
})

test('what is no position is refused', () => {
  expect(() => codec.seal('ward/1', -1)).toThrow(RangeError)
  expect(() => codec.seal('ward/1', 2 ** 53)).toThrow(RangeError)
})
