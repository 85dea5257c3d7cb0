import { expect, test } from 'vitest'
import { pamBytes, pamMessage, withField } from './fixtures.ts'
import { maskedSegments } from './message.ts'

const text = (content: string) => new TextEncoder().encode(content)
const segment = (bytes: Uint8Array, name: string, problems: Parameters<typeof maskedSegments>[1] = []) =>
  maskedSegments(bytes, problems).find((one) => one.name === name)
const shown = (bytes: Uint8Array, name: string) => segment(bytes, name)?.fields.map(({ value }) => value)

test('nothing that tells who the patient is can be seen', () => {
  const bytes = pamBytes({ primaryPhysicianRpps: '10002909371', dischargeTime: '20261103' })
  const all = JSON.stringify(maskedSegments(bytes, []))
  for (const secret of ['900001~', 'V900001', 'ÉGLANTINE', 'ZOÉ', '1941', '24107', 'Fiction', 'MEDECIN', '10002909371'])
    expect(all).not.toContain(secret)
})

test('names, numbers and dates are masked and their separators stay', () => {
  const fields = segment(pamBytes(), 'PID')?.fields ?? []
  expect(fields[2]).toEqual({
    path: 'PID-3',
    value: '••••^^^••••&••••&••••^••••~••••^^^••••&••••&••••^••••',
    masked: true,
  })
  expect(fields[4]).toEqual({ path: 'PID-5', value: '••••^••••^••••^^^^••••', masked: true })
  expect(fields[6]).toEqual({ path: 'PID-7', value: '••••', masked: true })
  expect(fields[3]).toEqual({ path: 'PID-4', value: '', masked: false })
})

test('coded and technical fields can be seen', () => {
  expect(shown(pamBytes(), 'ZBE')).toEqual([
    'M900001^CH-ESSAI^990000010^N',
    '20261102100000',
    '',
    'INSERT',
    'N',
    '',
    '••••^^^^^••••&••••&••••^••••^^^••••',
    '••••^^^^^••••&••••&••••^••••^^^••••',
    'HMS',
  ])
  expect(shown(pamBytes(), 'MSH')?.slice(0, 3)).toEqual(['|', '^~\\&', 'GAP-ESSAI'])
  expect(shown(pamBytes(), 'MSH')?.slice(8, 12)).toEqual(['ADT^A01^ADT_A01', 'A01-M900001', 'D', '2.5^FRA^2.11'])
})

test('a code too long to be one is masked', () => {
  const bytes = text(withField(pamMessage(), 'ZBE-9', 'x'.repeat(61)))
  expect(segment(bytes, 'ZBE')?.fields.at(-1)).toEqual({ path: 'ZBE-9', value: '••••', masked: true })
})

test('problems stand at their fields, also beyond the end, and missing segments at the end', () => {
  const bytes = text('MSH|^~\\&|GAP\rROL||UC\rROL||UC\r')
  const problem = (path: string, code: 'fieldMissing' | 'segmentMissing' | 'fieldInvalid') => ({ path, code, text: '' })
  const segments = maskedSegments(bytes, [
    problem('ROL[2]-4(2).1', 'fieldInvalid'),
    problem('ROL-1', 'fieldMissing'),
    problem('ZBE', 'segmentMissing'),
  ])
  expect(segments.slice(1)).toEqual([
    {
      name: 'ROL',
      fields: [
        { path: 'ROL-1', value: '', masked: false, problem: 'fieldMissing' },
        { path: 'ROL-2', value: 'UC', masked: false },
      ],
    },
    {
      name: 'ROL',
      fields: [
        { path: 'ROL[2]-1', value: '', masked: false },
        { path: 'ROL[2]-2', value: 'UC', masked: false },
        { path: 'ROL[2]-3', value: '', masked: false },
        { path: 'ROL[2]-4', value: '', masked: false, problem: 'fieldInvalid' },
      ],
    },
    { name: 'ZBE', fields: [{ path: 'ZBE', value: '', masked: false, problem: 'segmentMissing' }] },
  ])
})

test('what is no segment is masked whole, its first word too', () =>
  expect(maskedSegments(text('DUPONT Jean|1941'), [])).toEqual([
    {
      name: '???',
      fields: [
        { path: '???-1', value: '••••', masked: true },
        { path: '???-2', value: '••••', masked: true },
      ],
    },
  ]))
