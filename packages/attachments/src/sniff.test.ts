import { mayBeCalled } from '@relais/contracts/attachable'
import { expect, test } from 'vitest'
import * as files from './files.fixture.ts'
import { HEAD_BYTES, sniff, textReader } from './sniff.ts'

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

test.each([
  ['a PDF', files.pdf, 'application/pdf'],
  ['a JPEG', files.jpeg, 'image/jpeg'],
  ['a PNG', files.png, 'image/png'],
  ['a photograph of a telephone', files.heic, 'image/heic'],
  ['a TIFF of a scanner', files.tiff, 'image/tiff'],
  ['a text', files.text, 'text/plain; charset=utf-8'],
  ['a CDA document', files.cda, 'application/hl7-cda+xml'],
  ['a Word document', files.docx, WORD],
  ['a Writer document', files.odt, 'application/vnd.oasis.opendocument.text'],
])('%s may be attached', async (_, file, mediaType) => {
  expect(await sniff(file.subarray(0, HEAD_BYTES))).toEqual({ accepted: true, mediaType })
})

test.each([
  ['a program', files.exe, 'application/x-msdownload'],
  ['a page', files.html, 'text/html'],
  ['a page after a byte order mark', Buffer.concat([Buffer.from('\uFEFF'), files.html]), 'text/html'],
  ['a page that begins as a PDF', files.polyglot, 'text/html'],
  ['a drawing with a script', files.svg, 'text/html'],
  ['another XML', files.otherXml, 'application/xml'],
  ['a Word document with macros', files.docm, 'application/vnd.ms-word.document.macroenabled.12'],
  ['an archive', files.plainZip, 'application/zip'],
  ['bytes of no known kind', Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]), 'unknown'],
  ['text that is not UTF-8', Buffer.from('caf\xe9 au lait', 'latin1'), 'unknown'],
  ['text with a NUL', Buffer.from('a\0b'), 'unknown'],
])('%s may not, and is called what it is', async (_, file, seen) => {
  expect(await sniff(file)).toEqual({ accepted: false, seen })
})

test('a character that is cut between two parts is read', () => {
  const { isText, isWhole } = textReader()
  const [one, other] = [files.text.subarray(0, 15), files.text.subarray(15)]
  expect([isText(one), isText(other), isWhole()]).toEqual([true, true, true])
  const cut = textReader()
  expect([cut.isText(Buffer.from('é').subarray(0, 1)), cut.isWhole()]).toEqual([true, false])
})

test.each([
  ['compte-rendu.pdf', 'application/pdf', true],
  ['SCAN.PDF', 'application/pdf', true],
  ['compte-rendu.pdf.exe', 'application/pdf', false],
  ['compte-rendu.exe', 'application/pdf', false],
  ['compte-rendu', 'application/pdf', false],
  ['photo.jpeg', 'image/jpeg', true],
  ['photo.png', 'image/jpeg', false],
  ['x.pdf', 'application/zip', false],
])('%s as %s: %s', (fileName, mediaType, may) => expect(mayBeCalled(fileName, mediaType)).toBe(may))
