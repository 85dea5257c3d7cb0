import { expect, test } from 'vitest'
import { grantsInMemory } from './grants-in-memory.ts'

const NOON = Date.parse('2027-03-01T12:00:00.000Z')

function stores() {
  const clock = { at: NOON }
  const open = grantsInMemory(() => clock.at)
  return { clock, codes: open('AuthorizationCode'), tokens: open('RefreshToken'), sessions: open('Session') }
}

test('what has ended is not found any more', async () => {
  const { clock, codes } = stores()
  await codes.upsert('code', { grantId: 'grant' }, 60)
  clock.at += 59_999
  await expect(codes.find('code')).resolves.toEqual({ grantId: 'grant' })
  clock.at += 1
  await expect(codes.find('code')).resolves.toBeUndefined()
})

test('a code that was redeemed says so', async () => {
  const { codes } = stores()
  await codes.upsert('code', {}, 60)
  await codes.consume('code')
  await expect(codes.find('code')).resolves.toEqual({ consumed: NOON / 1000 })
})

test('what belongs to a sign-in ends with it, and nothing else does', async () => {
  const { codes, tokens } = stores()
  await codes.upsert('code', { grantId: 'one' }, 60)
  await tokens.upsert('token', { grantId: 'one' }, 60)
  await tokens.upsert('other', { grantId: 'two' }, 60)
  await tokens.revokeByGrantId('one')
  await expect(codes.find('code')).resolves.toBeUndefined()
  await expect(tokens.find('token')).resolves.toBeUndefined()
  await expect(tokens.find('other')).resolves.toEqual({ grantId: 'two' })
})

test('a session is found by either of its names', async () => {
  const { sessions } = stores()
  await sessions.upsert('id', { uid: 'uid' }, 60)
  await expect(sessions.findByUid('uid')).resolves.toEqual({ uid: 'uid' })
  await expect(sessions.findByUid('id')).resolves.toBeUndefined()
})

test('ten thousand are kept, and the oldest leave first', async () => {
  const { codes } = stores()
  for (let index = 0; index <= 10_000; index += 1) await codes.upsert(String(index), {}, 60)
  await expect(codes.find('0')).resolves.toBeUndefined()
  await expect(codes.find('1')).resolves.toEqual({})
  await expect(codes.find('10000')).resolves.toEqual({})
})
