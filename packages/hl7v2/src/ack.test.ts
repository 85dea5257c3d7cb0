import { expect, test } from 'vitest'
import { acknowledge, type AckInput, readAck } from './ack.ts'
import { pamBytes } from './fixtures.ts'
import { readHeader } from './header.ts'

const header = readHeader(pamBytes({ controlId: '4711' }))
const input: AckInput = {
  header,
  code: 'AA',
  problems: [],
  warnings: [],
  now: '2026-11-02T09:30:00.250Z',
  controlId: 'r-1',
}
const lines = (given: Partial<AckInput>) =>
  Buffer.from(acknowledge({ ...input, ...given }))
    .toString()
    .split('\r')

test('an acceptance goes back to who sent, about what was sent', () =>
  expect(lines({})).toEqual([
    'MSH|^~\\&|RELAIS|RELAIS|GAP-ESSAI|CH-ESSAI^990000010^N|20261102093000+0000||ACK^A01^ACK|r-1|D|2.5^FRA^2.11|||||FRA|UNICODE UTF-8|FR',
    'MSA|AA|4711',
    '',
  ]))

test('a refusal says where and why, a warning only warns', () =>
  expect(
    lines({
      code: 'AE',
      problems: [{ path: 'PID-3(2).4.2', code: 'fieldMissing', text: 'a | is expected' }],
      warnings: [{ code: 'wardUnknown', path: 'ZBE-7.10' }],
    }).slice(1),
  ).toEqual([
    'MSA|AE|4711',
    'ERR||PID^1^3^2^4^2|101^Required field missing^HL70357|E|fieldMissing^^L||PID-3(2).4.2|a \\F\\ is expected',
    'ERR||ZBE^1^7^1^10|204^Unknown key identifier^HL70357|W|wardUnknown^^L||ZBE-7.10|this ward is not configured',
    '',
  ]))

test.each([
  ['segmentMissing', 'ZBE', '100', 'ZBE^1'],
  ['structureUnreadable', 'MSH', '100', 'MSH^1'],
  ['fieldMissing', 'ZBE-4', '101', 'ZBE^1^4^1'],
  ['fieldForbidden', 'ZBE-3', '102', 'ZBE^1^3^1'],
  ['timestampInvalid', 'ZBE-2', '102', 'ZBE^1^2^1'],
  ['encodingUnreadable', 'MSH-18', '102', 'MSH^1^18^1'],
  ['fieldInvalid', 'ROL[2]-3', '103', 'ROL^2^3^1'],
  ['triggerMismatch', 'ZBE-4', '103', 'ZBE^1^4^1'],
  ['triggerNotSupported', 'MSH-9', '201', 'MSH^1^9^1'],
  ['triggerNotSupported', 'MSH-9.1', '200', 'MSH^1^9^1^1'],
  ['processingIdRefused', 'MSH-11', '202', 'MSH^1^11^1'],
  ['movementUnknown', 'ZBE-1', '204', 'ZBE^1^1^1'],
  ['movementIdReused', 'ZBE-1', '205', 'ZBE^1^1^1'],
  ['recordLocked', 'PV1-19', '206', 'PV1^1^19^1'],
  ['storageFull', 'MSH', '207', 'MSH^1'],
])('%s at %s is condition %s of HL7 table 0357', (code, path, condition, location) => {
  const error = lines({ code: 'AR', problems: [{ path, code, text: 'text' }] })[2]?.split('|')
  expect([error?.[2], error?.[3]?.split('^')[0]]).toEqual([location, condition])
})

test('a refusal that nothing explains is an internal error', () =>
  expect(lines({ code: 'AR' })[2]).toBe(
    'ERR||MSH^1|207^Application internal error^HL70357|E|notProcessed^^L||MSH|the message was not processed',
  ))

test('what was sent in another character set or with other delimiters is answered so', () => {
  const latin = readHeader(Buffer.from('MSH#%*!+#A#É#C#D#E##ADT%A01#n°7#P#2.5######8859/15\r', 'latin1'))
  const bytes = acknowledge({
    ...input,
    header: latin,
    problems: [{ path: 'MSH-4', code: 'fieldInvalid', text: '50%' }],
  })
  expect(Buffer.from(bytes).toString('latin1').split('\r')).toEqual([
    'MSH#%*!+#C#D#A#É#20261102093000+0000##ACK%A01%ACK#r-1#P#2.5#####FRA#8859/15#FR',
    'MSA#AA#n°7',
    'ERR##MSH%1%4%1#103%Table value not found%HL70357#E#fieldInvalid%%L##MSH-4#50!S!',
    '',
  ])
})

test('bytes that no character set explains are given back as they came', () => {
  const broken = readHeader(Buffer.from('MSH|^~\\&|A|B|C|D|E||ADT^A01|n\xB07|P|2.5||||||UNICODE UTF-8', 'latin1'))
  const answer = Buffer.from(acknowledge({ ...input, header: broken }))
  expect(answer.includes(Buffer.from('MSA|AA|n\xB07\r', 'latin1'))).toBe(true)
})

test('there is an answer to what has no header at all', () =>
  expect(lines({ header: readHeader(Buffer.from('hello')), code: 'AR' }).slice(0, 2)).toEqual([
    'MSH|^~\\&|||||20261102093000+0000||ACK|r-1|P|2.5^FRA^2.11|||||FRA||FR',
    'MSA|AR|',
  ]))

test('no control character of a received value reaches the answer, where it could end the frame', () => {
  const sly = readHeader(Buffer.from('MSH|^~\\&|A|B|C|D|E||ADT^A01|7\x1C'))
  expect(lines({ header: sly })[1]).toBe('MSA|AA|7')
})

test('a received value is given back up to a length far above what HL7 allows', () => {
  const long = 'x'.repeat(100_000)
  const verbose = readHeader(
    Buffer.from(`MSH|^~\\&|${long}|${long}|${long}|${long}|E||ADT^${long}|${long}|${long}|${long}||||||${long}\r`),
  )
  const [msh = '', msa = ''] = lines({ header: verbose })
  const cut = 'x'.repeat(180)
  expect(msh.split('|').slice(2, 6)).toEqual([cut, cut, cut, cut])
  expect(msh.split('|').slice(8)).toEqual([`ACK^${cut}^ACK`, 'r-1', cut, cut, '', '', '', '', 'FRA', cut, 'FR'])
  expect(msa).toBe(`MSA|AA|${'x'.repeat(199)}`)
})

test('an acknowledgment can be read back', () => {
  const bytes = acknowledge({
    ...input,
    code: 'AE',
    problems: [
      { path: 'ROL[2]-4(3).9.2', code: 'fieldInvalid', text: 'a & b' },
      { path: 'ZBE', code: 'segmentMissing', text: 'gone' },
    ],
    warnings: [{ code: 'insKeyWrong', path: 'PID-3(2).1' }],
  })
  expect(readAck(bytes)).toEqual({
    code: 'AE',
    controlId: '4711',
    errors: [
      { path: 'ROL[2]-4(3).9.2', condition: '103', severity: 'E', text: 'a & b' },
      { path: 'ZBE', condition: '100', severity: 'E', text: 'gone' },
      {
        path: 'PID-3(2).1',
        condition: '102',
        severity: 'W',
        text: 'the key of the INS is wrong; taken in without the INS',
      },
    ],
  })
  expect(readAck(pamBytes())).toBeUndefined()
  expect(readAck(Buffer.from('hello'))).toBeUndefined()
})
