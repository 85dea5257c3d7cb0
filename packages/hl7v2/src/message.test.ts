import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pamBytes, pamMessage } from './fixtures.ts'
import { decodeMessage, field, type Message, rawField, repetitions, segments } from './message.ts'

function decoded(text: string | Uint8Array): Message {
  const result = decodeMessage(typeof text === 'string' ? new TextEncoder().encode(text) : text)
  if (!result.ok) throw new Error(result.problem.text)
  return result.message
}

const message = decoded(
  [
    'MSH|^~\\&|GAP|CH^990000010^N|||20261102||ADT^A01^ADT_A01|7|D|2.5||||||UNICODE UTF-8',
    'PID|1||900001^^^CH&990000010&N^PI~2410799000001^^^X&1.2&ISO^INS||TEST\\T\\ZOÉ^^""||',
    'ROL||UC|ODRP|1',
    'ROL||UC|SUBS|2~3',
  ].join('\r'),
)

test.each([
  ['MSH-1', '|'],
  ['MSH-2', '^~\\&'],
  ['MSH-3', 'GAP'],
  ['MSH-4.2', '990000010'],
  ['MSH-9', 'ADT'],
  ['MSH-9.3', 'ADT_A01'],
  ['PID-3', '900001'],
  ['PID-3.4.2', '990000010'],
  ['PID-3(2).4.2', '1.2'],
  ['PID-3(3).4.2', undefined],
  ['PID-5', 'TEST&ZOÉ'],
  ['PID-5.2', undefined],
  ['PID-5.3', '""'],
  ['PID-6', undefined],
  ['PID-99', undefined],
  ['ROL-4', '1'],
  ['ROL[2]-3', 'SUBS'],
  ['ROL[2]-4(2)', '3'],
  ['ROL[3]-3', undefined],
  ['ZBE-1', undefined],
])('%s is %j', (path, expected) => expect(field(message, path)).toBe(expected))

test('a field as written keeps its separators and escapes', () => {
  expect(rawField(message, 'PID-5')).toBe('TEST\\T\\ZOÉ^^""')
  expect(rawField(message, 'ZBE-1')).toBe('')
})

test('repetitions are counted', () => {
  expect(['PID-3', 'PID-6', 'PID-1', 'ROL[2]-4', 'ZBE-1'].map((path) => repetitions(message, path))).toEqual([
    2, 0, 1, 2, 0,
  ])
})

test.each(['PID', 'PID-', 'PID-3.', 'pid-3', 'PID-3()', ''])('%j is no path', (path) =>
  expect(() => field(message, path)).toThrow(RangeError),
)

test.each([
  ['CR', '\r'],
  ['LF', '\n'],
  ['CRLF', '\r\n'],
])('segments ended by %s are told apart', (_, end) => {
  const read = decoded(pamMessage().replaceAll('\r', end))
  expect(read.segments.map(({ name }) => name)).toEqual(['MSH', 'EVN', 'PID', 'PV1', 'ZBE'])
  expect(field(read, 'ZBE-9')).toBe('HMS')
})

test('delimiters are those that the message declares', () => {
  const read = decoded('MSH$%*!+$GAP%1$$$$$$ADT%A01\rPID$1$$9%%%CH+99!T!|^~\\&\r')
  expect([field(read, 'MSH-3.2'), field(read, 'PID-3.4.1'), field(read, 'PID-3.4.2')]).toEqual(['1', 'CH', '99+|^~\\&'])
})

test('a byte-order mark and blank lines before the message are passed over', () => {
  expect(field(decoded(`\uFEFF\r\n${pamMessage()}`), 'MSH-10')).toBe('A01-M900001')
})

test.each([
  ['8859/15', 'Zoé Œdipe'],
  ['8859/1', 'Zoé'],
  ['UNICODE UTF-8', 'Zoé 漢'],
])('a message in %s is read in it', (charset, givenName) => {
  const bytes = pamBytes({ charset, givenName, familyName: 'TEST' })
  expect(field(decoded(bytes), 'PID-5.2')).toBe(givenName)
})

test('a character set that is not plainly the announced one is flagged', () => {
  const bytes = new Uint8Array(Buffer.from(pamMessage({ charset: '' }), 'latin1'))
  expect(decoded(bytes).flags).toEqual([{ code: 'encodingUnexpected', path: 'MSH-18' }])
  expect(decoded(pamBytes()).flags).toEqual([])
})

test.each([
  ['nothing', '', 'MSH', 'structureUnreadable'],
  ['no header', 'PID|1\r', 'MSH', 'structureUnreadable'],
  ['too few delimiters', 'MSH|^~\\|GAP\r', 'MSH', 'structureUnreadable'],
  ['a line of free text after a word', 'MSH|^~\\&|GAP\rNTE|1|seen by\nLEA\nwho left\r', 'NTE', 'structureUnreadable'],
  ['a line of free text', 'MSH|^~\\&|GAP\rNTE|1|first\nsecond line\r', 'NTE', 'structureUnreadable'],
])('a message with %s is not read', (_, text, path, code) =>
  expect(decodeMessage(new TextEncoder().encode(text))).toMatchObject({ ok: false, problem: { path, code } }),
)

test('bytes that are not in the announced character set are not read, and nothing of them is told', () => {
  const bytes = new Uint8Array(Buffer.from(pamMessage({ givenName: 'ZOÉ' }), 'latin1'))
  expect(decodeMessage(bytes)).toEqual({
    ok: false,
    problem: {
      path: 'MSH-18',
      code: 'encodingUnreadable',
      text: 'the bytes are not in a character set that MSH-18 may name here',
      expected: { code: 'characterSet', values: [] },
    },
  })
})

test('what is parsed is written back as it was', () =>
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom(...Array.from('|^~\\&aé"')) }), { maxLength: 5 }),
      (contents) => {
        const text = ['MSH|^~\\&|GAP', ...contents.map((content) => `NTE|${content}`)].join('\r')
        const read = decoded(text)
        expect(read.segments.map(String).join('\r')).toBe(text)
        expect(segments(read, 'NTE')).toHaveLength(contents.length)
      },
    ),
  ))

test('no bytes whatever make reading throw', () =>
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      decodeMessage(bytes)
      decodeMessage(Buffer.concat([Buffer.from('MSH|^~\\&|'), bytes]))
    }),
  ))
