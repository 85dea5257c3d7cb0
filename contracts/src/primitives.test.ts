import { expect, test } from 'vitest'
import { Authority, OutsideIdentifier, Ward } from './primitives.ts'

const ward = { facility: '990000010', code: '4101', label: 'Médecine de l\u0092enfant' }

test('a ward is named in plain text, and what windows-1252 leaves is no reason to refuse it', () =>
  expect(Ward.parse(ward)).toEqual(ward))

test.each(['\u0000', '\n', '\u001F', '\u007F'])('no name holds the control character %j', (control) => {
  const text = `41${control}01`
  const names = [
    Authority.safeParse(text),
    OutsideIdentifier.safeParse({ authority: '1.2.250', number: text }),
    Ward.safeParse({ ...ward, code: text }),
    Ward.safeParse({ ...ward, label: text }),
    Ward.safeParse({ ...ward, facility: text }),
  ]
  expect(names.map(({ success }) => success)).toEqual([false, false, false, false, false])
})
