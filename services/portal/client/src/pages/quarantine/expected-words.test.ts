import { Expected } from '@relais/contracts/messages'
import { expect, test } from 'vitest'
import { expectedWords } from './expected-words.ts'

const codes = Expected.shape.code.options

test('what is expected is said in French, with what it names; in English the platform says it itself', () => {
  const expected = { code: 'oneOf' as const, values: ['INSERT', 'UPDATE', 'CANCEL'] }
  expect(expectedWords.fr(expected)).toBe('Valeurs attendues : INSERT, UPDATE ou CANCEL.')
  expect(expectedWords.en(expected)).toBeUndefined()
  expect(expectedWords.fr({ code: 'timestamp', values: ['YYYYMMDDHHMM[SS]'] })).toBe(
    'Une date au format AAAAMMJJHHMM[SS] est attendue.',
  )
})

test('each is a sentence of its own', () => {
  const sentences = codes.map((code) => expectedWords.fr({ code, values: [] }))
  for (const sentence of sentences) expect(sentence).toMatch(/\.$/)
  expect(new Set(sentences).size).toBe(codes.length)
})

test('of an older message, and of what only a newer platform expects, nothing is said here', () => {
  expect(expectedWords.fr(undefined)).toBeUndefined()
  // As a newer platform would answer.
  const newer = JSON.parse('{"code":"moonPhase","values":[]}') as Parameters<typeof expectedWords.fr>[0]
  expect(expectedWords.fr(newer)).toBeUndefined()
})
