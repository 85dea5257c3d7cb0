import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messagesOfDay } from './day.ts'
import { dayToPlay, messagesToPlay } from './play-list.ts'

const last = { seed: 1, day: '2026-11-23' }

test.each([
  ['a day that has not begun is played', '2026-11-23T03:59:59.000Z', '2026-11-23'],
  ['a day that begins now too', '2026-11-23T04:00:00.000Z', '2026-11-23'],
  ['of one that has, the next', '2026-11-23T04:00:00.001Z', '2026-11-24'],
  ['at the hospital the day is over before it is in UTC', '2026-11-23T23:30:00.000Z', '2026-11-24'],
])('%s', (_, now, day) => expect(dayToPlay({ seed: 1, now, last: undefined })).toEqual({ seed: 1, day }))

test('the day after the last one follows, however early it is', () =>
  expect(dayToPlay({ seed: 1, now: '2026-11-23T03:00:00.000Z', last })).toEqual({
    ...last,
    day: '2026-11-24',
    after: last,
  }))

test('another seed waits until everybody of the last one has left', () =>
  expect(dayToPlay({ seed: 2, now: '2026-11-23T22:00:00.000Z', last })).toEqual({
    seed: 2,
    day: '2026-11-26',
    after: last,
  }))

test('the day that follows is the one that would have been played anyway', () => {
  const following = messagesToPlay({ seed: 1, day: '2026-11-24', after: last })
  expect(following).toEqual(messagesOfDay(1, '2026-11-24'))
})

test('whoever was there when days are left out is discharged first, and nothing is sent twice', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999_999 }),
      fc.constantFrom('2026-11-25', '2026-11-26', '2027-03-01'),
      (seed, day) => {
        const list = messagesToPlay({ seed, day, after: { seed, day: '2026-11-23' } })
        const ids = list.map(({ controlId }) => controlId)
        expect(new Set(ids).size).toBe(ids.length)
        const begun = messagesOfDay(seed, '2026-11-23').filter(({ controlId }) => controlId.includes('-261123-'))
        const visits = new Set(begun.map(({ controlId }) => controlId.replace(/-\d+$/, '')))
        const ended = [...begun, ...list].filter(({ trigger }) => trigger === 'A03' || trigger === 'A11')
        for (const visit of visits) expect(ended.some(({ controlId }) => controlId.startsWith(`${visit}-`))).toBe(true)
      },
    ),
    { numRuns: 10 },
  ))
