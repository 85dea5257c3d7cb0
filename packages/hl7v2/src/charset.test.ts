import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeText, encodeText } from './charset.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)
const utf8 = (text: string) => new TextEncoder().encode(text)

test.each([
  ['UNICODE UTF-8', utf8('Zoé €'), { text: 'Zoé €', charset: 'utf-8', unexpected: false }],
  ['UTF-8', utf8('Zoé'), { text: 'Zoé', charset: 'utf-8', unexpected: false }],
  ['UNICODE UTF-8', utf8('Zoe'), { text: 'Zoe', charset: 'utf-8', unexpected: false }],
  ['8859/1', bytes(0x5a, 0xe9, 0xa4), { text: 'Zé¤', charset: '8859/1', unexpected: false }],
  ['8859/15', bytes(0xa4, 0xbd, 0x5a, 0xe9), { text: '€œZé', charset: '8859/15', unexpected: false }],
  ['8859/1', bytes(0x80), { text: '\u0080', charset: '8859/1', unexpected: true }],
  ['8859/15', utf8('Zoé'), { text: 'ZoÃ©', charset: '8859/15', unexpected: true }],
  ['', utf8('Zoe'), { text: 'Zoe', charset: 'ascii', unexpected: false }],
  ['', utf8('Zoé'), { text: 'Zoé', charset: 'utf-8', unexpected: false }],
  ['', bytes(0x5a, 0xe9), { text: 'Zé', charset: '8859/15', unexpected: true }],
  ['ASCII', utf8('Zoe'), { text: 'Zoe', charset: 'ascii', unexpected: false }],
  ['ASCII', utf8('Zoé'), { text: 'Zoé', charset: 'utf-8', unexpected: true }],
  ['ASCII', bytes(0x5a, 0xe9), { text: 'Zé', charset: '8859/15', unexpected: true }],
  ['UNICODE UTF-16', utf8('Zoe'), { text: 'Zoe', charset: 'ascii', unexpected: true }],
  ['UNICODE UTF-16', bytes(0x5a, 0xe9), undefined],
  ['UNICODE UTF-8', bytes(0x5a, 0xe9), undefined],
  ['constructor', bytes(0xe9), undefined],
] as const)('declared %j: %j is read as %j', (declared, message, expected) =>
  expect(decodeText(message, declared)).toEqual(expected),
)

test.each([
  ['ascii', 'Zoe', bytes(0x5a, 0x6f, 0x65)],
  ['ascii', 'Zoé', undefined],
  ['8859/1', 'é¤', bytes(0xe9, 0xa4)],
  ['8859/1', 'œ', undefined],
  ['8859/15', 'é€œ', bytes(0xe9, 0xa4, 0xbd)],
  ['8859/15', '¤', undefined],
  ['8859/15', '’', undefined],
  ['8859/15', '😀', undefined],
  ['utf-8', 'é😀', utf8('é😀')],
  ['utf-8', '\uD800', undefined],
] as const)('in %s, %j is written as %j', (charset, text, expected) =>
  expect(encodeText(text, charset)).toEqual(expected),
)

test('what is read can be written back to the same bytes', () =>
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.constantFrom('', 'ASCII', '8859/1', '8859/15', 'UNICODE UTF-8'),
      (message, declared) => {
        const decoded = decodeText(message, declared)
        expect(decoded ? encodeText(decoded.text, decoded.charset) : message).toEqual(message)
      },
    ),
  ))
