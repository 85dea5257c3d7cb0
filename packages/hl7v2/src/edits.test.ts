import type { RepairEdit } from '@relais/contracts/messages'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pamBytes } from './fixtures.ts'
import { applyEdits, decodeMessage, field } from './message.ts'

const header = 'MSH|^~\\&|GAP|CH|||20261102||ADT^A01|7|D|2.5||||||8859/15'
const original = `${header}\r\nZBE|1|2|3||INSERT\nROL||UC|ODRP\rROL||UC|RT\r\r`
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const edited = (text: string, ...edits: RepairEdit[]) => {
  const bytes = applyEdits(latin1(text), edits)
  return bytes && Buffer.from(bytes).toString('latin1')
}

test.each<[string, RepairEdit[], string | undefined]>([
  ['a field is replaced', [{ op: 'set', path: 'ZBE-2', value: 'x^y' }], original.replace('1|2|3', '1|x^y|3')],
  ['a field is emptied', [{ op: 'set', path: 'ZBE-3', value: '' }], original.replace('|3||', '|||')],
  [
    'a field beyond the end is set',
    [{ op: 'set', path: 'ZBE-7', value: 'x' }],
    original.replace('INSERT', 'INSERT||x'),
  ],
  ['a field is removed', [{ op: 'removeField', path: 'ZBE-3' }], original.replace('|3||', '||')],
  ['the last field is removed', [{ op: 'removeField', path: 'ZBE-5' }], original.replace('|INSERT', '')],
  ['a field is inserted', [{ op: 'insertField', path: 'ZBE-2', value: 'x' }], original.replace('1|2', '1|x|2')],
  [
    'a field is inserted beyond the end',
    [{ op: 'insertField', path: 'ZBE-7', value: 'x' }],
    original.replace('INSERT', 'INSERT||x'),
  ],
  [
    'the second of two segments is edited',
    [{ op: 'set', path: 'ROL[2]-3', value: 'RP' }],
    original.replace('|RT', '|RP'),
  ],
  ['MSH is counted from its separator', [{ op: 'set', path: 'MSH-3', value: 'x' }], original.replace('GAP', 'x')],
  [
    'edits follow one another',
    [
      { op: 'removeField', path: 'ZBE-1' },
      { op: 'set', path: 'ZBE-1', value: 'x' },
    ],
    original.replace('ZBE|1|2', 'ZBE|x'),
  ],
  [
    'the value is written in the character set of the message',
    [{ op: 'set', path: 'ZBE-1', value: '€' }],
    original.replace('ZBE|1', 'ZBE|\u00A4'),
  ],
  ['no such segment', [{ op: 'set', path: 'PID-3', value: 'x' }], undefined],
  ['no such occurrence', [{ op: 'set', path: 'ROL[3]-3', value: 'x' }], undefined],
  ['no such field to remove', [{ op: 'removeField', path: 'ZBE-6' }], undefined],
  ['the separator cannot be edited', [{ op: 'set', path: 'MSH-1', value: '#' }], undefined],
  ['the delimiters cannot be edited', [{ op: 'removeField', path: 'MSH-2' }], undefined],
  ['there is no field 0', [{ op: 'set', path: 'ZBE-0', value: 'PID' }], undefined],
  ['a field too far beyond the end', [{ op: 'set', path: 'ZBE-201', value: 'x' }], undefined],
  ['a field no memory could hold', [{ op: 'set', path: 'ZBE-2000000000', value: 'x' }], undefined],
  ['a field no memory could hold, inserted', [{ op: 'insertField', path: 'ZBE-2000000000', value: 'x' }], undefined],
  ['an occurrence beyond any message', [{ op: 'set', path: `ROL[${'9'.repeat(400)}]-3`, value: 'x' }], undefined],
  [
    'the last field there may be is set',
    [{ op: 'set', path: 'ZBE-200', value: 'x' }],
    original.replace('INSERT', `INSERT${'|'.repeat(195)}x`),
  ],
  ['a value is one field', [{ op: 'set', path: 'ZBE-1', value: 'a|b' }], undefined],
  ['a value is on one line', [{ op: 'set', path: 'ZBE-1', value: 'a\rPID' }], undefined],
  ['a value that the character set lacks', [{ op: 'set', path: 'ZBE-1', value: '漢' }], undefined],
])('%s', (_, edits, expected) => expect(edited(original, ...edits)).toBe(expected))

test('bytes in another character set than announced are mended by announcing it, and by nothing else', () => {
  const bytes = pamBytes({ charset: '8859/15', familyName: 'TEST', givenName: 'ZOÉ' })
  const announced = applyEdits(bytes, [{ op: 'set', path: 'MSH-18', value: 'UNICODE UTF-8' }]) ?? bytes
  expect(decodeMessage(announced)).toMatchObject({ ok: false, problem: { code: 'encodingUnreadable' } })
  const mended = applyEdits(announced, [{ op: 'set', path: 'MSH-18', value: '8859/15' }])
  expect(mended).toEqual(bytes)
  const both = applyEdits(announced, [
    { op: 'set', path: 'MSH-18', value: '8859/15' },
    { op: 'set', path: 'PID-5', value: 'TEST^ÉLODIE' },
  ])
  const decoded = decodeMessage(both ?? bytes)
  expect(decoded.ok && field(decoded.message, 'PID-5.2')).toBe('ÉLODIE')
})

test('a message that a repair would make too large is not repaired', () => {
  const edits: RepairEdit[] = [{ op: 'set', path: 'ZBE-1', value: '22' }]
  expect(applyEdits(latin1(original), edits, { maxBytes: original.length + 1 })).toHaveLength(original.length + 1)
  expect(applyEdits(latin1(original), edits, { maxBytes: original.length })).toBeUndefined()
  const large = latin1(`${original}NTE|${'x'.repeat(1_048_576)}\r`)
  expect(applyEdits(large, edits)).toBeUndefined()
})

test('a message that cannot be parsed can be repaired, one without MSH cannot', () => {
  expect(edited(`${header}\rfree text\rZBE|1`, { op: 'set', path: 'ZBE-1', value: '2' })).toBe(
    `${header}\rfree text\rZBE|2`,
  )
  expect(edited('ZBE|1', { op: 'set', path: 'ZBE-1', value: '2' })).toBeUndefined()
})

test('inserting a field and removing it gives the same bytes again', () =>
  fc.assert(
    fc.property(fc.uint8Array(), fc.integer({ min: 3, max: 18 }), (tail, position) => {
      const bytes = Buffer.concat([latin1(header), Buffer.from('\r'), tail])
      const path = `MSH-${position}`
      const there = applyEdits(bytes, [{ op: 'insertField', path, value: 'x' }])
      const back = there && applyEdits(there, [{ op: 'removeField', path }])
      expect(back && Buffer.compare(back, bytes)).toBe(0)
    }),
  ))
