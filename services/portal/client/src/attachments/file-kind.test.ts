import { expect, test } from 'vitest'
import { fileKind } from './file-kind.ts'

test.each([
  ['application/pdf', 'pdf'],
  ['image/heic', 'image'],
  ['text/plain; charset=utf-8', 'text'],
  ['application/hl7-cda+xml', 'cda'],
  ['application/vnd.oasis.opendocument.text', 'word'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'word'],
  ['application/zip', 'other'],
])('%s is called %s', (mediaType, kind) => expect(fileKind(mediaType)).toBe(kind))
