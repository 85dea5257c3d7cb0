import { Expected } from '@relais/contracts/messages'
import { expect, test } from 'vitest'
import { expectedWords } from './expected-words.ts'

const codes = Expected.shape.code.options

test('what is expected is said in French and in English, with what it names', () => {
  const expected = { code: 'oneOf' as const, values: ['INSERT', 'UPDATE', 'CANCEL'] }
  expect(expectedWords.fr(expected)).toBe('Valeurs attendues : INSERT, UPDATE ou CANCEL.')
  expect(expectedWords.en(expected)).toBe('Expected: INSERT, UPDATE or CANCEL.')
  expect(expectedWords.fr({ code: 'timestamp', values: ['YYYYMMDDHHMM[SS]'] })).toBe(
    'Une date au format AAAAMMJJHHMM[SS] est attendue.',
  )
})

test.each(codes)('%s is a sentence of its own in each language', (code) => {
  const [fr, en] = [expectedWords.fr({ code, values: [] }), expectedWords.en({ code, values: [] })]
  expect(fr).toMatch(/\.$/)
  expect(en).toMatch(/\.$/)
  expect(fr).not.toBe(en)
})

test('of an older message, and of what only a newer platform expects, nothing is said here', () => {
  expect(expectedWords.fr(undefined)).toBeUndefined()
  // As a newer platform would answer.
  const newer = JSON.parse('{"code":"moonPhase","values":[]}') as Parameters<typeof expectedWords.fr>[0]
  expect(expectedWords.fr(newer)).toBeUndefined()
})
