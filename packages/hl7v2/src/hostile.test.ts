import { expect, test } from 'vitest'
import { pamMessage, withField } from './fixtures.ts'
import { readHeader } from './header.ts'
import { applyEdits, decodeMessage, maskedSegments } from './message.ts'

const megabyte = (unit: string) => unit.repeat(1_000_000 / unit.length)

// What costs the square of its length would not end before the test's time is over.
test.each([
  ['segments of one name', `${pamMessage()}${megabyte('ROL\r')}`, false],
  ['repetitions', withField(pamMessage(), 'PID-3', megabyte('~')), false],
  ['fields', withField(pamMessage(), 'ZBE-10', megabyte('|')), true],
  ['components', withField(pamMessage(), 'PID-5', megabyte('^')), true],
  ['escape characters', withField(pamMessage(), 'PID-5', megabyte('\\')), true],
  ['line ends', `${pamMessage()}${megabyte('\r')}NTE|1\r`, true],
  ['blanks before the header', `${megabyte('\r ')}${megabyte('\v')}${pamMessage()}`, true],
])('a megabyte of %s is looked at like any other', (_, text, ok) => {
  const bytes = new TextEncoder().encode(text)
  expect(decodeMessage(bytes)).toMatchObject(ok ? { ok } : { ok, problem: { code: 'structureUnreadable' } })
  expect(readHeader(bytes).controlId).toBe('A01-M900001')
  expect(maskedSegments(bytes, []).length).toBeGreaterThan(0)
  expect(applyEdits(bytes, [{ op: 'set', path: 'ZBE-2', value: '20261102' }], { maxBytes: 4_000_000 })).toBeDefined()
})

test.each([
  [995, true],
  [996, false],
])('beside its own segments a message may hold %d others: %s', (count, ok) =>
  expect(decodeMessage(new TextEncoder().encode(`${pamMessage()}${'ZZZ\r'.repeat(count)}`)).ok).toBe(ok),
)
