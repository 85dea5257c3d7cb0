import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeText, joinLines, readDelimiters, splitLines, standardDelimiters, unescapeText } from './er7.ts'

const read = (text: string) => unescapeText(text, standardDelimiters, 'utf-8')

test.each([
  ['MSH|^~\\&|GAP', standardDelimiters],
  ['MSH|^~\\&', standardDelimiters],
  ['MSH|^~\\&#|GAP', standardDelimiters],
  ['MSH$%*!+$GAP', { field: '$', component: '%', repetition: '*', escape: '!', subcomponent: '+' }],
  ['MSH|^~\\|GAP', undefined],
  ['MSH|^^\\&|GAP', undefined],
  ['MSHA^~\\&AGAP', undefined],
  ['EVN|^~\\&|GAP', undefined],
  ['', undefined],
])('%j declares %j', (text, expected) => expect(readDelimiters(text)).toEqual(expected))

test.each([
  ['a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f', 'a|b^c&d~e\\f'],
  ['one\\.br\\two', 'one\ntwo'],
  ['\\XC3A9\\', 'é'],
  ['\\X0D0A\\', '\r\n'],
  ['\\H\\loud\\N\\', 'loud'],
  ['\\XE9\\', '\\XE9\\'],
  ['\\X0\\', '\\X0\\'],
  ['\\.sp3\\', '\\.sp3\\'],
  ['C:\\dossier', 'C:\\dossier'],
  ['\\toString\\', '\\toString\\'],
  ['\\', '\\'],
])('%j reads as %j', (written, expected) => expect(read(written)).toBe(expected))

test('bytes written in hexadecimal are in the character set of the message', () =>
  expect(unescapeText('\\XE9\\', standardDelimiters, '8859/15')).toBe('é'))

test('any text comes back from its escaped form, which holds no delimiter and no control character', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('|^~\\&\n\r\v\x1Cab.éX0')) }), (text) => {
      const escaped = escapeText(text)
      expect(read(escaped)).toBe(text)
      expect(/[|^~&\n\r\v]/.test(escaped)).toBe(false)
    }),
  ))

test('cutting into lines and joining them changes nothing', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('\r', '\n', 'a') }), (text) => {
      expect(joinLines(splitLines(text))).toBe(text)
    }),
  ))
