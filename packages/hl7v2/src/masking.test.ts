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
  expect(shown(pamBytes(), 'EVN')).toEqual(['', '20261102100000', '', '', '', '20261102100000'])
  const header = shown(pamBytes(), 'MSH') ?? []
  expect(header.slice(0, 3)).toEqual(['|', '^~\\&', '••••'])
  expect(header.slice(8, 12)).toEqual(['ADT^A01^ADT_A01', 'A01-M900001', 'D', '2.5^FRA^2.11'])
  expect(header.slice(16)).toEqual(['FRA', 'UNICODE UTF-8', 'FR', '', '2.11^IHE_FRANCE-2.11-PAM'])
})

const secrets = ['DUPONT', '19410709', '241079900000187', '2410799000001', '900001', '1 rue de la Fiction']
const codedFields = [
  ['MSH', [7, 9, 10, 11, 12, 15, 16, 17, 18, 19, 20, 21]],
  ['EVN', [1, 2, 3, 4, 6]],
  ['PID', [1]],
  ['NK1', [1]],
  ['PV1', [1, 2, 36, 51]],
  ['ROL', [2, 3]],
  ['ZBE', [2, 3, 4, 5, 6, 9]],
  ['ZFD', [3, 4, 5]],
  ['ZFM', [1, 2, 3, 4, 5]],
] as const

test.each(codedFields.flatMap(([name, fields]) => fields.map((field) => `${name}-${field}`)))(
  '%s shows nothing that belongs to another field',
  (path) => {
    // A control id may be any number.
    const foreign =
      path === 'MSH-10' ? secrets.filter((secret) => secret !== '900001' && secret !== '19410709') : secrets
    for (const secret of foreign) {
      const [name = ''] = path.split('-')
      const bare = name === 'MSH' ? pamMessage() : `${pamMessage().split('\r')[0]}\r${name}|\r`
      const fields = segment(text(withField(bare, path, secret)), name)?.fields ?? []
      expect(fields.find((field) => field.path === path)).toMatchObject({ value: '••••', masked: true })
    }
  },
)

test('a movement number is shown, an INS or a name in its place is not', () => {
  const at = (value: string) => shown(text(withField(pamMessage(), 'ZBE-1', value)), 'ZBE')?.[0]
  expect(at('4711^CHU-X^000897406')).toBe('4711^CHU-X^000897406')
  for (const value of ['2410799000001^CH', '241079900000187', 'DUPONT^JEAN', '900001^^^CH&1&N^PI'])
    expect(at(value)).toMatch(/^••••/)
})

test('a shifted field still shows what stands where', () => {
  const shifted = pamMessage().replace('||INSERT', '|20261102100000||INSERT')
  expect(shown(text(shifted), 'ZBE')?.slice(1, 6)).toEqual(['20261102100000', '20261102100000', '', 'INSERT', 'N'])
})

test.each([
  ['at once', '', ['', '••••']],
  ['after a separator', '|', ['', '20261102', '••••']],
  ['for other characters', '<CR>', ['', '••••']],
])('from where a line end was lost %s, nothing is shown', (_, between, own) => {
  const times = ['20261103', '20261103', '20261103', '20261103']
  const message = `MSH|^~\\&|GAP\rEVN||20261102${between}${['PID', ...times].join('|')}\r`
  expect(shown(text(message), 'EVN')).toEqual([...own, '••••', '••••', '••••', '••••'])
})

test('what could be a word is shown as no name of a segment', () => {
  const segments = maskedSegments(text('MSH|^~\\&|GAP\rNTE|1||seen by\rLEA\rZOE|1941\r'), [])
  expect(segments.map(({ name }) => name)).toEqual(['MSH', 'NTE', '???', '???'])
  expect(JSON.stringify(segments)).not.toMatch(/LEA|ZOE|seen/)
})

test('of the people around a patient only their roles are shown', () => {
  const message = `${pamMessage({ primaryPhysicianRpps: '10002909371' })}NK1|1|TEST^MARIE|SPO|||EMC\r`
  expect(shown(text(message), 'NK1')).toEqual(['••••', '••••^••••', '••••', '', '', '••••'])
  expect(shown(text(message), 'ROL')?.slice(0, 4)).toEqual(['', 'UC', 'ODRP', expect.stringMatching(/^••••\^/)])
})

test('of a huge message only so much is shown, and it says that there is more', () => {
  const wide = segment(text(`${pamMessage()}NTE${'|'.repeat(1_000_000)}\r`), 'NTE')?.fields ?? []
  expect(wide).toHaveLength(101)
  expect(wide.at(-1)).toEqual({ path: 'NTE-…', value: '…', masked: true })
  const long = maskedSegments(text(`${pamMessage()}${'NTE|1\r'.repeat(1000)}`), [])
  expect(long).toHaveLength(301)
  expect(long.at(-1)).toEqual({ name: '…', fields: [{ path: '…', value: '…', masked: true }] })
  const repeated = shown(text(withField(pamMessage(), 'PID-5', 'a^'.repeat(100_000))), 'PID')?.[4]
  expect(repeated).toBe(`${'••••^'.repeat(100)}…`)
})

test('exactly as much as is shown says nothing of more', () => {
  const wide = segment(text(`${pamMessage()}NTE${'|'.repeat(100)}\r`), 'NTE')?.fields ?? []
  expect(wide).toHaveLength(100)
  const long = maskedSegments(text(`${pamMessage()}${'NTE|1\r'.repeat(295)}`), [])
  expect(long.at(-1)?.name).toBe('NTE')
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
