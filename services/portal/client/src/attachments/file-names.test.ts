import { expect, test } from 'vitest'
import { canBeNamed } from './file-names.ts'

test('an honest name is kept as it is', () => {
  expect(canBeNamed('Lettre de liaison – été.pdf')).toBe(true)
})

test.each([
  ['', 'nothing'],
  ['x'.repeat(121), 'too long'],
  ['../../etc/passwd', 'a path'],
  ['a\u202Efdp.exe', 'turned around'],
  ['a\u200Bb.pdf', 'something invisible'],
  ['a\nb.pdf', 'two lines'],
  ['<img src=x>.png', 'markup'],
])('%j is refused: %s', (name) => {
  expect(canBeNamed(name)).toBe(false)
})
