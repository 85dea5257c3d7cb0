import { pamMessage, withField } from '@relais/hl7v2/fixtures'
import { expect, test } from 'vitest'
import { type FolderKind, refusedIdentity } from './folder-kind.ts'

const refused = (kind: FolderKind, processingId: string, text: string | Uint8Array) =>
  refusedIdentity(kind, { processingId }, typeof text === 'string' ? Buffer.from(text) : text)

const real = pamMessage({ insBody: '', processingId: 'P' })
const demo = pamMessage()

test.each(['D', 'T', '', 'X'])('a demonstration takes a message whose MSH-11 is %j', (processingId) => {
  expect(refused('demonstration', processingId, demo)).toBeUndefined()
})

test.each(['P', 'p', ' P '])('a demonstration refuses a message whose MSH-11 is %j', (processingId) => {
  expect(refused('demonstration', processingId, demo)).toBe('MSH-11')
})

test.each(['8', '9'])('a demonstration refuses an INS of the real range .%s, however it is written', (range) => {
  const text = pamMessage({ insOid: `1.2.250.1.213.1.4.${range}` })
  expect(refused('demonstration', 'D', text)).toBe('PID-3')
  expect(refused('demonstration', 'D', text.replaceAll('\r', ' '))).toBe('PID-3')
  expect(refused('demonstration', 'D', new Uint8Array(Buffer.from(text, 'utf16le')))).toBe('PID-3')
})

test('ranges that only begin like the real ones are something else', () => {
  expect(refused('demonstration', 'D', pamMessage({ insOid: '1.2.250.1.213.1.4.80' }))).toBeUndefined()
  expect(refused('production', 'P', pamMessage({ insOid: '1.2.250.1.213.1.4.100', processingId: 'P' }))).toBeUndefined()
})

test('production takes what is said to be production', () => {
  expect(refused('production', 'P', real)).toBeUndefined()
  expect(refused('production', 'P', pamMessage({ insOid: '1.2.250.1.213.1.4.8', processingId: 'P' }))).toBeUndefined()
})

test.each(['T', 'D', '', 'X'])('production refuses a message whose MSH-11 is %j', (processingId) => {
  expect(refused('production', processingId, real)).toBe('MSH-11')
})

test.each(['10', '11'])('production refuses an INS of the test range .%s', (range) => {
  expect(refused('production', 'P', pamMessage({ insOid: `1.2.250.1.213.1.4.${range}` }))).toBe('PID-3')
})

test('production refuses an identity said to be fictitious, wherever PID-32 says so', () => {
  for (const codes of ['FICT', 'VALI~FICT', 'FICT~PROV'])
    expect(refused('production', 'P', withField(real, 'PID-32', codes))).toBe('PID-3')
  expect(refused('production', 'P', withField(real, 'PID-5', 'FICTIF^JEAN'))).toBeUndefined()
})

test('what is no message at all is for the quarantine, in production too', () => {
  expect(refused('production', '', 'GET / HTTP/1.1')).toBeUndefined()
  expect(refused('production', '', '')).toBeUndefined()
})
