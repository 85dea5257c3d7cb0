import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pamBytes, pamMessage } from './fixtures.ts'
import { identifyingFields } from './message.ts'

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

test('who a message is about is read as it is written', () =>
  expect(identifyingFields(pamBytes({ insBody: '' }))).toEqual({
    'PID-3': '900001^^^CH-ESSAI&990000010&N^PI',
    'PID[2]-3': '',
    'MRG-1': '',
    'PID-18': '',
    'MRG-3': '',
    'MRG-5': '',
    'PV1-19': 'V900001^^^CH-ESSAI&990000010&N^VN',
  }))

test.each([
  ['a line of free text in it', `MSH|^~\\&|GAP\rfree text\nPID|1||42\rPV1${'|'.repeat(19)}V1\r`, '42', 'V1'],
  ['other delimiters', 'MSH#%*!+#GAP\rPID#1##4%2\rPV1###', '4%2', ''],
  ['no header', 'PID|1||42', '42', ''],
  ['bytes of another character set', 'MSH|^~\\&|||||||||||||||UNICODE UTF-8\rPID|1||4\xE9', '4\xE9', ''],
  ['two patients', 'MSH|^~\\&|\rPID|1||42\rPID|2||43', '42', ''],
  ['two patients, of whom one has no number', 'MSH|^~\\&|\rPID\rPID|2||43', '', ''],
  ['no patient', 'MSH|^~\\&|GAP', '', ''],
  ['nothing', '', '', ''],
])('a message with %s is read as far as it goes', (_, text, patient, visit) =>
  expect(identifyingFields(latin1(text))).toMatchObject({ 'PID-3': patient, 'PV1-19': visit }),
)

test('of two patients, and of one who is given up for another, both are read', () => {
  expect(identifyingFields(latin1('MSH|^~\\&|\rPID|1||42\rPID|2||43'))).toMatchObject({
    'PID-3': '42',
    'PID[2]-3': '43',
  })
  expect(identifyingFields(latin1('MSH|^~\\&|\rPID|1||42\rMRG|43~44'))).toMatchObject({
    'PID-3': '42',
    'MRG-1': '43~44',
  })
})

test('no bytes whatever make it throw', () =>
  fc.assert(
    fc.property(fc.uint8Array(), (tail) => {
      identifyingFields(tail)
      identifyingFields(Buffer.concat([Buffer.from(pamMessage()), tail]))
    }),
  ))
