import { expect, test } from 'vitest'
import { type VerifiedToken, verifiedTokens } from './verified-tokens.ts'

const NOON = Date.parse('2027-03-01T12:00:00.000Z')
const token: VerifiedToken = {
  actor: { id: 'rpps:1' as VerifiedToken['actor']['id'], role: 'infirmier', wards: [], scopes: [] },
  expiresAt: '2027-03-01T20:00:00.000Z',
}

test('the token used least recently leaves first', () => {
  const tokens = verifiedTokens({ capacity: 2, toleranceSeconds: 5 })
  tokens.remember('a', token, NOON)
  tokens.remember('b', token, NOON)
  expect(tokens.find('a', NOON)).toBe(token)
  tokens.remember('c', token, NOON)
  expect(tokens.find('b', NOON)).toBeUndefined()
  expect(tokens.find('a', NOON)).toBe(token)
  expect(tokens.find('c', NOON)).toBe(token)
})

test('a verification counts for five minutes, not more', () => {
  const tokens = verifiedTokens({ capacity: 2, toleranceSeconds: 5 })
  tokens.remember('a', token, NOON)
  expect(tokens.find('a', NOON + 299_999)).toBe(token)
  expect(tokens.find('a', NOON + 300_000)).toBeUndefined()
})

test('and never longer than the token and its tolerance', () => {
  const tokens = verifiedTokens({ capacity: 2, toleranceSeconds: 5 })
  const ending = { ...token, expiresAt: '2027-03-01T12:01:00.000Z' }
  tokens.remember('a', ending, NOON)
  expect(tokens.find('a', NOON + 64_999)).toBe(ending)
  expect(tokens.find('a', NOON + 65_000)).toBeUndefined()
})
