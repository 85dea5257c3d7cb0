import { expect, test } from 'vitest'
import { accept, reject } from './decider.ts'

type BedTaken = { type: 'BedTaken'; stay: string }

test('accepting lists the facts in the order given', () => {
  const taken = ['s1', 's2'].map((stay): BedTaken => ({ type: 'BedTaken', stay }))
  expect(accept(...taken)).toEqual({ accepted: true, events: taken })
})

test('accepting nothing is what is already true', () => {
  expect(accept()).toEqual({ accepted: true, events: [] })
})

test('rejecting says why', () => {
  const rejection = { code: 'wardClosed', since: '2026-11-22T08:00:00.000Z' } as const
  expect(reject(rejection)).toEqual({ accepted: false, rejection })
})
