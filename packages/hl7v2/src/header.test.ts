import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pamBytes, pamMessage } from './fixtures.ts'
import { readHeader } from './header.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('a header is read as it was written', () =>
  expect(readHeader(pamBytes({ charset: '8859/15', givenName: 'ZOE', familyName: 'TEST' }))).toEqual({
    sendingApplication: 'GAP-ESSAI',
    sendingFacility: 'CH-ESSAI^990000010^N',
    receivingApplication: 'RELAIS',
    receivingFacility: 'RELAIS',
    sentAt: '20261102100000',
    trigger: 'ADT^A01^ADT_A01',
    messageType: 'ADT',
    event: 'A01',
    structure: 'ADT_A01',
    controlId: 'A01-M900001',
    processingId: 'D',
    version: '2.5^FRA^2.11',
    charset: '8859/15',
    readIn: '8859/15',
    delimiters: { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' },
  }))

test.each([
  ['garbage before it', `GET /\r\n  ${pamMessage()}`, 'A01-M900001'],
  ['a byte-order mark before it', `\uFEFF${pamMessage()}`, 'A01-M900001'],
  ['an unfinished segment', 'MSH|^~\\&|A|B|C|D|E||ADT^A01|17', '17'],
  ['delimiters that are none', 'MSH|^^|A|B|C|D|E||ADT^A01|17|P\rPID', '17'],
  ['other delimiters', 'MSH#%*!+#A#B#C#D#E##ADT%A01#17#P\rPID', '17'],
  ['nothing', '', ''],
  ['no MSH', 'PID|1|MSH|', ''],
])('with %s the control id is found where there is one', (_, text, controlId) =>
  expect(readHeader(bytes(text)).controlId).toBe(controlId),
)

test('control characters are left out of a header', () =>
  expect(readHeader(bytes('MSH|^~\\&|A|B|C|D|E||ADT^A\u000001\u007F|1\u00017|P'))).toMatchObject({
    trigger: 'ADT^A01',
    event: 'A01',
    controlId: '17',
  }))

test('an unreadable character set leaves the bytes to be given back', () => {
  const latin1 = Buffer.from('MSH|^~\\&|A|B|C|D|E||ADT^A01|n°7|P|2.5||||||UNICODE UTF-8', 'latin1')
  expect(readHeader(latin1)).toMatchObject({ controlId: 'n°7', charset: 'UNICODE UTF-8', readIn: '8859/1' })
})

test('no bytes whatever make reading the header throw', () =>
  fc.assert(fc.property(fc.uint8Array(), (tail) => void readHeader(Buffer.concat([Buffer.from('\rMSH'), tail])))))
